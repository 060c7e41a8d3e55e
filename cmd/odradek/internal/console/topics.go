package console

import (
	"fmt"
	"io"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// DescribeTopic prints a topic and its partitions as kafka-topics --describe
// does. configs are those that the topic itself sets, as key=value; more gives
// further columns of a partition, if it is not nil.
func DescribeTopic(w io.Writer, t kmsg.DescribeTopicPartitionsResponseTopic, configs []string, more Columns) error {
	if err := kerr.ErrorForCode(t.ErrorCode); err != nil {
		return fmt.Errorf("topic %s: %w", name(t.Topic), err)
	}
	replicas := 0
	if len(t.Partitions) > 0 {
		replicas = len(t.Partitions[0].Replicas)
	}
	text := fmt.Sprintf("Topic: %s\tTopicId: %s\tPartitionCount: %d\tReplicationFactor: %d\tConfigs: %s\n",
		name(t.Topic), ID(t.TopicID), len(t.Partitions), replicas, strings.Join(configs, ","))
	for i := range t.Partitions {
		text += PartitionLine(name(t.Topic), &t.Partitions[i], more)
	}
	_, err := io.WriteString(w, text)
	return err
}

// Columns are further columns of a partition's line.
type Columns func(p *kmsg.DescribeTopicPartitionsResponseTopicPartition) string

// DescribePartitions prints only those partitions of a topic that are wanted, as
// kafka-topics --describe does with one of its filters.
func DescribePartitions(w io.Writer, t kmsg.DescribeTopicPartitionsResponseTopic, more Columns,
	wanted func(p *kmsg.DescribeTopicPartitionsResponseTopicPartition) bool) error {
	for i := range t.Partitions {
		if p := &t.Partitions[i]; wanted(p) {
			if _, err := io.WriteString(w, PartitionLine(name(t.Topic), p, more)); err != nil {
				return err
			}
		}
	}
	return nil
}

// PartitionLine is one partition, as kafka-topics --describe shows it.
func PartitionLine(topic string, p *kmsg.DescribeTopicPartitionsResponseTopicPartition, more Columns) string {
	text := fmt.Sprintf("\tTopic: %s\tPartition: %d\tLeader: %s\tReplicas: %s\tIsr: %s\tElr: %s\tLastKnownElr: %s",
		topic, p.Partition, leader(p.LeaderID), ids(p.Replicas), ids(p.ISR), ids(p.EligibleLeaderReplicas), ids(p.LastKnownELR))
	if more != nil {
		text += more(p)
	}
	return text + "\n"
}

func name(s *string) string {
	if s == nil {
		return "?"
	}
	return *s
}

func leader(id int32) string {
	if id < 0 {
		return "none"
	}
	return fmt.Sprint(id)
}

// ids are separated by commas.
func ids(all []int32) string {
	return strings.Trim(strings.ReplaceAll(fmt.Sprint(all), " ", ","), "[]")
}
