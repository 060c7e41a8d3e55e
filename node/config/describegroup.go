package config

import "github.com/twmb/franz-go/pkg/kmsg"

// DescribeClientMetrics is all keys of a client metrics subscription, sorted by
// name.
func DescribeClientMetrics(overrides map[string]string) []Entry {
	var all []Entry
	for i := range clientMetricsKeys {
		k := &clientMetricsKeys[i]
		raw, set := overrides[k.Name]
		if !set {
			raw = *k.Default
		}
		v := k.canonical(raw)
		all = append(all, entry(k, v, override(k, v, overrides, kmsg.ConfigSourceClientMetricsConfig)))
	}
	return all
}

// DescribeGroup is all keys of a group with these overrides, sorted by name.
func (b *Broker) DescribeGroup(overrides map[string]string) []Entry {
	var all []Entry
	for i := range groupKeys {
		k := &groupKeys[i]
		if !listed(k, overrides) {
			continue
		}
		v := b.groupValue(k, overrides)
		from := override(k, v, overrides, kmsg.ConfigSourceGroupConfig)
		if of := groupSource(k); of != "" {
			from = append(from, b.places(of)...)
		} else if k.Default != nil {
			from = append(from, Synonym{k.Name, k.Default, kmsg.ConfigSourceDefaultConfig})
		}
		all = append(all, entry(k, v, from))
	}
	return all
}

// groupSource is the broker's key that gives a group's key its default; "" if
// there is none.
func groupSource(k *Key) string {
	name := "group." + k.Name
	if k.Name == "streams.assignor.name" {
		name = "group.streams.assignors"
	}
	if find(brokerKeys, name) == nil {
		return ""
	}
	return name
}

// groupValue is the value of a group's key.
func (b *Broker) groupValue(k *Key, overrides map[string]string) value {
	if raw, ok := overrides[k.Name]; ok {
		if v, err := k.judge(raw); err == nil {
			return v
		}
	}
	of := groupSource(k)
	if of == "" {
		v, _ := k.parse(*k.Default)
		return v
	}
	v := b.get(of)
	if l, ok := v.([]string); ok && k.Type == text {
		return l[0] // the first assignor is the default
	}
	return v
}
