package config

import (
	"fmt"
	"slices"
	"strings"
)

// rule is what several keys must fulfil together (Kafka's
// KafkaConfig.validateValues). broken says what is wrong; "" if nothing is.
type rule struct {
	keys   []string
	broken func(b *Broker) string
}

var rules = append([]rule{
	{[]string{"log.roll.ms"}, func(b *Broker) string {
		return when(b.topicNum("segment.ms") < 1, "log.roll.ms must be at least 1")
	}},
	{[]string{"log.roll.jitter.ms"}, func(b *Broker) string {
		return when(b.topicNum("segment.jitter.ms") < 0, "log.roll.jitter.ms must not be negative")
	}},
	{families[0], func(b *Broker) string {
		return when(b.topicNum("retention.ms") == 0, "the retention of logs must be -1 or at least 1")
	}},
	{[]string{"log.cleaner.dedupe.buffer.size", "log.cleaner.threads"}, func(b *Broker) string {
		size := b.num("log.cleaner.dedupe.buffer.size") / max(b.num("log.cleaner.threads"), 1)
		return when(size <= 1<<20, "log.cleaner.dedupe.buffer.size must be more than 1 MiB for each of log.cleaner.threads")
	}},
	{[]string{"replica.fetch.wait.max.ms", "replica.socket.timeout.ms"}, func(b *Broker) string {
		return b.ordered("replica.fetch.wait.max.ms", "replica.socket.timeout.ms")
	}},
	{[]string{"replica.fetch.wait.max.ms", "replica.lag.time.max.ms"}, func(b *Broker) string {
		return b.ordered("replica.fetch.wait.max.ms", "replica.lag.time.max.ms")
	}},
	{[]string{"queued.max.request.bytes", "socket.request.max.bytes"}, func(b *Broker) string {
		if b.num("queued.max.request.bytes") <= 0 {
			return ""
		}
		return b.ordered("socket.request.max.bytes", "queued.max.request.bytes")
	}},
	{[]string{"max.connections.per.ip.overrides"}, func(b *Broker) string {
		_, err := parseCounts(b.Text("max.connections.per.ip.overrides"))
		return when(err != nil, fmt.Sprintf("max.connections.per.ip.overrides: %v", err))
	}},
	{[]string{"max.connections.per.ip"}, func(b *Broker) string {
		none := b.num("max.connections.per.ip") == 0 && b.Text("max.connections.per.ip.overrides") == ""
		return when(none, "max.connections.per.ip can be 0 only with max.connections.per.ip.overrides")
	}},
	{[]string{"connection.failed.authentication.delay.ms", "connections.max.idle.ms"}, func(b *Broker) string {
		idle := b.num("connections.max.idle.ms")
		late := idle >= 0 && b.num("connection.failed.authentication.delay.ms") >= idle
		return when(late, "connection.failed.authentication.delay.ms must be less than connections.max.idle.ms")
	}},
	{[]string{"cordoned.log.dirs"}, cordonsUnknown},
	{[]string{"broker.id", "node.id"}, func(b *Broker) string {
		return when(b.num("broker.id") != b.num("node.id"), "broker.id and node.id must be equal")
	}},
	{[]string{"process.roles"}, func(b *Broker) string {
		return when(len(b.List("process.roles")) == 0, "process.roles is empty")
	}},
}, groupRules()...)

func when(broken bool, reason string) string {
	if broken {
		return reason
	}
	return ""
}

// topicNum is a broker's default of a topic's key.
func (b *Broker) topicNum(name string) int64 { return topicView{b: b}.num(name) }

func (b *Broker) ordered(small, great string) string {
	return when(b.num(small) > b.num(great), fmt.Sprintf("%s must be at most %s", small, great))
}

func cordonsUnknown(b *Broker) string {
	cordoned := b.List("cordoned.log.dirs")
	if slices.Equal(cordoned, []string{"*"}) {
		return ""
	}
	for _, dir := range cordoned {
		if !slices.Contains(b.LogDirs, dir) {
			return fmt.Sprintf("cordoned.log.dirs: %q is not a log directory", dir)
		}
	}
	return ""
}

// parseCounts reads host:number, separated by commas.
func parseCounts(s string) (map[string]int, error) {
	counts := map[string]int{}
	for _, pair := range splitList(strings.TrimSpace(s)) {
		at := strings.LastIndex(pair, ":")
		if at < 1 {
			return nil, fmt.Errorf("%q is not of the form address:number", pair)
		}
		n, err := parseInt(strings.TrimSpace(pair[at+1:]), 32, "INT")
		if err != nil {
			return nil, fmt.Errorf("%q: %w", pair, err)
		}
		counts[strings.TrimSpace(pair[:at])] = int(n.(int64))
	}
	return counts, nil
}

// relate holds the rules against what was loaded.
func (l *loader) relate(b *Broker) {
	for _, r := range rules {
		if reason := r.broken(b); reason != "" {
			l.refuse(fmt.Errorf("%s", reason), r.keys...)
		}
	}
}
