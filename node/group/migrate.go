package group

import (
	"errors"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/group/assign"
)

// A group of consumers moves from the classic protocol to the new one and back
// without a stop, member by member:
//
//	classic group --a new member joins--> consumer group --the last one leaves--> classic group
//	                                      (classic members in it are served in their protocol)
//
// group.consumer.migration.policy tells which way is open.

func (c *Coordinator) mayUpgrade() bool {
	return c.policy("upgrade") || c.policy("bidirectional")
}

func (c *Coordinator) mayDowngrade() bool {
	return c.policy("downgrade") || c.policy("bidirectional")
}

func (c *Coordinator) policy(is string) bool { return strings.EqualFold(c.config.MigrationPolicy, is) }

// readSubscription reads what a consumer says under a classic protocol. Later
// versions begin as those that are known.
func readSubscription(metadata []byte) (v kmsg.ConsumerMemberMetadata, err error) {
	if len(metadata) < 2 {
		return v, errors.New("no version of a subscription")
	}
	v = kmsg.NewConsumerMemberMetadata()
	return v, v.ReadFrom(metadata)
}

// ownedBefore are the partitions that a subscription says the member owns; not nil.
func (c *Coordinator) ownedBefore(v *kmsg.ConsumerMemberMetadata) []spot {
	owned := []spot{}
	for _, t := range v.OwnedPartitions {
		if id, ok := c.topics.ID(t.Topic); ok {
			for _, p := range t.Partitions {
				owned = append(owned, spot{id, p})
			}
		}
	}
	return owned
}

// readAssignment reads what a leader assigned to a consumer. Topics that are gone
// are left out. What an assignor of the clients' own adds would be lost.
func (c *Coordinator) readAssignment(assigned []byte) (all []spot, err error) {
	if len(assigned) == 0 {
		return nil, nil
	}
	var v kmsg.ConsumerMemberAssignment
	if err := v.ReadFrom(assigned); err != nil {
		return nil, err
	}
	if len(v.UserData) > 0 {
		return nil, errors.New("an assignor of the clients' own is in use, whose data would be lost")
	}
	for _, t := range v.Topics {
		if id, ok := c.topics.ID(t.Topic); ok {
			for _, p := range t.Partitions {
				all = append(all, spot{id, p})
			}
		}
	}
	return all, nil
}

// assignmentFor writes an assignment for a consumer of the classic protocol, in the
// version of its subscription.
func (c *Coordinator) assignmentFor(protocols []kmsg.JoinGroupRequestProtocol, a assign.Assignment) []byte {
	v := kmsg.ConsumerMemberAssignment{}
	if len(protocols) > 0 && len(protocols[0].Metadata) >= 2 {
		v.Version = int16(protocols[0].Metadata[0])<<8 | int16(protocols[0].Metadata[1])
	}
	for _, t := range a {
		if name, ok := c.topics.Name(t.ID); ok {
			v.Topics = append(v.Topics, kmsg.ConsumerMemberAssignmentTopic{Topic: name, Partitions: t.Partitions})
		}
	}
	slices.SortFunc(v.Topics, func(a, b kmsg.ConsumerMemberAssignmentTopic) int { return strings.Compare(a.Topic, b.Topic) })
	return v.AppendTo(nil)
}
