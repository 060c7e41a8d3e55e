package sim

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"odradek/faults"
	"odradek/node/config"
)

// Cluster are the knobs of a run with several nodes. Each has the node id of its place
// from 1.
type Cluster struct {
	Shards    []int // by broker
	Replicas  int16
	MinISR    int
	Session   time.Duration // broker.session.timeout.ms
	Lag       time.Duration // replica.lag.time.max.ms
	Wait      time.Duration // replica.fetch.wait.max.ms
	Backoff   time.Duration // replica.fetch.backoff.ms
	Balancing bool          // preferred leaders are elected every second
	Scrub     time.Duration // log.scrub.interval.ms; 0: the default
	Save      time.Duration // replica.high.watermark.checkpoint.interval.ms; 0: the default
}

// solitary is a cluster of one node.
func solitary(shards int) Cluster { return Cluster{Shards: []int{shards}, Replicas: 1, MinISR: 1} }

// drawCluster draws how a cluster is made; one node in half of the seeds.
func drawCluster(rng *rand.Rand, k *Knobs) {
	k.Cluster = solitary(k.Shards)
	if rng.IntN(2) == 0 {
		return
	}
	nodes := []int{2, 3, 3, 3, 4, 5}[rng.IntN(6)]
	c := Cluster{
		Replicas:  int16(nodes),
		Session:   []time.Duration{300 * time.Millisecond, 600 * time.Millisecond, 2 * time.Second, 9 * time.Second}[rng.IntN(4)],
		Lag:       []time.Duration{500 * time.Millisecond, time.Second, 30 * time.Second}[rng.IntN(3)],
		Wait:      []time.Duration{10 * time.Millisecond, 50 * time.Millisecond, 500 * time.Millisecond}[rng.IntN(3)],
		Backoff:   []time.Duration{50 * time.Millisecond, time.Second}[rng.IntN(2)],
		Balancing: rng.IntN(3) == 0,
	}
	for range nodes {
		c.Shards = append(c.Shards, 1+rng.IntN(3))
	}
	if rng.IntN(3) == 0 {
		c.Replicas = 1 + int16(rng.IntN(nodes))
	}
	c.MinISR = 1 + rng.IntN(int(c.Replicas))
	k.Cluster, k.Nodes = c, nodes
	k.Admin.Replicas = c.Replicas
	k.Admin.Moves = []int{0, 1, 2, 4}[rng.IntN(4)]
	k.Length *= 2
}

// drawLayout gives a cluster, in some seeds, two more brokers at most and nodes that
// are controllers alone: seven computers at most.
func drawLayout(rng *rand.Rand, k *Knobs) {
	if k.Nodes == 1 {
		return
	}
	if rng.IntN(12) == 0 {
		k.Nodes += 1 + rng.IntN(2)
		for len(k.Cluster.Shards) < k.Nodes {
			k.Cluster.Shards = append(k.Cluster.Shards, 1+rng.IntN(3))
		}
	}
	if rng.IntN(3) == 0 {
		k.Controllers = min([]int{1, 2, 3, 3}[rng.IntN(4)], most-k.Nodes)
	}
}

// most is how many computers a run has at most.
const most = 7

// computers counts all nodes: the brokers, at the first places, and behind them those
// that are controllers alone.
func (k Knobs) computers() int { return k.Nodes + k.Controllers }

// Settings are those of one node, by its place in the world.
func (k Knobs) Settings(node int) []config.Setting {
	all := append(k.Identity(node), config.Setting{Key: "log.retention.check.interval.ms", Value: "70"})
	all = append(all, k.groupSettings()...)
	if k.Losses.Apart {
		all = append(all, config.Setting{Key: "metadata.log.dir", Value: MetadataDir})
	}
	if k.Warm > 0 {
		all = append(all, config.Setting{Key: "odradek.open.at.start", Value: strconv.FormatInt(k.Warm-1, 10)})
	}
	all = append(all, k.Journal.settings()...)
	if k.Snapshots > 0 {
		all = append(all, config.Setting{Key: "metadata.log.max.record.bytes.between.snapshots", Value: strconv.FormatInt(k.Snapshots, 10)})
	}
	if k.Nodes > 1 {
		all = append(all, k.Cluster.settings()...)
	}
	return all
}

// Identity are the settings that say which node it is, and where it finds others.
func (k Knobs) Identity(node int) []config.Setting {
	first := k.Nodes // of the controllers
	if k.Controllers == 0 {
		first = 0
	}
	var voters []string
	for i := first; i < k.computers(); i++ {
		voters = append(voters, fmt.Sprintf("%d@%s", i+1, (&Node{index: i}).Addr(Controller)))
	}
	return append(k.roles(node),
		config.Setting{Key: "node.id", Value: strconv.Itoa(node + 1)},
		config.Setting{Key: "controller.quorum.voters", Value: strings.Join(voters, ",")},
		config.Setting{Key: "controller.listener.names", Value: Controller},
		config.Setting{Key: "log.dirs", Value: DataDir},
	)
}

// roles are the settings that say what a node does.
func (k Knobs) roles(node int) []config.Setting {
	n := &Node{index: node}
	clients := Plaintext + "://" + n.Addr(Plaintext)
	controllers := Controller + "://" + n.Addr(Controller)
	roles, listeners := "broker,controller", clients+","+controllers
	switch {
	case node >= k.Nodes:
		return []config.Setting{{Key: "process.roles", Value: "controller"}, {Key: "listeners", Value: controllers}}
	case k.Controllers > 0:
		roles, listeners = "broker", clients
	}
	return []config.Setting{
		{Key: "process.roles", Value: roles}, {Key: "listeners", Value: listeners},
		{Key: "num.shards", Value: strconv.Itoa(k.Cluster.Shards[node])},
	}
}

func (c Cluster) settings() []config.Setting {
	ms := func(key string, d time.Duration) config.Setting {
		return config.Setting{Key: key, Value: strconv.FormatInt(d.Milliseconds(), 10)}
	}
	balance := "1000000"
	if c.Balancing {
		balance = "1"
	}
	all := []config.Setting{
		ms("broker.session.timeout.ms", c.Session), ms("broker.heartbeat.interval.ms", c.Session/4),
		ms("replica.lag.time.max.ms", c.Lag), ms("replica.fetch.wait.max.ms", c.Wait), ms("replica.fetch.backoff.ms", c.Backoff),
		{Key: "leader.imbalance.check.interval.seconds", Value: balance},
	}
	if c.Scrub > 0 {
		all = append(all, ms("log.scrub.interval.ms", c.Scrub))
	}
	if c.Save > 0 {
		all = append(all, ms("replica.high.watermark.checkpoint.interval.ms", c.Save))
	}
	return all
}

// clusterBudget is what T1 survives: no storage is lost, and anything else may
// happen, as often as it likes, to any number of nodes.
func clusterBudget(k Knobs) faults.Budget {
	n := k.computers()
	return faults.Budget{
		Nodes: n, Conns: 40, Ops: 3000, Horizon: k.Length, Down: time.Second, Last: k.Length / 2,
		Most: map[faults.Kind]int{
			faults.PowerCut: 2 * n, faults.Crash: 2 * n, faults.Stop: n, faults.Pause: n,
			faults.EIOSync: 1, faults.EIOWrite: 1, faults.EIORead: 1, faults.FlipIndex: 40, faults.DiskFull: 2, faults.DiskSlow: 2,
			faults.Clock: 1, faults.Drift: 2, faults.Reset: 6,
			faults.Partition: 3, faults.Block: 3, faults.DelayLink: 2, faults.ClogLink: 2,
		},
	}
}
