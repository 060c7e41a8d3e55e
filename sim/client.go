package sim

import (
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// client is one program that uses the cluster. It has a connection to each node,
// and asks, over one more, which of them lead what:
//
//	        leader?  known: ask it -> NOT_LEADER ..., lost: stale
//	target ------+                                             |
//	             `-- not known: wait <-- Metadata, of any node <'
//
// Of two answers the one with the larger leader epoch counts. With one node there
// is nothing to ask.
type client struct {
	*workload
	name     string
	channels []*channel // by node
	asking   *channel   // for metadata; nil: none is asked for now
	leads    map[target]lead
	asked    time.Duration // when, last
}

// lead is who leads a partition, as a client knows it.
type lead struct {
	node  int // -1: nobody
	epoch int32
	stale bool
}

// Bounds of a client's knowledge of leaders.
const (
	metadataPause = 10 * time.Millisecond // between two requests
	metadataAge   = time.Second           // it is looked at again after so long
	metadataWait  = 500 * time.Millisecond
)

func (l *workload) client(name string) *client {
	c := &client{workload: l, name: name, leads: map[target]lead{}, asked: -metadataAge}
	for _, n := range l.nodes {
		c.channels = append(c.channels, newChannel(l.w, n, name))
	}
	return c
}

// patience sets how long the client waits for answers.
func (c *client) patience(timeout time.Duration) {
	for _, x := range c.channels {
		x.timeout = timeout
	}
}

// anyone draws a node.
func (l *workload) anyone() int {
	if len(l.nodes) == 1 {
		return 0
	}
	return l.w.Rand.IntN(len(l.nodes))
}

// send asks a node; done is called once. noReply is for acks=0.
func (c *client) send(node int, req kmsg.Request, noReply bool, done func(kmsg.Response, error)) {
	c.channels[node].send(req, noReply, done)
}

// leader is the node that leads a partition, and the leader epoch, as far as the
// client knows; false: it is being asked for.
func (c *client) leader(t target) (node int, epoch int32, ok bool) {
	if len(c.nodes) == 1 {
		return 0, -1, true
	}
	x, known := c.leads[t]
	if !known || x.stale || x.node < 0 || c.w.now-c.asked > metadataAge {
		c.refresh()
	}
	return x.node, x.epoch, known && x.node >= 0 && !x.stale
}

// doubt says that a leader gave no answer, or not that of a leader.
func (c *client) doubt(t target) {
	if x, known := c.leads[t]; known {
		x.stale = true
		c.leads[t] = x
	}
}

// refresh asks a node, whichever, for the leaders of all that the run uses.
func (c *client) refresh() {
	if c.asking != nil || c.w.now < c.asked+metadataPause {
		return
	}
	c.asked = c.w.now
	c.asking = newChannel(c.w, c.nodes[c.anyone()], c.name)
	c.asking.timeout = metadataWait
	req := kmsg.NewPtrMetadataRequest()
	req.Version, req.AllowAutoTopicCreation = c.version(req, 10), false
	for _, t := range c.names {
		x := kmsg.NewMetadataRequestTopic()
		x.Topic = &t
		req.Topics = append(req.Topics, x)
	}
	c.asking.send(req, false, func(resp kmsg.Response, err error) {
		c.asking.close()
		c.asking = nil
		if got, ok := resp.(*kmsg.MetadataResponse); ok && err == nil {
			c.learn(got)
		}
	})
}

func (c *client) learn(resp *kmsg.MetadataResponse) {
	for i := range resp.Topics {
		t := &resp.Topics[i]
		if t.ErrorCode != 0 || t.Topic == nil {
			continue
		}
		for _, p := range t.Partitions {
			key := target{*t.Topic, t.TopicID, p.Partition}
			if old, known := c.leads[key]; !known || p.LeaderEpoch >= old.epoch {
				c.leads[key] = lead{node: nodeIndex(p.Leader, p.ErrorCode), epoch: p.LeaderEpoch}
			}
		}
	}
}

// nodeIndex turns a node id into a node's place in the world.
func nodeIndex(id int32, code int16) int {
	if code != 0 || id < 1 {
		return -1
	}
	return int(id) - 1
}
