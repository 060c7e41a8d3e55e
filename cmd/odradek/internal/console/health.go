package console

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Health is what may be wrong with a partition, as the filters of kafka-topics
// have it.
type Health struct {
	UnderReplicated bool // fewer in the ISR than replicas
	Unavailable     bool // no leader that lives
	AtMinISR        bool
	UnderMinISR     bool
}

// HealthOf judges a partition; live are the brokers that are in service.
func HealthOf(p *kmsg.DescribeTopicPartitionsResponseTopicPartition, minISR int, live []int32) Health {
	return Health{
		UnderReplicated: len(p.ISR) < len(p.Replicas),
		Unavailable:     !slices.Contains(live, p.LeaderID),
		AtMinISR:        len(p.ISR) == minISR,
		UnderMinISR:     len(p.ISR) < minISR,
	}
}

// Any tells whether one of those is the case that another one names.
func (h Health) Any(of Health) bool {
	return h.UnderReplicated && of.UnderReplicated || h.Unavailable && of.Unavailable ||
		h.AtMinISR && of.AtMinISR || h.UnderMinISR && of.UnderMinISR
}
