package config

import "github.com/twmb/franz-go/pkg/kmsg"

// DescribeTopic is all keys of a topic with these overrides, sorted by name.
func (b *Broker) DescribeTopic(overrides map[string]string) []Entry {
	var all []Entry
	for i := range topicKeys {
		k := &topicKeys[i]
		if !listed(k, overrides) {
			continue
		}
		v := b.topicValue(k, overrides)
		from := override(k, v, overrides, kmsg.ConfigSourceDynamicTopicConfig)
		if s := topicSources[k.Name]; s != nil {
			from = append(from, b.places(s[0].key)...)
		}
		all = append(all, entry(k, v, from))
	}
	return all
}
