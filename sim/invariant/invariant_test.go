package invariant

import (
	"strings"
	"testing"

	"odradek/node/broker"
	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/partition"
	"odradek/sim"
)

// idle makes a node that does nothing.
func idle(sim.Boot) []env.Machine { return nil }

// watched is a world of two nodes with empty disks.
func watched(lossy bool) (*Watch, []*sim.Node) {
	w := sim.NewWorld(1)
	w.AddNode(idle, sim.DataDir)
	w.AddNode(idle, sim.DataDir)
	x := New(lossy)(w).(*Watch)
	return x, w.Nodes()
}

// led is a partition under node 1, both nodes in the ISR.
func led(leaderEpoch, partitionEpoch int32) *meta.Partition {
	return &meta.Partition{Replicas: []int32{1, 2}, ISR: []int32{1, 2}, Leader: 1, LeaderEpoch: leaderEpoch, PartitionEpoch: partitionEpoch}
}

// takes has a node replay states of one partition, in order.
func takes(x *Watch, n *sim.Node, states ...*meta.Partition) error {
	im := meta.NewImage()
	for _, s := range states {
		if err := x.state(n, im, x.part(key{}, "a-0"), s); err != nil {
			return err
		}
	}
	return nil
}

func finds(t *testing.T, err error, name string) {
	t.Helper()
	if err == nil || !strings.HasPrefix(err.Error(), name+":") {
		t.Errorf("%v, and it is %s", err, name)
	}
}

func TestMetadataThatGrowsIsRight(t *testing.T) {
	x, nodes := watched(false)
	later := led(1, 1)
	later.ISR, later.ELR = []int32{1}, []int32{2}
	for _, n := range nodes {
		if err := takes(x, n, led(0, 0), later); err != nil {
			t.Error(err)
		}
	}
}

func TestWrongMetadataIsFound(t *testing.T) {
	other, both, outside := led(0, 1), led(0, 1), led(1, 1)
	other.Leader = 2
	both.ELR = []int32{2}
	outside.ISR = []int32{2}
	for name, s := range map[string]*meta.Partition{
		"leader-epoch-fell": led(0, 1), "leader-without-epoch": other, "in-isr-and-elr": both, "leader-outside-isr": outside,
	} {
		x, nodes := watched(false)
		first := led(s.LeaderEpoch, 0)
		if name == "leader-epoch-fell" {
			first.LeaderEpoch = 5
		}
		finds(t, takes(x, nodes[0], first, s), name)
	}
	x, nodes := watched(false)
	differs := led(0, 0)
	differs.ISR = []int32{1}
	if err := takes(x, nodes[0], led(0, 0)); err != nil {
		t.Error(err)
	}
	finds(t, takes(x, nodes[1], differs), "metadata-differs")
}

func TestAFencedBrokerMustNotJoin(t *testing.T) {
	x, nodes := watched(false)
	alone := led(0, 0)
	alone.ISR = []int32{1}
	finds(t, takes(x, nodes[0], alone, led(0, 1)), "fenced-joined-isr") // the image knows no broker
}

// replicaAt is what a node says of its replica.
func replicaAt(leads bool, epoch int32, high, end int64) broker.ReplicaState {
	return broker.ReplicaState{Name: "a-0", Loaded: true, Leads: leads, State: partition.State{LeaderEpoch: epoch}, High: high, End: end}
}

func TestWrongReplicasAreFound(t *testing.T) {
	x, nodes := watched(false)
	look := func(n *sim.Node, r broker.ReplicaState) error { return x.replica(n, x.seen(n), &r) }
	if err := look(nodes[0], replicaAt(true, 3, 0, 4)); err != nil {
		t.Error(err)
	}
	finds(t, look(nodes[1], replicaAt(true, 3, 0, 4)), "two-leaders")
	finds(t, look(nodes[1], replicaAt(false, 3, 5, 4)), "high-watermark-outside-log")
	broken := replicaAt(false, 3, 4, 4)
	broken.Broken = 1
	finds(t, look(nodes[1], broken), "cut-below-high-watermark")
	if err := look(nodes[0], replicaAt(true, 3, 2, 4)); err != nil { // nobody is known to be in the ISR
		t.Error(err)
	}
	finds(t, look(nodes[0], replicaAt(true, 3, 1, 4)), "high-watermark-fell")
	finds(t, takes(x, nodes[0], led(3, 0)), "committed-not-durable")
}
