package group

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// consumerLeaves is a heartbeat that says goodbye: for good, or, of a static
// member, for a while. Then its place is kept until its session ends.
func (c *Coordinator) consumerLeaves(req *kmsg.ConsumerGroupHeartbeatRequest, resp *kmsg.ConsumerGroupHeartbeatResponse) *refusal {
	g, ok := c.groups[req.Group].(*consumerGroup)
	if !ok {
		return refuse(kerr.GroupIDNotFound, "there is no consumer group %q", req.Group)
	}
	m, err := g.named(req.MemberID, req.InstanceID)
	if err != nil {
		return err
	}
	resp.MemberID, resp.MemberEpoch = &m.id, req.MemberEpoch
	if req.MemberEpoch == epochPause {
		return g.pause(m)
	}
	return g.dismissAll([]string{m.id})
}

// named finds a member by its id, or by its instance, whose id it has to be.
func (g *consumerGroup) named(id string, instance *string) (*consumerMember, *refusal) {
	if instance != nil {
		m := g.staticMember(instance)
		return m, g.fencedStatic(m, id, *instance)
	}
	if m := g.members[id]; m != nil {
		return m, nil
	}
	return nil, refuse(kerr.UnknownMemberID, "%q is no member of group %q", id, g.id)
}

// pause keeps a static member's partitions for its next life. Whatever epoch that
// has, it may commit for them.
func (g *consumerGroup) pause(m *consumerMember) *refusal {
	has := m.has
	has.epoch, has.revoking, has.assigned = epochPause, nil, slices.Clone(has.assigned)
	for i := range has.assigned {
		has.assigned[i].since = 0
	}
	return g.writeAll([]Record{has.record(g.id, m.id)})
}

// tooLarge: the records of a change do not fit into a batch.
func tooLarge() *refusal {
	return &refusal{code: kerr.UnknownServerError}
}

// writeAll writes all the records, or none.
func (g *consumerGroup) writeAll(records []Record) *refusal {
	if !g.c.fits(records) {
		return tooLarge()
	}
	for _, r := range records {
		g.c.write(r)
	}
	return nil
}

// dismissAll takes members out: a new epoch. Those who are left being all classic,
// the group may become classic again.
func (g *consumerGroup) dismissAll(ids []string) *refusal {
	if len(ids) == 0 {
		return nil
	}
	if g.mayDowngrade(ids, 0) {
		return g.downgrade(ids)
	}
	var records []Record
	var left []*consumerMember
	for _, m := range g.all() {
		if slices.Contains(ids, m.id) {
			records = append(records, g.memberTombstones(m.id)...)
		} else {
			left = append(left, m)
		}
	}
	for _, regex := range sortedRegexes(g.regexes) {
		if users(left, regex) == 0 {
			records = append(records, Record{Key: consumerPartKey(keyRegex, g.id, regex)})
		}
	}
	next := consumerEpoch{g.now.epoch + 1, g.hash(left)}
	records = append(records, next.record(g.id))
	if len(left) == 0 {
		records = append(records, targetEpoch{epoch: next.epoch}.record(g.id))
	}
	if err := g.writeAll(records); err != nil {
		return err
	}
	for _, id := range ids {
		g.endTimers(id)
	}
	return nil
}
