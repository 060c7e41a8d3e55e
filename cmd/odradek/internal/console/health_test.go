package console

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestAPartitionsHealthIsThatOfKafkaTopics(t *testing.T) {
	p := &kmsg.DescribeTopicPartitionsResponseTopicPartition{LeaderID: 1, Replicas: []int32{1, 2, 3}, ISR: []int32{1, 2}}
	for _, c := range []struct {
		minISR int
		live   []int32
		want   Health
	}{
		{1, []int32{1, 2}, Health{UnderReplicated: true}},
		{2, []int32{1, 2}, Health{UnderReplicated: true, AtMinISR: true}},
		{3, []int32{2}, Health{UnderReplicated: true, Unavailable: true, UnderMinISR: true}},
	} {
		if got := HealthOf(p, c.minISR, c.live); got != c.want {
			t.Errorf("min.insync.replicas %d, %v live: %+v", c.minISR, c.live, got)
		}
	}
	if (Health{UnderReplicated: true}).Any(Health{Unavailable: true}) {
		t.Error("a filter lets through what it does not name")
	}
}
