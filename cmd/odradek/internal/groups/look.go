package groups

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
)

// Group is what there is to say of one group.
type Group struct {
	Name        string
	Kind        string // Consumer or Classic
	State       string
	Strategy    string // of assignment
	Epoch       int32  // of a consumer group; -1: it has none
	Target      int32  // the epoch of its target assignment
	Coordinator kadm.BrokerDetail
	Members     []Member
}

// Member is one of a group's members.
type Member struct {
	ID, Instance, Host, Client string
	Epoch                      int32 // -1: it has none
	Assigned, Target           kadm.TopicsSet
}

// Kinds of groups, as Kafka's tools name them.
const (
	Consumer = "Consumer"
	Classic  = "Classic"
)

// Describe looks at one group: first as one of the new protocol (KIP-848), which
// the answer to an older one says it is not.
func Describe(ctx context.Context, adm *kadm.Client, name string) (*Group, error) {
	modern, err := adm.DescribeConsumerGroups(ctx, name)
	if err == nil {
		err = modern[name].Err
	}
	if err == nil {
		g := modern[name]
		return ofModern(&g), nil
	}
	if !errors.Is(err, kerr.GroupIDNotFound) && !errors.Is(err, kerr.UnsupportedVersion) {
		return nil, fmt.Errorf("group %s: %w", name, err)
	}
	classic, err := adm.DescribeGroups(ctx, name)
	if err == nil {
		err = classic[name].Err
	}
	if err != nil {
		return nil, fmt.Errorf("group %s: %w", name, err)
	}
	g := classic[name]
	if g.State == "Dead" {
		return nil, fmt.Errorf("group %s: %w", name, kerr.GroupIDNotFound)
	}
	return ofClassic(&g), nil
}

func ofModern(d *kadm.DescribedConsumerGroup) *Group {
	g := &Group{Name: d.Group, Kind: Consumer, State: d.State, Strategy: d.AssignorName,
		Epoch: d.Epoch, Target: d.AssignmentEpoch, Coordinator: d.Coordinator}
	for _, m := range d.Members {
		g.Members = append(g.Members, Member{ID: m.MemberID, Instance: orNone(m.InstanceID), Host: m.ClientHost, Client: m.ClientID,
			Epoch: m.MemberEpoch, Assigned: m.Assignment, Target: m.TargetAssignment})
	}
	return g
}

func ofClassic(d *kadm.DescribedGroup) *Group {
	g := &Group{Name: d.Group, Kind: Classic, State: d.State, Strategy: d.Protocol, Epoch: -1, Target: -1, Coordinator: d.Coordinator}
	for _, m := range d.Members {
		x := Member{ID: m.MemberID, Instance: orNone(m.InstanceID), Host: m.ClientHost, Client: m.ClientID, Epoch: -1, Assigned: kadm.TopicsSet{}}
		if a, ok := m.Assigned.AsConsumer(); ok {
			for _, t := range a.Topics {
				x.Assigned.Add(t.Topic, t.Partitions...)
			}
		}
		g.Members = append(g.Members, x)
	}
	return g
}

func orNone(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// Position is a group's offset in one partition.
type Position struct {
	Topic     string
	Partition int32
	Committed int64 // -1: nothing is
	End       int64 // -1: it is not known
	Owner     *Member
}

// Lag is how many records are behind the committed offset; -1: it is not known.
func (p *Position) Lag() int64 {
	if p.Committed < 0 || p.End < 0 {
		return -1
	}
	return max(p.End-p.Committed, 0)
}

// Positions are the partitions that a group has committed, or owns, in order.
func Positions(ctx context.Context, adm *kadm.Client, g *Group) ([]Position, error) {
	committed, err := adm.FetchOffsets(ctx, g.Name)
	if err != nil {
		return nil, fmt.Errorf("offsets of group %s: %w", g.Name, err)
	}
	found := map[partition]*Position{}
	at := func(p partition) *Position {
		if found[p] == nil {
			found[p] = &Position{Topic: p.topic, Partition: p.index, Committed: -1, End: -1}
		}
		return found[p]
	}
	var failed error
	committed.Each(func(o kadm.OffsetResponse) {
		failed = cmp.Or(failed, o.Err)
		at(partition{o.Topic, o.Partition}).Committed = o.At
	})
	for i := range g.Members {
		g.Members[i].Assigned.Each(func(topic string, index int32) { at(partition{topic, index}).Owner = &g.Members[i] })
	}
	if failed != nil {
		return nil, fmt.Errorf("offsets of group %s: %w", g.Name, failed)
	}
	return ended(ctx, adm, found)
}

// partition is one of a topic's.
type partition struct {
	topic string
	index int32
}

func (p partition) compare(other partition) int {
	return cmp.Or(cmp.Compare(p.topic, other.topic), cmp.Compare(p.index, other.index))
}

// ended adds where the partitions end, and puts them in order.
func ended(ctx context.Context, adm *kadm.Client, found map[partition]*Position) (all []Position, err error) {
	var topics []string
	for p := range found {
		topics = append(topics, p.topic)
	}
	slices.Sort(topics)
	topics = slices.Compact(topics)
	ends := kadm.ListedOffsets{}
	if len(topics) > 0 {
		if ends, err = adm.ListEndOffsets(ctx, topics...); err != nil {
			return nil, fmt.Errorf("ends of the logs: %w", err)
		}
	}
	for p, x := range found {
		if end, ok := ends.Lookup(p.topic, p.index); ok && end.Err == nil {
			x.End = end.Offset
		}
		all = append(all, *x)
	}
	slices.SortFunc(all, func(a, b Position) int {
		return partition{a.Topic, a.Partition}.compare(partition{b.Topic, b.Partition})
	})
	return all, nil
}
