package broker

import (
	"fmt"
	"iter"
	"slices"
	"strings"

	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/wire"
)

const metadataLog = "__cluster_metadata-0"

// The controller is the owner of its quorum.

// Send passes a frame of the quorum to another node's controller.
func (c *controller) Send(to int32, frame []byte, _ *env.Outbox) {
	if l := c.linkTo(to); l != nil {
		l.tell(wire.AppendRequest(nil, 0, "odradek", &wire.RaftRequest{Frame: frame}))
	}
}

// Committed replays records, here and then in every shard.
func (c *controller) Committed(now env.Time, first int64, values [][]byte, epoch int32, _ *env.Outbox) {
	if first+int64(len(values)) <= c.image.Version()+1 {
		return // told once more, by a log that was opened again
	}
	records := make([]meta.Record, len(values))
	for i, v := range values {
		r, err := meta.Decode(v)
		if err != nil {
			c.stopped(fmt.Errorf("metadata record %d: %w", first+int64(i), err))
			return
		}
		records[i] = r
	}
	replay(c.image, first, records)
	if c.begun {
		c.broadcast(change{First: first, Records: records})
	}
	c.beginShards()
	c.feedPulls()
	c.life.look()
	if c.active != nil {
		c.active.committed(first+int64(len(records)), epoch)
	}
}

// Leading makes this node the active controller.
func (c *controller) Leading(now env.Time, epoch int32, out *env.Outbox) {
	out.Logf(env.Info, "this node is the active controller, epoch %d", epoch)
	c.leader = c.node.config.NodeID
	c.beginShards()
	c.active = newActive(c, epoch)
	c.active.begin()
	c.life.hurry()
}

// Following says that another node decides, or that nobody is known to.
func (c *controller) Following(_ env.Time, leader, epoch int32, out *env.Outbox) {
	out.Logf(env.Info, "the active controller is %d, epoch %d", leader, epoch)
	c.leader = leader
	c.beginShards()
	c.life.hurry()
	if a := c.active; a != nil {
		c.active = nil
		a.end()
	}
}

// LoadSnapshot replaces the image.
func (c *controller) LoadSnapshot(_ env.Time, end int64, _ int32, values iter.Seq[[]byte], _ *env.Outbox) {
	if end <= c.image.Version()+1 {
		return
	}
	var records []meta.Record
	for v := range values {
		r, err := meta.Decode(v)
		if err != nil {
			c.stopped(fmt.Errorf("metadata snapshot at %d: %w", end, err))
			return
		}
		records = append(records, r)
	}
	fresh := wholeImage(c.image.ClusterID, end, records)
	*c.image = *fresh
	if c.begun {
		c.broadcast(change{Whole: true, First: end - int64(len(records)), Records: records})
	}
}

// wholeImage is what the records of a snapshot add up to.
func wholeImage(clusterID string, end int64, records []meta.Record) *meta.Image {
	im := meta.NewImage()
	im.ClusterID = clusterID
	replay(im, end-int64(len(records)), records)
	return im
}

// Snapshot are the records of the image.
func (c *controller) Snapshot() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for r := range c.image.Records() {
			if !yield(meta.Encode(nil, r)) {
				return
			}
		}
	}
}

// Failed ends the node: without its metadata log it can do nothing right.
func (c *controller) Failed(_ env.Time, err error, _ *env.Outbox) {
	if !c.ending {
		c.stopped(err)
	}
}

// replay applies committed records; one that does not fit is a broken promise.
func replay(im *meta.Image, first int64, records []meta.Record) {
	for i, r := range records {
		if err := im.Replay(first+int64(i), r); err != nil {
			panic("broker: " + err.Error())
		}
	}
}

// linkTo is the connection to another node's controller; nil if it is no voter.
func (c *controller) linkTo(id int32) *link {
	if c.links[id] == nil && c.addressOf(id) != "" {
		c.links[id] = c.link(func() string { return c.addressOf(id) })
		c.links[id].broke = func() { c.lostController(id) }
	}
	return c.links[id]
}

// addressOf is where a voter is reached now, "" if it is none.
func (c *controller) addressOf(id int32) string {
	voters := c.electorate()
	at := slices.IndexFunc(voters, func(v voter) bool { return v.ID == id })
	if at < 0 {
		return ""
	}
	return address(voters[at])
}

// address is a voter's as it is dialed.
func address(v voter) string {
	if strings.Contains(v.Host, ":") {
		return fmt.Sprintf("[%s]:%d", v.Host, v.Port)
	}
	return fmt.Sprintf("%s:%d", v.Host, v.Port)
}

// lostController is called when the connection to another controller broke.
func (c *controller) lostController(id int32) {
	if id == c.leader && !c.ended {
		if c.quorum != nil {
			c.quorum.Suspect(c.now, id, c.out)
		}
		c.life.hurry()
	}
}
