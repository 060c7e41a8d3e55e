package broker

import (
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/wire"
)

// orphan is a voter that has heard of no leader for a while, or knows that it was
// removed: it asks one controller after the other whether it was.
type orphan struct {
	c      *controller
	since  time.Duration // when a leader was known last
	asked  time.Duration
	turn   int
	asking bool
}

const (
	orphanAfter = 5 * time.Second
	orphanPause = time.Second
)

// look is called with each tick.
func (o *orphan) look() {
	c := o.c
	removed := c.quorum != nil && c.quorum.Removed()
	if c.quorum == nil || c.leader != noNode && !removed {
		o.since = c.now.Mono
		return
	}
	if c.now.Mono-o.since < orphanAfter && !removed || c.now.Mono-o.asked < orphanPause || o.asking {
		return
	}
	var all []string
	for _, v := range c.electorate() {
		if v.ID != c.node.config.NodeID {
			all = append(all, address(v))
		}
	}
	if all = append(all, c.node.config.Bootstrap...); len(all) == 0 {
		return
	}
	o.ask(all[o.turn%len(all)])
}

func (o *orphan) ask(door string) {
	c := o.c
	o.asked, o.asking = c.now.Mono, true
	o.turn++
	l := c.link(func() string { return door })
	req := &wire.MetadataPullRequest{ClusterID: c.image.ClusterID, NodeID: c.node.config.NodeID, DirectoryID: c.home,
		FromOffset: c.quorum.HighWatermark(), MaxBytes: pullBytes}
	l.ask(req, orphanPause, func(resp kmsg.Response, err error) {
		o.asking = false
		l.cut()
		if err == nil && c.quorum != nil {
			o.take(resp.(*wire.MetadataPullResponse))
		}
	})
}

func (o *orphan) take(resp *wire.MetadataPullResponse) {
	if resp.ErrorCode != 0 || resp.LeaderID == noNode || resp.LeaderID == o.c.node.config.NodeID {
		return
	}
	q := o.c.quorum
	out, err := false, error(nil)
	if resp.Snapshot {
		out, err = q.OutvotedBySnapshot(resp.SnapshotEnd, resp.SnapshotEpoch, resp.Payload)
	} else {
		out, err = q.Outvoted(resp.Payload, resp.HighWatermark)
	}
	switch {
	case err != nil:
		o.c.out.Logf(env.Warn, "asking what was committed: %v", err)
	case out:
		o.c.out.Logf(env.Info, "this node was removed from the voters")
	}
}
