package config

import (
	"fmt"
	"slices"
	"strings"
)

// ranges are the keys of groups that brokers bound. consumer.session.timeout.ms
// of a group has its default in group.consumer.session.timeout.ms, and its
// bounds in group.consumer.min.session.timeout.ms and group.consumer.max....
var ranges = []string{
	"consumer.heartbeat.interval.ms", "consumer.session.timeout.ms", "consumer.assignment.interval.ms",
	"share.heartbeat.interval.ms", "share.session.timeout.ms", "share.assignment.interval.ms",
	"share.record.lock.duration.ms", "share.delivery.count.limit", "share.partition.max.record.locks",
	"streams.heartbeat.interval.ms", "streams.session.timeout.ms", "streams.assignment.interval.ms",
	"streams.num.standby.replicas", "streams.num.warmup.replicas", "streams.task.offset.interval.ms",
}

// boundKeys are the names of a range's default, least and greatest value. Not
// all ranges have both ends.
func boundKeys(name string) (usual, least, most string) {
	kind, rest, _ := strings.Cut(name, ".")
	end := strings.TrimPrefix(rest, "num.")
	usual, least, most = "group."+name, "group."+kind+".min."+end, "group."+kind+".max."+end
	if find(brokerKeys, least) == nil {
		least = ""
	}
	if find(brokerKeys, most) == nil {
		most = ""
	}
	return usual, least, most
}

// groupRules are that each range holds its default, and that members are not
// thrown out between two heartbeats.
func groupRules() (all []rule) {
	for _, name := range ranges {
		usual, least, most := boundKeys(name)
		if least != "" {
			all = append(all, rule{[]string{usual, least}, func(b *Broker) string { return b.ordered(least, usual) }})
		}
		if most != "" {
			all = append(all, rule{[]string{usual, most}, func(b *Broker) string { return b.ordered(usual, most) }})
		}
	}
	for _, kind := range []string{"consumer", "share", "streams"} {
		beat, session := "group."+kind+".heartbeat.interval.ms", "group."+kind+".session.timeout.ms"
		all = append(all, rule{[]string{beat, session}, func(b *Broker) string {
			return when(b.num(beat) >= b.num(session), fmt.Sprintf("%s must be less than %s", beat, session))
		}})
	}
	return all
}

// GroupInt is the number that holds for a group with these configs; the name must
// be that of a group's INT. What was within the bounds when it was given is moved
// to the nearer one where they are narrower now (Kafka's GroupConfig.evaluate).
func (b *Broker) GroupInt(name string, configs map[string]string) int64 {
	n := b.givenInt(name, configs)
	if _, set := configs[name]; !set || !slices.Contains(ranges, name) {
		return n
	}
	_, least, most := boundKeys(name)
	if most != "" {
		n = min(n, b.num(most))
	}
	if least != "" {
		n = max(n, b.num(least))
	}
	return n
}

// givenInt is the number that was given to a group, or else its default.
func (b *Broker) givenInt(name string, configs map[string]string) int64 {
	n, _ := b.groupValue(find(groupKeys, name), configs).(int64)
	return n
}
