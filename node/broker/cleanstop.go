package broker

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/storage"
)

// A log directory that was closed in order has Kafka's marker. Without it, what a
// relaxed flush acknowledged may be gone with the page cache, and nobody could
// tell: such a directory is called lossy when the broker registers, and its
// replicas leave ISR and ELR. Where all is synced before it is acknowledged (the
// default) nothing depends on the marker.
const cleanStopFile = ".kafka_cleanshutdown"

// lossyTag is where a registration lists lossy directories, 16 bytes each: a
// tagged field of our own, which others skip.
const lossyTag = 20000

// takeMark tells whether a directory was closed in order, and removes the marker.
func takeMark(t *env.Task, dir string) (clean bool, err error) {
	file := path.Join(dir, cleanStopFile)
	if _, err := storage.ReadFile(t, file); err != nil {
		if errors.Is(err, env.ErrNotExist) {
			return false, nil
		}
		return false, err
	}
	for _, d := range []env.Disk{{Kind: env.Remove, Path: file}, {Kind: env.SyncDir, Path: dir}} {
		if done := t.Do(d); done.Err != nil {
			return false, fmt.Errorf("%v %s: %w", d.Kind, d.Path, done.Err)
		}
	}
	return true, nil
}

// markStop leaves the marker in all directories that are online.
func (c *controller) markStop(t *env.Task) error {
	var all error
	for _, d := range c.dirs {
		if c.lost[d.path] {
			continue
		}
		text := fmt.Appendf(nil, `{"version":0,"brokerEpoch":%d}`, c.life.epoch)
		all = errors.Join(all, storage.ReplaceFile(t, path.Join(d.path, cleanStopFile), text))
	}
	return all
}

// lossy are the directories that cannot show what was acknowledged.
func (c *controller) lossy() (ids []env.UUID) {
	if !c.relaxed() {
		return nil
	}
	for _, d := range c.dirs {
		if !slices.Contains(c.clean, d.path) {
			ids = append(ids, d.id)
		}
	}
	return ids
}

// relaxed tells whether a topic with a replica here is acknowledged before it is
// synced.
func (c *controller) relaxed() bool {
	here := c.effective()
	for t := range c.image.Topics() {
		rules := here.Topic(c.image.Configs(meta.ResourceTopic, t.Name).Map())
		if rules.FlushMessages <= 1 {
			continue
		}
		for i := range t.Partitions {
			if slices.Contains(t.Partitions[i].Replicas, c.node.config.NodeID) {
				return true
			}
		}
	}
	return false
}

func tagLossy(req *kmsg.BrokerRegistrationRequest, ids []env.UUID) {
	var list []byte
	for _, id := range ids {
		list = append(list, id[:]...)
	}
	if len(list) > 0 {
		req.UnknownTags.Set(lossyTag, list)
	}
}

func lossyIn(req *kmsg.BrokerRegistrationRequest) (ids []env.UUID) {
	req.UnknownTags.Each(func(key uint32, value []byte) {
		for ; key == lossyTag && len(value) >= 16; value = value[16:] {
			ids = append(ids, env.UUID(value[:16]))
		}
	})
	return ids
}

// effective is the node's configuration under the dynamic ones.
func (c *controller) effective() *config.Broker {
	own := c.image.Configs(meta.ResourceBroker, strconv.Itoa(int(c.node.config.NodeID)))
	return c.node.config.With(c.image.Configs(meta.ResourceBroker, "").Map(), own.Map())
}
