package config

import (
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// DescribeBroker is all keys of this broker, sorted by name: those that Kafka
// lists, and whatever else is set.
func (b *Broker) DescribeBroker() []Entry {
	var names []string
	for i := range brokerKeys {
		if !brokerKeys[i].Is(Unlisted) {
			names = append(names, brokerKeys[i].Name)
		}
	}
	for _, set := range []map[string]string{b.Static, b.cluster, b.own} {
		names = append(names, slices.Sorted(maps.Keys(set))...)
	}
	slices.Sort(names)
	var all []Entry
	for _, name := range slices.Compact(names) {
		all = append(all, b.describe(name))
	}
	return all
}

// DescribeCluster is the dynamic configs of all brokers, sorted by name.
func (b *Broker) DescribeCluster() []Entry {
	var all []Entry
	cluster := &Broker{cluster: b.cluster}
	for _, name := range slices.Sorted(maps.Keys(b.cluster)) {
		e := cluster.describe(name)
		e.Synonyms = slices.DeleteFunc(e.Synonyms, func(s Synonym) bool {
			return s.Source != kmsg.ConfigSourceDynamicDefaultBrokerConfig
		})
		e.Source = sourceOf(e.Synonyms)
		all = append(all, e)
	}
	return all
}

func (b *Broker) describe(name string) Entry {
	k := brokerKey(name)
	e := Entry{Name: name, Synonyms: b.places(name), ReadOnly: true, Sensitive: sensitive(k)}
	e.Source = sourceOf(e.Synonyms)
	if k == nil {
		return e
	}
	e.Type, e.Doc = k.Type, k.Doc
	e.ReadOnly = name != k.Name || !k.Is(PerBroker|Cluster)
	if raw, ok := b.raw(name); ok && !e.Sensitive {
		e.Value = new(k.canonical(raw))
	}
	return e
}
