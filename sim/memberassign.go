package sim

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// This file is what clients of the classic protocol do as the group's leader: they
// assign.

// assignor is the name of the protocol that a classic member speaks.
func (m *member) assignor() string {
	if m.k.Cooperative {
		return "cooperative-sticky"
	}
	return "range"
}

// subscription is what a member tells the leader: its topics; and what it has, if it
// keeps that while it joins, and since when.
func (m *member) subscription() []byte {
	meta := kmsg.NewConsumerMemberMetadata()
	meta.Topics = m.names
	if m.k.Cooperative {
		meta.Version, meta.Generation = 2, m.by.Generation
		for _, x := range m.owned {
			i := slices.IndexFunc(meta.OwnedPartitions, func(o kmsg.ConsumerMemberMetadataOwnedPartition) bool { return o.Topic == x.topic })
			if i < 0 {
				o := kmsg.NewConsumerMemberMetadataOwnedPartition()
				o.Topic, i = x.topic, len(meta.OwnedPartitions)
				meta.OwnedPartitions = append(meta.OwnedPartitions, o)
			}
			meta.OwnedPartitions[i].Partitions = append(meta.OwnedPartitions[i].Partitions, x.index)
		}
	}
	return meta.AppendTo(nil)
}

// claim is a partition that a member says it has.
type claim struct {
	member     string
	generation int32
}

// claims are who has what; of two that say so the later one has it.
func (g *group) claims(members []kmsg.JoinGroupResponseMember) map[target]claim {
	all := map[target]claim{}
	for _, x := range members {
		var meta kmsg.ConsumerMemberMetadata
		if err := meta.ReadFrom(x.ProtocolMetadata); err != nil {
			g.complain("%s: the metadata of %s came as something else: %v", g.name, x.MemberID, err)
		}
		for _, o := range meta.OwnedPartitions {
			for _, t := range g.find(o.Partitions, func(t target) bool { return t.topic == o.Topic }) {
				if c, there := all[t]; !there || meta.Generation > c.generation {
					all[t] = claim{x.MemberID, meta.Generation}
				}
			}
		}
	}
	return all
}

// assign gives each member a range of each topic; what another still has it gets
// only once that has given it up.
func (g *group) assign(members []kmsg.JoinGroupResponseMember) (all []kmsg.SyncGroupRequestGroupAssignment) {
	members = slices.SortedFunc(slices.Values(members), func(a, b kmsg.JoinGroupResponseMember) int {
		return strings.Compare(a.MemberID, b.MemberID)
	})
	claims, n := g.claims(members), len(members)
	for i, x := range members {
		a := kmsg.NewConsumerMemberAssignment()
		for _, name := range g.names {
			t := kmsg.NewConsumerMemberAssignmentTopic()
			t.Topic = name
			for _, p := range g.targets {
				from, to := i*int(g.partitions)/n, (i+1)*int(g.partitions)/n
				c, claimed := claims[p]
				if p.topic == name && int(p.index) >= from && int(p.index) < to && (!claimed || c.member == x.MemberID) {
					t.Partitions = append(t.Partitions, p.index)
				}
			}
			a.Topics = append(a.Topics, t)
		}
		y := kmsg.NewSyncGroupRequestGroupAssignment()
		y.MemberID, y.MemberAssignment = x.MemberID, a.AppendTo(nil)
		all = append(all, y)
	}
	return all
}
