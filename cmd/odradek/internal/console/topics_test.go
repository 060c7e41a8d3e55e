package console

import (
	"errors"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestATopicIsDescribedAsKafkaTopicsDoes(t *testing.T) {
	name := "orders"
	topic := kmsg.DescribeTopicPartitionsResponseTopic{Topic: &name, TopicID: [16]byte{1, 2}, Partitions: []kmsg.DescribeTopicPartitionsResponseTopicPartition{
		{Partition: 0, LeaderID: 2, Replicas: []int32{2, 1}, ISR: []int32{2}, EligibleLeaderReplicas: []int32{1}},
		{Partition: 1, LeaderID: -1, Replicas: []int32{1, 2}, LastKnownELR: []int32{1}},
	}}
	want := "Topic: orders\tTopicId: AQIAAAAAAAAAAAAAAAAAAA\tPartitionCount: 2\tReplicationFactor: 2\tConfigs: a=1,b=2\n" +
		"\tTopic: orders\tPartition: 0\tLeader: 2\tReplicas: 2,1\tIsr: 2\tElr: 1\tLastKnownElr: \n" +
		"\tTopic: orders\tPartition: 1\tLeader: none\tReplicas: 1,2\tIsr: \tElr: \tLastKnownElr: 1\n"
	var out strings.Builder
	if err := DescribeTopic(&out, topic, []string{"a=1", "b=2"}, nil); err != nil || out.String() != want {
		t.Errorf("%v\n%s", err, out.String())
	}
}

func TestATopicThatIsNotThereIsAnErrorWithItsName(t *testing.T) {
	name := "orders"
	topic := kmsg.DescribeTopicPartitionsResponseTopic{Topic: &name, ErrorCode: kerr.UnknownTopicOrPartition.Code}
	err := DescribeTopic(nil, topic, nil, nil)
	if !errors.Is(err, kerr.UnknownTopicOrPartition) || !strings.Contains(err.Error(), "orders") {
		t.Errorf("the error is %v", err)
	}
}
