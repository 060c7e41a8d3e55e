package broker

import (
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
)

// dirOffline says that a log directory cannot be trusted any more.
type dirOffline struct {
	Path   string
	Reason string
}

var errOffline = errors.New("log directory is offline")

// reportDir tells the controller of a directory that failed, which tells all.
func (s *shard) reportDir(d *logDir, err error) {
	s.out.Send(controllerIndex, dirOffline{d.path, err.Error()})
}

// loseDir takes every replica of a directory offline.
func (s *shard) loseDir(d dirOffline) {
	s.offline[d.Path] = true
	for _, r := range s.sortedReplicas() {
		if r.dir.path == d.Path && r.gone == nil {
			r.failed = fmt.Errorf("%w: %s", errOffline, d.Reason)
			r.coordinate()
			r.part.Close(kerr.KafkaStorageError)
		}
	}
}

// loseDir passes the news on. Without any directory the node ends, as Kafka
// does: it can serve nothing.
func (c *controller) loseDir(d dirOffline) {
	if c.lost[d.Path] {
		return
	}
	c.lost[d.Path] = true
	c.out.Logf(env.Error, "log directory %s is offline: %s", d.Path, d.Reason)
	for i := range c.node.shards {
		c.out.Send(i+1, d)
	}
	if len(c.lost) == len(c.dirs) {
		c.stopped(fmt.Errorf("all log directories are offline: %s: %s", d.Path, d.Reason))
	}
}
