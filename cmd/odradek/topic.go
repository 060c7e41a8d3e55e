package main

import (
	"errors"
	"fmt"
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
)

// topicCmd are the commands on topics.
type topicCmd struct {
	Create   topicCreateCmd   `cmd:"" help:"Create a topic."`
	List     topicListCmd     `cmd:"" help:"List the topics."`
	Describe topicDescribeCmd `cmd:"" help:"Show where a topic's partitions are."`
	Delete   topicDeleteCmd   `cmd:"" help:"Delete topics."`
}

// broken is what a broker says about one topic: the error's name, and its
// message if it sent one.
func broken(topic string, err error, message string) error {
	if err == nil {
		return nil
	}
	if message != "" && !errors.Is(err, kerr.UnknownTopicOrPartition) {
		return fmt.Errorf("topic %s: %w (%s)", topic, err, message)
	}
	return fmt.Errorf("topic %s: %w", topic, err)
}

// sortedPairs are key=value, ordered by key.
func sortedPairs(m map[string]string) (pairs []string) {
	for _, k := range slices.Sorted(maps.Keys(m)) {
		pairs = append(pairs, k+"="+m[k])
	}
	return pairs
}
