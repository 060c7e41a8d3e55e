//go:build interop

package interop

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os/exec"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
)

func TestKafkasToolsDescribeTheQuorum(t *testing.T) {
	c := form(t, 3)
	controller := controllerOf(t, c.nodes[2])
	for _, at := range [][]string{{"--bootstrap-server", c.nodes[1].addr}, {"--bootstrap-controller", controller}} {
		says(t, tool(t, "", "MetadataQuorumCommand", append(at, "describe", "--status")...),
			"LeaderId:", "MaxFollowerLag:         0", `"id": 3`, "CurrentObservers:       []")
		says(t, tool(t, "", "MetadataQuorumCommand", append(at, "describe", "--replication")...), "Leader", "Follower", "LastCaughtUpTimestamp")
	}
	at := []string{"--bootstrap-controller", controller}
	says(t, tool(t, "", "ClusterTool", append([]string{"cluster-id"}, at...)...), "Cluster ID: ")
	says(t, tool(t, "", "ClusterTool", append([]string{"list-endpoints"}, at...)...), "controller")
	says(t, tool(t, "", "FeatureCommand", append(at, "describe")...), "metadata.version")
	says(t, tool(t, "", "ConfigCommand", append(at, "--entity-type", "brokers", "--entity-name", "3", "--describe", "--all")...), "node.id=3")
}

// controllerOf is the address of a node's CONTROLLER listener.
func controllerOf(t *testing.T, s *server) string {
	t.Helper()
	out, err := exec.Command("sed", "-n", "s/^listeners=.*CONTROLLER:..//p", s.config).Output()
	must(t, err)
	return strings.TrimSpace(string(out))
}

// Three looks at the same topic must come to the same, before and after its
// leader dies, and once it is back.
func TestEveryToolShowsTheSameLeadersThroughAFailover(t *testing.T) {
	c := form(t, 3, quick...)
	c.create("seen", 1, 1, 1, 2, 3)
	c.sameEverywhere(t, 1, 1, 2, 3)
	c.nodes[0].kill9()
	c.await("other leader", func(all []kadm.PartitionDetail) bool { return all[0].Leader > 1 && len(all[0].ISR) == 2 }, "seen")
	c.sameEverywhere(t, c.leader("seen", 0).id, 2, 3)
	c.nodes[0].up()
	c.await("full ISR", func(all []kadm.PartitionDetail) bool { return len(all[0].ISR) == 3 }, "seen")
	c.sameEverywhere(t, c.leader("seen", 0).id, 1, 2, 3)
}

func (c *cluster) sameEverywhere(t *testing.T, leader int32, isr ...int32) {
	t.Helper()
	want := fmt.Sprintf("leader %d, isr %v", leader, isr)
	asked := c.nodes[isr[len(isr)-1]-1].addr
	for name, look := range map[string]func(*testing.T, string) string{"kcat -L": kcatSees, "kafka-topics": topicToolSees} {
		var got string
		for begun := time.Now(); time.Since(begun) < 5*time.Second; { // metadata comes to each broker in its time
			if got = look(t, asked); got == want {
				break
			}
		}
		if got != want {
			t.Errorf("%s sees %s, not %s", name, got, want)
		}
	}
}

func kcatSees(t *testing.T, addr string) string {
	out, err := exec.Command(program(t, "kcat"), "-L", "-J", "-b", addr, "-t", "seen").Output()
	must(t, err)
	var all struct {
		Topics []struct {
			Partitions []struct {
				Leader int32
				ISRs   []struct{ ID int32 }
			}
		}
	}
	must(t, json.NewDecoder(bytes.NewReader(out)).Decode(&all))
	p := all.Topics[0].Partitions[0]
	var isr []int32
	for _, x := range p.ISRs {
		isr = append(isr, x.ID)
	}
	slices.Sort(isr)
	return fmt.Sprintf("leader %d, isr %v", p.Leader, isr)
}

// topicToolSees asks by Java's AdminClient.
func topicToolSees(t *testing.T, addr string) string {
	out := tool(t, "", "TopicCommand", "--bootstrap-server", addr, "--describe", "--topic", "seen")
	fields := map[string]string{}
	for _, f := range strings.Split(out[strings.LastIndex(out, "\tTopic:"):], "\t") {
		key, value, _ := strings.Cut(f, ": ")
		fields[strings.TrimSpace(key)] = strings.TrimSpace(value)
	}
	var isr []int32
	for _, text := range strings.Split(fields["Isr"], ",") {
		n, err := strconv.Atoi(text)
		must(t, err)
		isr = append(isr, int32(n))
	}
	slices.Sort(isr)
	return fmt.Sprintf("leader %s, isr %v", fields["Leader"], isr)
}
