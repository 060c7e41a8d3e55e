//go:build interop

package interop

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const toolsPackage = "org.apache.kafka.tools."

// tool runs one of Kafka's command line tools, and returns what it printed.
func tool(t *testing.T, in, class string, args ...string) string {
	t.Helper()
	java, args := toolCommand(t, class, args)
	return string(execute(t, []byte(in), java, args...))
}

func toolCommand(t *testing.T, class string, args []string) (java string, all []string) {
	t.Helper()
	java = program(t, "java")
	classes := installed(t, "Kafka's jars", kafkaClasses)
	return java, append([]string{"-Xmx256m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1",
		"-cp", classes, toolsPackage + class}, args...)
}

// says holds that a tool's output has these texts.
func says(t *testing.T, out string, texts ...string) {
	t.Helper()
	for _, text := range texts {
		if !strings.Contains(out, text) {
			t.Errorf("the output lacks %q:\n%s", text, tail([]byte(out)))
		}
	}
}

func TestKafkasTopicToolCreatesAltersAndDeletes(t *testing.T) {
	s := serve(t)
	topics := func(args ...string) string {
		return tool(t, "", "TopicCommand", append([]string{"--bootstrap-server", s.addr}, args...)...)
	}
	says(t, topics("--create", "--topic", "made", "--partitions", "3", "--replication-factor", "1",
		"--config", "retention.ms=1000000"), "Created topic made.")
	says(t, topics("--list"), "made\n")
	says(t, topics("--describe", "--topic", "made"), "PartitionCount: 3", "ReplicationFactor: 1", "retention.ms=1000000",
		"Partition: 2\tLeader: 1\tReplicas: 1\tIsr: 1")
	topics("--alter", "--topic", "made", "--partitions", "5")
	says(t, topics("--describe", "--topic", "made"), "PartitionCount: 5", "Partition: 4\tLeader: 1")
	topics("--delete", "--topic", "made")
	if out := topics("--list"); strings.Contains(out, "made") {
		t.Errorf("the topic is still there:\n%s", out)
	}
}

func TestKafkasConfigToolAltersATopic(t *testing.T) {
	s := serve(t)
	s.create("kept", 1)
	configs := func(args ...string) string {
		return tool(t, "", "ConfigCommand", append([]string{"--bootstrap-server", s.addr,
			"--entity-type", "topics", "--entity-name", "kept"}, args...)...)
	}
	says(t, configs("--alter", "--add-config", "max.message.bytes=2000000,cleanup.policy=[compact,delete]"),
		"Completed updating config for topic kept.")
	says(t, configs("--describe"), "max.message.bytes=2000000", "cleanup.policy=compact,delete")
	says(t, configs("--alter", "--delete-config", "max.message.bytes"), "Completed updating config for topic kept.")
	if out := configs("--describe"); strings.Contains(out, "2000000") {
		t.Errorf("the setting is still there:\n%s", out)
	}
	says(t, configs("--describe", "--all"), "min.insync.replicas=1", "segment.bytes=1073741824")
	says(t, tool(t, "", "ConfigCommand", "--bootstrap-server", s.addr, "--entity-type", "brokers", "--entity-name", "1",
		"--describe", "--all"), "node.id=1", "log.dirs="+s.data)
}

func TestKafkasConsoleToolsWriteAndReadAndCount(t *testing.T) {
	s := serve(t)
	s.create("lines", 1)
	at := []string{"--bootstrap-server", s.addr, "--topic", "lines"}
	tool(t, "one\ntwo\nthree\n", "ConsoleProducer", at...)
	says(t, tool(t, "", "GetOffsetShell", at...), "lines:0:3\n")
	out := tool(t, "", "consumer.ConsoleConsumer", append(at, "--partition", "0", "--offset", "earliest", "--max-messages", "3")...)
	if out != "one\ntwo\nthree\n" {
		t.Errorf("read %q", out)
	}
	cut := filepath.Join(t.TempDir(), "cut.json")
	must(t, os.WriteFile(cut, []byte(`{"version":1,"partitions":[{"topic":"lines","partition":0,"offset":2}]}`), 0o644))
	says(t, tool(t, "", "DeleteRecordsCommand", "--bootstrap-server", s.addr, "--offset-json-file", cut), "low_watermark: 2")
	says(t, tool(t, "", "GetOffsetShell", append(at, "--time", "earliest")...), "lines:0:2\n")
	says(t, tool(t, "", "ProducerPerformance", "--bootstrap-server", s.addr, "--topic", "lines", "--num-records", "10000",
		"--record-size", "100", "--throughput", "-1"), "10000 records sent")
	says(t, tool(t, "", "GetOffsetShell", at...), "lines:0:10003\n")
}

func TestKafkasToolsDescribeTheCluster(t *testing.T) {
	s := serve(t)
	s.create("seen", 1)
	at := []string{"--bootstrap-server", s.addr}
	says(t, tool(t, "", "ClusterTool", append([]string{"cluster-id"}, at...)...), "Cluster ID: ")
	says(t, tool(t, "", "BrokerApiVersionsCommand", at...), s.addr+" (id: 1 rack: null", "Produce(0): ", "Fetch(1): ")
	says(t, tool(t, "", "LogDirsCommand", append(at, "--describe")...), `"logDir":"`+s.data+`"`, `"partition":"seen-0"`)
	says(t, tool(t, "", "FeatureCommand", append(at, "describe")...), "metadata.version")
}
