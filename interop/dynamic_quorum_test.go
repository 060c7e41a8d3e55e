//go:build interop

package interop

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kadm"

	"odradek/node/env"
)

var votersLine = regexp.MustCompile(`(?m)^controller\.quorum\.voters=.*$`)

// dynamic is n nodes, none of them started, that only know where controllers may be
// found; all but the first voters are brokers alone.
func dynamic(t *testing.T, n, controllers int) (nodes []*server, doors []string) {
	t.Helper()
	for range controllers {
		doors = append(doors, freeAddr(t))
	}
	for i := range n {
		s := newServer(t, int32(i+1), freeAddr(t), doors[min(i, controllers-1)], "")
		text := votersLine.ReplaceAllString(readConfig(t, s), "controller.quorum.bootstrap.servers="+strings.Join(doors, ","))
		if i >= controllers {
			text = strings.Replace(text, "process.roles=broker,controller", "process.roles=broker", 1)
			text = strings.Replace(text, ",CONTROLLER://"+doors[controllers-1], "", 1)
		}
		must(t, os.WriteFile(s.config, []byte(text), 0o644))
		nodes = append(nodes, s)
	}
	return nodes, doors
}

// format runs odradek format.
func (s *server) format(args ...string) {
	s.t.Helper()
	path, err := built()
	must(s.t, err)
	out, err := exec.Command(path, append([]string{"format", "--config", s.config}, args...)...).CombinedOutput()
	if err != nil {
		s.t.Fatalf("format: %v\n%s", err, out)
	}
}

func quorumTool(t *testing.T, args ...string) string {
	t.Helper()
	return tool(t, "", "MetadataQuorumCommand", args...)
}

func TestAQuorumFoundedByFormatGrowsAndShrinksByKafkasTool(t *testing.T) {
	program(t, "java")
	nodes, doors := dynamic(t, 4, 3)
	nodes[0].format("--standalone")
	nodes[1].format("--no-initial-controllers", "--cluster-id", clusterOf(t, nodes[0]))
	for _, s := range nodes { // the third and the broker learn which cluster it is
		s.start()
	}
	for _, s := range nodes {
		s.awaitReady()
	}
	if a, b := clusterOf(t, nodes[0]), clusterOf(t, nodes[3]); a != b {
		t.Fatalf("clusters %s and %s", a, b)
	}
	at := []string{"--bootstrap-server", nodes[3].addr}
	says(t, quorumTool(t, append(at, "describe", "--replication")...), "Leader", "Observer")
	for _, s := range nodes[1:3] {
		says(t, quorumTool(t, append([]string{"--command-config", s.config}, append(at, "add-controller")...)...),
			fmt.Sprintf("Added controller %d with directory id ", s.id))
	}
	says(t, quorumTool(t, "--bootstrap-controller", doors[0], "describe", "--status"), `CONTROLLER://`+doors[1], `CONTROLLER://`+doors[2])
	nodes[0].kill9() // who founded it is not needed
	c := &cluster{t: t, nodes: nodes[1:]}
	c.admin = kadm.NewClient(c.client())
	c.create("kept", 3, 2, 2, 3, 4)
	franzProduce(t, nodes[3], "kept", "none", recordLines)
	nodes[0].up()
	says(t, quorumTool(t, append(at, "remove-controller", "--controller-id", "1",
		"--controller-directory-id", env.UUID(nodes[0].directory()).String())...), "Removed KRaft controller 1")
	if out := quorumTool(t, append(at, "describe", "--status")...); strings.Contains(out, doors[0]) {
		t.Errorf("it still votes:\n%s", out)
	}
	nodes[0].create("after", 1) // it follows
}

func TestAQuorumOfInitialControllersBeginsWhenAMajorityIsThere(t *testing.T) {
	nodes, doors := dynamic(t, 4, 3)
	var initial []string
	for i, id := range []string{"JEXY6aqzQY-32P5TStzaFg", "MvDxzVmcRsaTz33bUuRU6A", "_6sNy3FXTHSzyKuUfDnFBQ"} {
		initial = append(initial, fmt.Sprintf("%d@%s:%s", i+1, doors[i], id))
	}
	for _, s := range nodes[:3] {
		s.format("--cluster-id", "anywhere", "--initial-controllers", strings.Join(initial, ","))
	}
	for _, s := range []*server{nodes[1], nodes[2], nodes[3]} {
		s.start()
	}
	nodes[3].awaitReady()
	if id := clusterOf(t, nodes[3]); id != "anywhere" {
		t.Errorf("the broker is of cluster %s", id)
	}
	nodes[3].create("made", 1)
	nodes[0].up()
	if len((&cluster{t: t, nodes: nodes}).voters()) != 3 {
		t.Error("not all of them vote")
	}
}

func TestABrokerLearnsTheClusterOfALoneCombinedVoter(t *testing.T) {
	s := serve(t)
	b := newServer(t, 2, freeAddr(t), "", "")
	door := regexp.MustCompile(`CONTROLLER://(\S+)`).FindStringSubmatch(readConfig(t, s))[1]
	must(t, os.WriteFile(b.config, fmt.Appendf(nil, "node.id=2\nprocess.roles=broker\ncontroller.listener.names=CONTROLLER\n"+
		"controller.quorum.voters=1@%s\nlog.dirs=%s\nlisteners=PLAINTEXT://%s\n", door, b.data, b.addr), 0o644))
	b.up()
	if x, y := clusterOf(t, s), clusterOf(t, b); x != y {
		t.Fatalf("clusters %s and %s", x, y)
	}
	b.create("seen", 1)
}

var clusterLine = regexp.MustCompile(`(?m)^cluster\.id=(.*)$`)

// clusterOf is the cluster of a node's data directory.
func clusterOf(t *testing.T, s *server) string {
	t.Helper()
	text, err := os.ReadFile(s.data + "/meta.properties")
	must(t, err)
	return string(clusterLine.FindSubmatch(text)[1])
}
