package sim_test

import (
	"flag"
	"os"
	"strconv"
	"strings"
	"testing"

	"odradek/checker/oracle"
	"odradek/node/broker"
	"odradek/node/config"
	"odradek/node/env"
	"odradek/sim"
)

var accept = flag.String("accept", "", "write our own answers into the scripts, under this reason")

func acceptDifferences(t *testing.T, s *oracle.Script, w *sim.World, n *sim.Node) {
	if err := oracle.Differ(s, sim.OracleTransport{World: w, Node: n}, *accept); err != nil {
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
	for i, s := range scripts {
		name := strings.TrimPrefix(s.Name, "../checker/oracle/testdata/")
		t.Run(name, func(t *testing.T) {
			w := sim.NewWorld(uint64(i))
			n := w.AddNode(nodeFor(t, s), "/data")
			if *accept != "" {
				acceptDifferences(t, s, w, n)
				return
			}
			diff, err := oracle.Play(s, sim.OracleTransport{World: w, Node: n})
			if err != nil || w.Crash() != nil {
				t.Fatalf("%v\n%v\n%s", err, w.Crash(), diff)
			}
			if diff != "" {
				t.Error(diff)
			}
		})
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
