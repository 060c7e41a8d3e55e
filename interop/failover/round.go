package main

import (
	"context"
	"errors"
	"fmt"
	"syscall"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/interop/local"
)

const (
	topic = "failover"
	limit = 2 * time.Minute
	look  = 50 * time.Millisecond
	// steady is how many acknowledgements in a row are the ordinary state.
	steady = 200
	// warm is the age of the client that sees the failure: franz-go looks for new
	// leaders at most once in 5 s, its first look included.
	warm = 6 * time.Second
)

var signals = map[string]syscall.Signal{"kill": syscall.SIGKILL, "term": syscall.SIGTERM, "stop": syscall.SIGSTOP}

// hole is the failure that is no signal: see network.
const hole = "hole"

// series is failures of one kind, one after the other. Partition i is led by
// node i+1 whenever a round begins.
type series struct {
	o      *options
	net    *network // nil: loopback
	c      *local.Cluster
	client *kgo.Client
	admin  *kadm.Client
}

func newSeries(ctx context.Context, o *options, c *local.Cluster, net *network) (*series, error) {
	cl, err := kgo.NewClient(kgo.SeedBrokers(c.Seeds()...), kgo.MetadataMinAge(look), kgo.DialTimeout(time.Second))
	if err != nil {
		return nil, err
	}
	s := &series{o, net, c, cl, kadm.NewClient(cl)}
	req := kmsg.NewPtrCreateTopicsRequest()
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = topic, -1, -1
	for p := range int32(len(c.Nodes)) {
		a := kmsg.NewCreateTopicsRequestTopicReplicaAssignment()
		a.Partition = p
		for i := range int32(len(c.Nodes)) {
			a.Replicas = append(a.Replicas, (p+i)%int32(len(c.Nodes))+1)
		}
		t.ReplicaAssignment = append(t.ReplicaAssignment, a)
	}
	req.TimeoutMillis, req.Topics = 10_000, append(req.Topics, t)
	resp, err := req.RequestWith(ctx, cl)
	if err == nil {
		err = kerr.ErrorForCode(resp.Topics[0].ErrorCode)
	}
	if err != nil {
		return nil, fmt.Errorf("create the topic: %w", err)
	}
	return s, nil
}

func (s *series) close() { s.client.Close() }

// outage is what one failure cost.
type outage struct {
	gap   time.Duration // nothing was acknowledged
	moved time.Duration // until the metadata named another leader
}

// round hurts one node, and returns what that cost.
func (s *series) round(ctx context.Context, how string, controller bool) (o outage, err error) {
	if err := s.await(ctx, "the ordinary state", s.ordinary); err != nil {
		return o, err
	}
	victim, err := s.choose(ctx, controller)
	if err != nil {
		return o, err
	}
	p, err := startProbe(s.o, s.c.Seeds(), victim.ID-1)
	if err != nil {
		return o, err
	}
	defer p.close()
	if err := s.await(ctx, "acknowledgements", func(context.Context) bool { return p.since(time.Time{}) > steady && time.Since(p.began) > warm }); err != nil {
		return o, err
	}
	began := time.Now()
	if err := s.hurt(victim, how); err != nil {
		return o, err
	}
	var moved time.Time
	if err := s.await(ctx, "another leader", func(ctx context.Context) bool {
		if moved.IsZero() && s.movedFrom(ctx, victim) {
			moved = time.Now()
		}
		return !moved.IsZero() && p.since(moved) > steady
	}); err != nil {
		return o, err
	}
	if err := s.mend(ctx, victim, how); err != nil {
		return o, err
	}
	o.moved = moved.Sub(began)
	o.gap, err = p.gap(began)
	return o, err
}

func (s *series) hurt(victim *local.Node, how string) error {
	if how == hole {
		return s.net.hole(victim.ID)
	}
	return victim.Signal(signals[how])
}

func (s *series) mend(ctx context.Context, victim *local.Node, how string) error {
	switch how {
	case hole:
		return s.net.plug(victim.ID)
	case "stop":
		return victim.Signal(syscall.SIGCONT)
	}
	if err := victim.Gone(); err != nil {
		return err
	}
	if err := victim.Start(); err != nil {
		return err
	}
	return victim.AwaitUp(ctx)
}

// choose finds a node that decides, or one that does not.
func (s *series) choose(ctx context.Context, controller bool) (*local.Node, error) {
	req := kmsg.NewPtrDescribeQuorumRequest()
	t := kmsg.NewDescribeQuorumRequestTopic()
	t.Topic, t.Partitions = "__cluster_metadata", append(t.Partitions, kmsg.NewDescribeQuorumRequestTopicPartition())
	req.Topics = append(req.Topics, t)
	resp, err := req.RequestWith(ctx, s.client)
	if err != nil {
		return nil, err
	}
	if len(resp.Topics) == 0 || len(resp.Topics[0].Partitions) == 0 {
		return nil, fmt.Errorf("the quorum is not described: error code %d", resp.ErrorCode)
	}
	for _, n := range s.c.Nodes {
		if (int32(n.ID) == resp.Topics[0].Partitions[0].LeaderID) == controller {
			return n, nil
		}
	}
	return nil, errors.New("no node is the active controller")
}

// ordinary holds when all replicas are in the ISR and the preferred ones lead; it
// asks for their election.
func (s *series) ordinary(ctx context.Context) bool {
	all := s.partitions(ctx)
	well := len(all) > 0
	for _, p := range all {
		if len(p.ISR) < len(s.c.Nodes) {
			return false
		}
		well = well && p.Leader == p.Replicas[0]
	}
	if !well {
		_, _ = s.admin.ElectLeaders(ctx, kadm.ElectPreferredReplica, nil) // looked at again
	}
	return well
}

func (s *series) movedFrom(ctx context.Context, victim *local.Node) bool {
	all := s.partitions(ctx)
	return len(all) >= victim.ID && all[victim.ID-1].Leader > 0 && all[victim.ID-1].Leader != int32(victim.ID)
}

// partitions are those of the topic, or none when nobody says.
func (s *series) partitions(ctx context.Context) []kadm.PartitionDetail {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	found, err := s.admin.ListTopics(ctx, topic)
	if err != nil {
		return nil
	}
	return found[topic].Partitions.Sorted()
}

func (s *series) await(ctx context.Context, what string, holds func(context.Context) bool) error {
	for begun := time.Now(); ; {
		if holds(ctx) {
			return nil
		}
		if time.Since(begun) > limit {
			return fmt.Errorf("no %s within %v: %+v", what, limit, s.partitions(ctx))
		}
		select {
		case <-time.After(look):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}
