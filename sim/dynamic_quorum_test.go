package sim_test

import (
	"fmt"
	"math/rand/v2"

	"path"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/broker"
	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/storage"
	"odradek/node/wire"
	"odradek/sim"
)

// forming is a cluster of three nodes that only know where controllers may be
// found. The first is formatted as the only voter, before its first start.
type forming struct {
	t    *testing.T
	w    *sim.World
	rng  *rand.Rand
	last int32
	made []string // topics
}

func newForming(t *testing.T, seed uint64) *forming {
	f := &forming{t: t, w: sim.NewWorld(seed), rng: rand.New(rand.NewPCG(seed, 7))}
	t.Cleanup(f.w.End)
	for range 3 {
		f.w.AddNode(f.machines, sim.DataDir)
	}
	return f
}

func (f *forming) machines(b sim.Boot) []env.Machine {
	n := f.w.Nodes()[b.Node]
	var doors []string
	for _, x := range f.w.Nodes() { // those that there are so far
		doors = append(doors, x.Addr(sim.Controller))
	}
	c, _, err := config.Load([]config.Setting{
		{Key: "node.id", Value: fmt.Sprint(b.Node + 1)}, {Key: "log.dirs", Value: sim.DataDir},
		{Key: "listeners", Value: "PLAINTEXT://" + n.Addr(sim.Plaintext) + ",CONTROLLER://" + n.Addr(sim.Controller)},
		{Key: "controller.listener.names", Value: sim.Controller},
		{Key: "controller.quorum.bootstrap.servers", Value: strings.Join(doors, ",")},
		{Key: "metadata.log.max.record.bytes.between.snapshots", Value: fmt.Sprint(200 + f.rng.IntN(2000))},
	}, nil)
	if err != nil {
		f.t.Fatal(err)
	}
	if b.Node == 0 && b.Incarnation == 0 {
		f.format(n.Disk(), c)
	}
	machines, err := broker.New(c, b.Rand)
	if err != nil {
		f.t.Fatal(err)
	}
	return machines
}

// format is what odradek format does.
func (f *forming) format(d *sim.Disk, c *config.Broker) {
	files, err := broker.Format(c, broker.Founding{ClusterID: "c", Standalone: true}, 1, f.rng)
	if err != nil {
		f.t.Fatal(err)
	}
	for i, x := range files {
		id := env.FileID(1_000_000 + i)
		for _, op := range []env.Disk{
			{Kind: env.Mkdir, Path: path.Dir(x.Path)}, {Kind: env.Open, File: id, Path: x.Path, Flags: env.Create},
			{Kind: env.Write, File: id, Data: x.Data}, {Kind: env.Sync, File: id}, {Kind: env.Close, File: id},
			{Kind: env.SyncDir, Path: path.Dir(x.Path)}, {Kind: env.SyncDir, Path: sim.DataDir},
		} {
			if done := d.Do(&op); done.Err != nil {
				f.t.Fatal(op.Kind, done.Err)
			}
		}
	}
}

// ask asks a node that lets clients in; nil: it went away meanwhile.
func (f *forming) ask(node int, req kmsg.Request) kmsg.Response {
	f.t.Helper()
	conn, err := sim.OracleTransport{World: f.w, Node: f.w.Nodes()[node]}.Dial()
	if err != nil {
		f.t.Fatal(err)
	}
	defer conn.Close()
	f.last++
	frame, _, err := conn.RoundTrip(wire.AppendRequest(nil, f.last, "test", req)[4:], true)
	if err != nil {
		f.t.Fatalf("%T: %v", req, err)
	}
	if frame == nil {
		return nil
	}
	resp, _, err := wire.ParseResponse(frame, req)
	if err != nil {
		f.t.Fatal(err)
	}
	return resp
}

func (f *forming) pass(d time.Duration) {
	f.w.Run(f.w.Now()+d, 10_000_000, func() bool { return false })
}

// eventually tries until it is so; in between the world goes on.
func (f *forming) eventually(what string, so func() bool) {
	f.t.Helper()
	within(f.t, f.w, 30*time.Second, 500*time.Millisecond, what, so)
}

// voters are the node ids of those who vote.
func (f *forming) voters() (ids []int32) {
	req := kmsg.NewPtrDescribeQuorumRequest()
	req.Version = 2
	t := kmsg.NewDescribeQuorumRequestTopic()
	t.Topic, t.Partitions = "__cluster_metadata", make([]kmsg.DescribeQuorumRequestTopicPartition, 1)
	req.Topics = append(req.Topics, t)
	f.eventually("describe the quorum", func() bool {
		ids = nil
		resp, ok := f.ask(f.rng.IntN(3), req).(*kmsg.DescribeQuorumResponse)
		if ok && len(resp.Topics) > 0 {
			for _, v := range resp.Topics[0].Partitions[0].CurrentVoters {
				ids = append(ids, v.ReplicaID)
			}
		}
		return len(ids) > 0
	})
	return ids
}

// turn makes a node a voter, or an observer if it is one.
func (f *forming) turn(node int) {
	f.eventually("let clients in", f.w.Nodes()[node].Up)
	text, _ := f.w.Nodes()[node].Disk().Durable(path.Join(sim.DataDir, "meta.properties"))
	p, err := storage.ParseMetaProperties(text)
	if err != nil {
		f.t.Fatal(err)
	}
	votes := false
	all := f.voters()
	for _, id := range all {
		votes = votes || int(id) == node+1
	}
	host, _, _ := strings.Cut(f.w.Nodes()[node].Addr(sim.Controller), ":")
	switch {
	case !votes:
		req := kmsg.NewPtrAddRaftVoterRequest()
		req.TimeoutMillis, req.VoterID, req.VoterDirectoryID = 10_000, int32(node+1), p.DirectoryID
		req.Listeners = []kmsg.AddRaftVoterRequestListener{{Name: sim.Controller, Host: host, Port: 9093}}
		f.ask(f.rng.IntN(3), req)
	case len(all) > 1:
		req := kmsg.NewPtrRemoveRaftVoterRequest()
		req.VoterID, req.VoterDirectoryID = int32(node+1), p.DirectoryID
		f.ask(f.rng.IntN(3), req)
	}
}

// create makes one more topic.
func (f *forming) create() {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Version, req.TimeoutMillis = 7, 10_000
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = fmt.Sprintf("t%d", len(f.made)), 1, 1
	req.Topics = append(req.Topics, t)
	f.eventually("create "+t.Topic, func() bool {
		resp, ok := f.ask(f.rng.IntN(3), req).(*kmsg.CreateTopicsResponse)
		return ok && (resp.Topics[0].ErrorCode == 0 || resp.Topics[0].ErrorCode == 36) // there already
	})
	f.made = append(f.made, t.Topic)
}

// hurt ends a node's process, and starts it after a while.
func (f *forming) hurt(node int) {
	n := f.w.Nodes()[node]
	if f.rng.IntN(2) == 0 {
		n.Kill()
	} else {
		n.PowerCut()
	}
	f.pass(time.Duration(f.rng.IntN(3000)) * time.Millisecond)
	n.Start()
}

// knows tells whether a node knows all topics.
func (f *forming) knows(node int) bool {
	req := kmsg.NewPtrMetadataRequest()
	req.Version = 12
	resp, ok := f.ask(node, req).(*kmsg.MetadataResponse)
	found := map[string]bool{}
	if ok {
		for _, t := range resp.Topics {
			found[*t.Topic] = true
		}
	}
	for _, name := range f.made {
		if !found[name] {
			return false
		}
	}
	return true
}

func TestADynamicQuorumLosesNothingWhileVotersComeAndGo(t *testing.T) {
	for seed := range uint64(24) {
		t.Run(fmt.Sprint(seed), func(t *testing.T) {
			f := newForming(t, seed)
			f.create()
			for range 12 {
				node := f.rng.IntN(3)
				switch f.rng.IntN(3) {
				case 0:
					f.hurt(node)
				default:
					f.turn(node)
				}
				f.create()
			}
			for node := range 3 {
				f.eventually(fmt.Sprintf("node %d knows all topics", node+1), func() bool { return f.knows(node) })
			}
			if f.w.Crash() != nil {
				t.Fatal(f.w.Crash())
			}
		})
	}
}
