package group

import (
	"bytes"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// record is the group's GroupMetadata: its last complete generation.
func (g *classic) record() Record {
	v := kmsg.GroupMetadataValue{Version: classicVersion, ProtocolType: g.typ, Generation: g.generation,
		Protocol: g.protocol, CurrentStateTimestamp: g.since}
	if g.leader != "" {
		v.Leader = &g.leader
	}
	for _, id := range g.ids() {
		m := g.members[id]
		v.Members = append(v.Members, kmsg.GroupMetadataValueMember{
			MemberID: id, InstanceID: m.instance, ClientID: m.from.ClientID, ClientHost: m.from.Host,
			RebalanceTimeoutMillis: m.rebalance, SessionTimeoutMillis: m.session,
			Subscription: m.metadata(g.protocol), Assignment: m.assigned,
		})
	}
	return Record{classicKey(g.id), v.AppendTo(nil)}
}

// replayClassic takes a generation, or the end of a group. What a live coordinator
// writes of a group that it has is a picture of it, which changes nothing.
func (c *Coordinator) replayClassic(r Record) error {
	var k kmsg.GroupMetadataKey
	if err := k.ReadFrom(r.Key); err != nil {
		return err
	}
	old, same := c.groups[k.Group].(*classic)
	if r.Value == nil {
		if same {
			old.unloaded()
			delete(c.groups, k.Group)
		}
		return nil
	}
	if c.live && same {
		return nil
	}
	var v kmsg.GroupMetadataValue
	if err := v.ReadFrom(r.Value); err != nil {
		return err
	}
	c.groups[k.Group] = c.classicOf(k.Group, &v)
	return nil
}

// classicOf makes the group of a record: stable, or empty. Of a member's protocols
// only the chosen one is written.
func (c *Coordinator) classicOf(id string, v *kmsg.GroupMetadataValue) *classic {
	g := newClassic(c, id)
	g.generation, g.protocol, g.typ = v.Generation, v.Protocol, v.ProtocolType
	if v.Version >= 2 {
		g.since = v.CurrentStateTimestamp
	}
	if v.Leader != nil {
		g.leader = *v.Leader
	}
	for _, one := range v.Members {
		m := &member{id: one.MemberID, instance: one.InstanceID, from: Caller{one.ClientID, one.ClientHost},
			typ: v.ProtocolType, rebalance: one.RebalanceTimeoutMillis, session: one.SessionTimeoutMillis,
			assigned: bytes.Clone(one.Assignment)}
		if v.Version < 1 || m.rebalance == -1 {
			m.rebalance = m.session
		}
		if v.Protocol != nil {
			m.protocols = []kmsg.JoinGroupRequestProtocol{{Name: *v.Protocol, Metadata: bytes.Clone(one.Subscription)}}
		}
		g.add(m)
		g.phase = stable
	}
	g.subscribe()
	return g
}

func (g *classic) tombstones() []Record { return []Record{{Key: classicKey(g.id)}} }

// loaded begins the sessions of the members. A group that is larger than is
// allowed now rebalances, and loses the last ones that come.
func (g *classic) loaded() {
	for _, id := range g.ids() {
		g.heard(g.members[id])
	}
	if len(g.members) > g.c.config.MaxSize {
		g.rebalance()
	}
}

// unloaded ends all timers.
func (g *classic) unloaded() {
	for _, id := range g.ids() {
		g.c.timers.Cancel(sessionTimer{g.id, id})
	}
	for _, id := range slices.Sorted(maps.Keys(g.invited)) {
		g.c.timers.Cancel(sessionTimer{g.id, id})
	}
	g.c.timers.Cancel(joinTimer{g.id})
	g.c.timers.Cancel(syncTimer{g.id})
}

func (g *classic) topicsChanged() {}

// describe is the group's row of DescribeGroups: what members say and do is shown
// of a stable group only.
func (g *classic) describe() kmsg.DescribeGroupsResponseGroup {
	row := kmsg.NewDescribeGroupsResponseGroup()
	row.Group, row.State, row.ProtocolType = g.id, g.state(), g.typ
	if g.phase == stable && g.protocol != nil {
		row.Protocol = *g.protocol
	}
	for _, id := range g.ids() {
		m := g.members[id]
		one := kmsg.DescribeGroupsResponseGroupMember{MemberID: id, InstanceID: m.instance,
			ClientID: m.from.ClientID, ClientHost: m.from.Host, ProtocolMetadata: []byte{}, MemberAssignment: m.assigned}
		if g.phase == stable {
			one.ProtocolMetadata = m.metadata(g.protocol)
		}
		row.Members = append(row.Members, one)
	}
	return row
}
