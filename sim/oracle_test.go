package sim_test

import (
	"cmp"
	"flag"
	"maps"
	"os"
	"strconv"
	"strings"
	"testing"

	"odradek/checker/oracle"
	"odradek/node/broker"
	"odradek/node/config"
	"odradek/node/env"
	"odradek/sim"
	"odradek/sim/production"
)

var accept = flag.String("accept", "", "write our own answers into the scripts, under this reason")

func acceptDifferences(t *testing.T, s *oracle.Script, to oracle.Transport) {
	if err := oracle.Differ(s, to, *accept); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(s.Name, []byte(s.String()), 0o644); err != nil {
		t.Fatal(err)
	}
}

// TestTheNodeAnswersAsKafkaDoes plays every golden script, each against a node
// of its own, in the simulator.
func TestTheNodeAnswersAsKafkaDoes(t *testing.T) {
	scripts, err := oracle.LoadAll("../checker/oracle/testdata")
	if err != nil || len(scripts) == 0 {
		t.Fatalf("%d scripts: %v", len(scripts), err)
	}
	toCome, err := oracle.NotYet("../checker/oracle/testdata")
	if err != nil {
		t.Fatal(err)
	}
	for i, s := range scripts {
		name := strings.TrimPrefix(s.Name, "../checker/oracle/testdata/")
		t.Run(name, func(t *testing.T) {
			w := sim.NewWorld(uint64(i))
			to := transportTo(t, s, w)
			if *accept != "" {
				acceptDifferences(t, s, to)
				return
			}
			diff, err := oracle.Play(s, to)
			if reason := toCome[name]; reason != "" {
				expectDifference(t, diff, cmp.Or(err, w.Crash()), reason)
			}
			if err != nil || w.Crash() != nil {
				t.Fatalf("%v\n%v\n%s", err, w.Crash(), diff)
			}
			if diff != "" {
				t.Error(diff)
			}
		})
	}
}

// expectDifference skips a script that is not served yet, unless it is.
func expectDifference(t *testing.T, diff string, err error, reason string) {
	if diff == "" && err == nil {
		t.Fatal("it is answered as Kafka does: strike it off notyet.txt")
	}
	t.Skip(reason)
}

// transportTo makes the node, or the nodes, that a script is played against.
func transportTo(t *testing.T, s *oracle.Script, w *sim.World) oracle.Transport {
	if s.Nodes == 0 {
		return sim.OracleTransport{World: w, Node: w.AddNode(nodeFor(t, s), sim.DataDir)}
	}
	for range s.Nodes {
		w.AddNode(memberFor(t, s), sim.DataDir)
	}
	return sim.OracleCluster{World: w}
}

// memberFor makes the nodes of a cluster, each with shards of its own number.
func memberFor(t *testing.T, s *oracle.Script) sim.Maker {
	k := sim.Knobs{Nodes: s.Nodes}
	for i := range s.Nodes {
		k.Cluster.Shards = append(k.Cluster.Shards, 1+i%3)
	}
	common := oracle.Properties()
	maps.Copy(common, oracle.ClusterProperties())
	delete(common, "node.id")
	delete(common, "process.roles")
	return func(b sim.Boot) []env.Machine {
		given := append(config.Settings(common), k.Identity(b.Node)...)
		return production.With(given, config.Settings(s.Config), b)
	}
}

func nodeFor(t *testing.T, s *oracle.Script) sim.Maker {
	return func(b sim.Boot) []env.Machine {
		c := testConfig(t, s.Config, 1+b.Rand.IntN(3))
		machines, err := broker.New(c, b.Rand)
		if err != nil {
			t.Fatal(err)
		}
		return machines
	}
}

// testConfig is a node's configuration in the simulator, with a script's own
// properties over it.
func testConfig(t testing.TB, own map[string]string, shards int) *config.Broker {
	given := append(config.Settings(oracle.Properties()), []config.Setting{
		{Key: "controller.quorum.voters", Value: "1@node:9093"},
		{Key: "controller.listener.names", Value: "CONTROLLER"},
		{Key: "listeners", Value: "PLAINTEXT://node:9092,CONTROLLER://node:9093"},
		{Key: "log.dirs", Value: "/data"},
		{Key: "num.shards", Value: strconv.Itoa(shards)},
	}...)
	b, _, err := config.Load(given, config.Settings(own))
	if err != nil {
		t.Fatal(err)
	}
	return b
}
