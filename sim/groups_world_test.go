package sim_test

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker/oracle"
	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/wire"
	"odradek/sim"
	"odradek/sim/production"
)

// groupsWorld is a cluster with a topic "t" of eight partitions, and a client that
// asks until it is answered.
type groupsWorld struct {
	t     *testing.T
	w     *sim.World
	conns map[int]oracle.Conn
	last  int32
}

func newGroupsWorld(t *testing.T, nodes int, settings ...config.Setting) *groupsWorld {
	g := &groupsWorld{t: t, w: sim.NewWorld(5), conns: map[int]oracle.Conn{}}
	k := sim.Knobs{Nodes: nodes, Cluster: sim.Cluster{Shards: []int{2, 1, 3}, Replicas: int16(nodes), MinISR: 1, Session: 2 * time.Second,
		Lag: 30 * time.Second, Wait: 50 * time.Millisecond, Backoff: 50 * time.Millisecond}}
	for range nodes {
		g.w.AddNode(func(b sim.Boot) []env.Machine {
			given := append(k.Settings(b.Node), config.Setting{Key: "group.initial.rebalance.delay.ms", Value: "0"},
				config.Setting{Key: "offsets.topic.num.partitions", Value: "5"})
			return production.With(given, settings, b)
		}, "/data", "/more")
	}
	t.Cleanup(g.w.End)
	g.createTopic(int16(nodes))
	return g
}

// ask sends a request to a node; nil: it is down, or was while it answered.
func (g *groupsWorld) ask(node int, req kmsg.Request) kmsg.Response {
	g.t.Helper()
	if g.w.Crash() != nil {
		g.t.Fatal(g.w.Crash())
	}
	if g.conns[node] == nil {
		if !g.w.Nodes()[node].Up() {
			return nil
		}
		c, err := sim.OracleTransport{World: g.w, Node: g.w.Nodes()[node]}.Dial()
		if err != nil {
			g.t.Fatal(err)
		}
		g.conns[node] = c
	}
	g.last++
	frame, closed, err := g.conns[node].RoundTrip(wire.AppendRequest(nil, g.last, "test", req)[4:], true)
	if err != nil {
		g.t.Fatalf("%T: %v", req, err)
	}
	if closed || frame == nil {
		delete(g.conns, node)
		return nil
	}
	resp, _, err := wire.ParseResponse(frame, req)
	if err != nil {
		g.t.Fatal(err)
	}
	return resp
}

func (g *groupsWorld) pass(d time.Duration) {
	g.w.Run(g.w.Now()+d, 1_000_000, func() bool { return false })
}

// until tries again and again, at most a minute.
func (g *groupsWorld) until(what string, try func() bool) {
	g.t.Helper()
	within(g.t, g.w, time.Minute, 100*time.Millisecond, what, try)
}

func (g *groupsWorld) createTopic(replicas int16) {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Version, req.TimeoutMillis = 7, 10_000
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = "t", 8, replicas
	req.Topics = append(req.Topics, t)
	g.until("topic t", func() bool {
		resp, ok := g.ask(0, req).(*kmsg.CreateTopicsResponse)
		return ok && resp.Topics[0].ErrorCode == 0
	})
}

// coordinator is the place of the node that coordinates a group, as any node that
// is up tells.
func (g *groupsWorld) coordinator(group string) (node int) {
	g.t.Helper()
	req := kmsg.NewPtrFindCoordinatorRequest()
	req.Version, req.CoordinatorKeys = 4, []string{group}
	g.until("coordinator of "+group, func() bool {
		for i := range g.w.Nodes() {
			resp, ok := g.ask(i, req).(*kmsg.FindCoordinatorResponse)
			if ok && resp.Coordinators[0].ErrorCode == 0 {
				node = int(resp.Coordinators[0].NodeID) - 1
				return true
			}
		}
		return false
	})
	return node
}

func commitOf(group string, offset int64, metadata string) *kmsg.OffsetCommitRequest {
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Version, req.Group, req.Generation = 8, group, -1
	t := kmsg.NewOffsetCommitRequestTopic()
	t.Topic = "t"
	p := kmsg.NewOffsetCommitRequestTopicPartition()
	p.Offset, p.Metadata = offset, &metadata
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	return req
}

// commit commits an offset of t-0, without a member.
func (g *groupsWorld) commit(group string, offset int64, metadata string) {
	g.t.Helper()
	req := commitOf(group, offset, metadata)
	g.until("commit", func() bool {
		resp, ok := g.ask(g.coordinator(group), req).(*kmsg.OffsetCommitResponse)
		return ok && resp.Topics[0].Partitions[0].ErrorCode == 0
	})
}

func fetchOf(groups ...string) *kmsg.OffsetFetchRequest {
	req := kmsg.NewPtrOffsetFetchRequest()
	req.Version = 8
	for _, id := range groups {
		x := kmsg.NewOffsetFetchRequestGroup()
		x.Group = id
		req.Groups = append(req.Groups, x)
	}
	return req
}

// committed asks the coordinator for what is committed of t-0; -1: nothing.
func (g *groupsWorld) committed(group string) (offset int64) {
	g.t.Helper()
	g.until("committed offsets", func() bool {
		resp, ok := g.ask(g.coordinator(group), fetchOf(group)).(*kmsg.OffsetFetchResponse)
		if !ok || resp.Groups[0].ErrorCode != 0 {
			return false
		}
		if offset = -1; len(resp.Groups[0].Topics) > 0 {
			offset = resp.Groups[0].Topics[0].Partitions[0].Offset
		}
		return true
	})
	return offset
}
