package groups

import (
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kadm"
)

// Targets names the partitions that a command is about, as in Kafka's tool: a
// topic, or topic:0,1,2.
func Targets(ctx context.Context, adm *kadm.Client, specs []string) (kadm.TopicsSet, error) {
	set := kadm.TopicsSet{}
	for _, spec := range specs {
		topic, list, some := strings.Cut(spec, ":")
		if !some {
			if err := addWhole(ctx, adm, set, topic); err != nil {
				return nil, err
			}
			continue
		}
		for _, text := range strings.Split(list, ",") {
			p, err := strconv.ParseInt(text, 10, 32)
			if err != nil || p < 0 {
				return nil, fmt.Errorf("%q is not a topic, or topic:partition,partition", spec)
			}
			set.Add(topic, int32(p))
		}
	}
	return set, nil
}

func addWhole(ctx context.Context, adm *kadm.Client, set kadm.TopicsSet, topic string) error {
	found, err := adm.ListTopics(ctx, topic)
	if err == nil {
		err = found[topic].Err
	}
	if err != nil {
		return fmt.Errorf("topic %s: %w", topic, err)
	}
	set.Add(topic, found[topic].Partitions.Numbers()...)
	return nil
}

// CommittedBy are the partitions for which a group has committed an offset.
func CommittedBy(offsets kadm.OffsetResponses) kadm.TopicsSet {
	set := kadm.TopicsSet{}
	offsets.Each(func(o kadm.OffsetResponse) {
		if o.At >= 0 {
			set.Add(o.Topic, o.Partition)
		}
	})
	return set
}

func topicsOf(set kadm.TopicsSet) (topics []string) {
	for t := range set {
		topics = append(topics, t)
	}
	slices.Sort(topics)
	return topics
}
