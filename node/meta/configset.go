package meta

import (
	"cmp"
	"maps"
	"slices"
)

// Types of resources that have configs (Kafka's ConfigResource.Type).
const (
	ResourceUnknown       int8 = 0
	ResourceTopic         int8 = 2
	ResourceBroker        int8 = 4 // by node id; "" is the whole cluster's default
	ResourceBrokerLogger  int8 = 8
	ResourceClientMetrics int8 = 16
	ResourceGroup         int8 = 32
)

// resource is what configs belong to.
type resource struct {
	kind int8
	name string
}

// Config is one dynamic config.
type Config struct{ Name, Value string }

// ConfigSet is the dynamic configs of one resource, by name. It is never
// changed in place.
type ConfigSet []Config

// Get finds a config.
func (s ConfigSet) Get(name string) (value string, ok bool) {
	if at, found := s.find(name); found {
		return s[at].Value, true
	}
	return "", false
}

// Map is a copy as a map.
func (s ConfigSet) Map() map[string]string {
	m := make(map[string]string, len(s))
	for _, c := range s {
		m[c.Name] = c.Value
	}
	return m
}

func (s ConfigSet) find(name string) (int, bool) {
	return slices.BinarySearchFunc(s, name, func(c Config, name string) int { return cmp.Compare(c.Name, name) })
}

// with is the set with one config set, or with a nil value without it.
func (s ConfigSet) with(name string, value *string) ConfigSet {
	at, found := s.find(name)
	rest := s[at:]
	if found {
		rest = rest[1:]
	}
	set := append(make(ConfigSet, 0, len(s)+1), s[:at]...)
	if value != nil {
		set = append(set, Config{name, *value})
	}
	return append(set, rest...)
}

// Configs is the dynamic configs of a resource; empty if it has none.
func (im *Image) Configs(resourceType int8, name string) ConfigSet {
	return im.configs[resource{resourceType, name}]
}

// configured is all resources that have configs, sorted.
func (im *Image) configured() []resource {
	return slices.SortedFunc(maps.Keys(im.configs), func(a, b resource) int {
		return cmp.Or(cmp.Compare(a.kind, b.kind), cmp.Compare(a.name, b.name))
	})
}
