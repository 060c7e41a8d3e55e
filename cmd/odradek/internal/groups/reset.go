package groups

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
)

// Spec says where a reset puts offsets; one field is set.
type Spec struct {
	Earliest, Latest, Current bool
	Offset                    *int64
	Shift                     *int64
	Since                     *time.Time // the first record that is not older
}

// Reset is the outcome for one partition.
type Reset struct {
	Topic     string
	Partition int32
	Offset    int64
}

// Plan finds the new offsets of partitions. Those outside of a log are moved to its
// nearer end, as Kafka's tool does.
func Plan(ctx context.Context, adm *kadm.Client, s Spec, set kadm.TopicsSet, committed kadm.OffsetResponses) ([]Reset, error) {
	starts, ends, err := bounds(ctx, adm, topicsOf(set))
	if err != nil {
		return nil, err
	}
	var since kadm.ListedOffsets
	if s.Since != nil {
		if since, err = adm.ListOffsetsAfterMilli(ctx, s.Since.UnixMilli(), topicsOf(set)...); err != nil {
			return nil, fmt.Errorf("offsets by time: %w", err)
		}
	}
	var all []Reset
	var failed error
	set.Each(func(topic string, index int32) {
		low, okLow := starts.Lookup(topic, index)
		high, okHigh := ends.Lookup(topic, index)
		if !okLow || !okHigh || low.Err != nil || high.Err != nil {
			failed = fmt.Errorf("%s-%d: there is no such partition, or nobody leads it", topic, index)
			return
		}
		was, _ := committed.Lookup(topic, index)
		at, found := since.Lookup(topic, index)
		if !found || at.Err != nil || at.Offset < 0 {
			at.Offset = high.Offset
		}
		next, err := s.next(low.Offset, high.Offset, was, at.Offset)
		if err != nil {
			failed = fmt.Errorf("%s-%d: %w", topic, index, err)
		}
		all = append(all, Reset{topic, index, next})
	})
	slices.SortFunc(all, func(a, b Reset) int {
		return partition{a.Topic, a.Partition}.compare(partition{b.Topic, b.Partition})
	})
	return all, failed
}

func bounds(ctx context.Context, adm *kadm.Client, topics []string) (starts, ends kadm.ListedOffsets, err error) {
	if starts, err = adm.ListStartOffsets(ctx, topics...); err == nil {
		ends, err = adm.ListEndOffsets(ctx, topics...)
	}
	if err != nil {
		return nil, nil, fmt.Errorf("ends of the logs: %w", err)
	}
	return starts, ends, nil
}

// next is the offset for a log from low to high; since is that of the wanted time.
func (s Spec) next(low, high int64, was kadm.OffsetResponse, since int64) (int64, error) {
	committed := was.Topic != "" && was.At >= 0
	switch {
	case s.Earliest:
		return low, nil
	case s.Latest:
		return high, nil
	case s.Offset != nil:
		return min(max(*s.Offset, low), high), nil
	case s.Since != nil:
		return since, nil
	case s.Shift != nil && !committed:
		return 0, fmt.Errorf("nothing is committed that could be shifted")
	case s.Shift != nil:
		return min(max(was.At+*s.Shift, low), high), nil
	case committed:
		return was.At, nil
	}
	return high, nil // Kafka's --to-current of what is not committed
}

// Offsets are the commits that carry out a plan.
func Offsets(plan []Reset) kadm.Offsets {
	all := kadm.Offsets{}
	for _, r := range plan {
		all.AddOffset(r.Topic, r.Partition, r.Offset, -1)
	}
	return all
}
