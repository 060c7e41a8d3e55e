package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
)

// ValidateTopic checks all overrides that a topic is to have, names first, then
// values, then what values must fulfil together (Kafka's LogConfig.validate).
// The error is a *Refusal with INVALID_CONFIG.
func (b *Broker) ValidateTopic(overrides map[string]string) error {
	if err := judgeAll(topicKeys, "topic", overrides, kerr.InvalidConfig); err != nil {
		return err
	}
	v := topicView{b, overrides}
	if low, high := v.num("min.compaction.lag.ms"), v.num("max.compaction.lag.ms"); low > high {
		return refuse(kerr.InvalidConfig, "min.compaction.lag.ms (%d) is more than max.compaction.lag.ms (%d)", low, high)
	}
	if v.is("remote.storage.enable") {
		return refuse(kerr.InvalidConfig, "remote.storage.enable: there is no tiered storage")
	}
	return nil
}

// judgeAll checks names, and then values; unknown is the error for a name that
// is not a key.
func judgeAll(keys []Key, what string, configs map[string]string, unknown *kerr.Error) error {
	names := slices.Sorted(maps.Keys(configs))
	for _, name := range names {
		if find(keys, name) == nil {
			return refuse(unknown, "%q is not a config of a %s", name, what)
		}
	}
	for _, name := range names {
		if _, err := find(keys, name).judge(configs[name]); err != nil {
			return refuse(kerr.InvalidConfig, "%v", err)
		}
	}
	return nil
}

// ValidateGroup checks all configs that a group is to have. The error is a
// *Refusal with INVALID_CONFIG.
func (b *Broker) ValidateGroup(configs map[string]string) error {
	if err := judgeAll(groupKeys, "group", configs, kerr.InvalidConfig); err != nil {
		return err
	}
	for _, name := range ranges {
		if _, set := configs[name]; !set {
			continue
		}
		n := b.givenInt(name, configs)
		_, least, most := boundKeys(name)
		if least != "" && n < b.num(least) {
			return refuse(kerr.InvalidConfig, "%s must be at least %d, which is %s of the broker", name, b.num(least), least)
		}
		if most != "" && n > b.num(most) {
			return refuse(kerr.InvalidConfig, "%s must be at most %d, which is %s of the broker", name, b.num(most), most)
		}
	}
	if name, set := configs["streams.assignor.name"]; set && !slices.Contains(b.List("group.streams.assignors"), name) {
		return refuse(kerr.InvalidConfig, "streams.assignor.name: there is no assignor %q", name)
	}
	for _, kind := range []string{"consumer", "share", "streams"} {
		beat, session := kind+".heartbeat.interval.ms", kind+".session.timeout.ms"
		if b.givenInt(beat, configs) >= b.givenInt(session, configs) {
			return refuse(kerr.InvalidConfig, "%s must be less than %s", beat, session)
		}
	}
	return nil
}

// ValidateClientMetrics checks all configs that a client metrics subscription
// is to have. The error is a *Refusal with INVALID_CONFIG, or INVALID_REQUEST
// for a wrong name or interval.
func ValidateClientMetrics(configs map[string]string) error {
	if err := judgeAll(clientMetricsKeys, "client metrics subscription", configs, kerr.InvalidRequest); err != nil {
		return err
	}
	if raw, ok := configs["interval.ms"]; ok {
		n, _ := parseInt(strings.TrimSpace(raw), 32, "INT")
		if n := n.(int64); n < leastInterval || n > mostInterval {
			return refuse(kerr.InvalidRequest, "interval.ms must be from %d to %d", leastInterval, mostInterval)
		}
	}
	if bad := badMatch(splitList(strings.TrimSpace(configs["match"]))); bad != "" {
		return refuse(kerr.InvalidConfig, "match: %q is not of the form parameter=pattern", bad)
	}
	return nil
}
