package console

import (
	"fmt"
	"io"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// DescribeTopic prints a topic and its partitions as kafka-topics --describe
// does. configs are those that the topic itself sets, as key=value.
func DescribeTopic(w io.Writer, t kmsg.DescribeTopicPartitionsResponseTopic, configs []string) error {
	if err := kerr.ErrorForCode(t.ErrorCode); err != nil {
		return fmt.Errorf("topic %s: %w", name(t.Topic), err)
	}
	replicas := 0
	if len(t.Partitions) > 0 {
		replicas = len(t.Partitions[0].Replicas)
	}
	text := fmt.Sprintf("Topic: %s\tTopicId: %s\tPartitionCount: %d\tReplicationFactor: %d\tConfigs: %s\n",
		name(t.Topic), ID(t.TopicID), len(t.Partitions), replicas, strings.Join(configs, ","))
	for _, p := range t.Partitions {
		text += fmt.Sprintf("\tTopic: %s\tPartition: %d\tLeader: %s\tReplicas: %s\tIsr: %s\tElr: %s\tLastKnownElr: %s\n",
			name(t.Topic), p.Partition, leader(p.LeaderID), ids(p.Replicas), ids(p.ISR), ids(p.EligibleLeaderReplicas), ids(p.LastKnownELR))
	}
	_, err := io.WriteString(w, text)
	return err
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
