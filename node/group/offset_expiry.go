package group

import (
	"bytes"
	"cmp"
	"maps"
	"slices"
)

// expiryTimer looks for offsets that are out of use, every
// offsets.retention.check.interval.ms.
type expiryTimer struct{}

// orphanTimer looks for offsets of topics that were deleted.
type orphanTimer struct{}

// full batches are followed by another one a moment later.
const nextBatch = 1_000_000 // nanoseconds

func (expiryTimer) fired(c *Coordinator) {
	again := c.config.OffsetsRetentionTick
	for _, id := range c.ids() {
		if !c.expire(id) {
			again = nextBatch
			break
		}
	}
	c.timers.Set(expiryTimer{}, c.now.Mono+again)
}

// expire buries a group's offsets that are out of use, and the group with the
// last of them, as far as the batch has room; false: there is more.
func (c *Coordinator) expire(id string) (all bool) {
	g := c.groups[id]
	for at, o := range c.offsets.all(id) {
		if !c.expired(g, at.topic, o) {
			continue
		}
		r := Record{Key: offsetKey(id, at)}
		if !c.fits([]Record{r}) {
			return false
		}
		c.write(r)
	}
	if len(c.offsets.of[id]) == 0 && g.removable() {
		return c.bury(id)
	}
	return true
}

// expired tells whether an offset has outlived its use by the retention, or the
// time that its commit gave it. What a member reads is in use.
func (c *Coordinator) expired(g group, topic string, o offset) bool {
	since, useless := g.expiry(o)
	if !useless || g.subscribed(topic) {
		return false
	}
	if o.expires != noExpiry {
		return c.now.Wall >= o.expires
	}
	return c.now.Wall-since >= c.config.OffsetsRetention.Milliseconds()
}

// fired buries the offsets of topics that are gone. When a coordinator has loaded
// its image of the metadata is younger than every commit of its predecessor, which
// led when it took them: a topic that is not in it was deleted.
func (orphanTimer) fired(c *Coordinator) {
	gone := c.goneTopics()
	if len(gone) == 0 {
		return
	}
	for _, id := range c.ids() {
		for at, o := range c.offsets.all(id) {
			if !gone[topicID{at.topic, o.topicID}] {
				continue
			}
			r := Record{Key: offsetKey(id, at)}
			if !c.fits([]Record{r}) {
				c.timers.Set(orphanTimer{}, c.now.Mono+nextBatch)
				return
			}
			c.write(r)
		}
	}
}

// goneTopics are the topics of offsets that do not exist, be there another one of
// the name. An offset without the topic's id came from a Kafka before 4.1.
func (c *Coordinator) goneTopics() map[topicID]bool {
	gone := map[topicID]bool{}
	for _, t := range slices.SortedFunc(maps.Keys(c.offsets.topics), topicID.compare) {
		id, there := c.topics.ID(t.name)
		if !there || !t.id.IsZero() && t.id != id {
			gone[t] = true
		}
	}
	return gone
}

func (t topicID) compare(o topicID) int {
	return cmp.Or(cmp.Compare(t.name, o.name), bytes.Compare(t.id[:], o.id[:]))
}
