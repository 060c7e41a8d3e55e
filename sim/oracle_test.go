package sim_test

import (
	"strings"
	"testing"

	"odradek/checker/oracle"
	"odradek/node/broker"
	"odradek/node/config"
	"odradek/node/env"
	"odradek/sim"
)

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
			t.Parallel()
			w := sim.NewWorld(uint64(i))
			n := w.AddNode(nodeFor(t, s), "/data")
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
		c := testConfig(s.Config)
		c.NumShards = 1 + b.Rand.IntN(3)
		machines, err := broker.New(c, b.Rand)
		if err != nil {
			t.Fatal(err)
		}
		return machines
	}
}

func testConfig(map[string]string) *config.Broker {
	at := []config.Listener{{Name: "PLAINTEXT", Host: "node", Port: 9092}}
	return &config.Broker{NodeID: 1, LogDirs: []string{"/data"}, NumShards: 1, NumPartitions: 1, ReplicationFactor: 1,
		AutoCreateTopics: true, DeleteTopics: true, FetchMaxBytes: 57671680, FetchSessionSlots: 1000,
		RetentionCheckMs: 300000, ProducerExpirationMs: 86400000, Listeners: at, Advertised: at}
}
