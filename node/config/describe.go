package config

import "github.com/twmb/franz-go/pkg/kmsg"

// Entry is one key of a resource as DescribeConfigs shows it. A nil Value is
// null: not set, or not to be shown. Source is numbered as in KIP-226, Type as
// Kafka's ConfigType.
type Entry struct {
	Name      string
	Value     *string
	ReadOnly  bool
	Source    kmsg.ConfigSource
	Sensitive bool
	Synonyms  []Synonym // where a value could come from, the effective one first
	Type      kmsg.ConfigType
	Doc       string
}

// Synonym is one place that gives a value.
type Synonym struct {
	Name   string
	Value  *string
	Source kmsg.ConfigSource
}

// entry is a key with a value, and where it could have come from.
func entry(k *Key, v value, from []Synonym) Entry {
	e := Entry{Name: k.Name, Type: k.Type, Doc: k.Doc, Sensitive: k.Sensitive(), Synonyms: from}
	if v != nil && !e.Sensitive {
		e.Value = new(show(v))
	}
	e.Source = sourceOf(from)
	return e
}

func sourceOf(from []Synonym) kmsg.ConfigSource {
	if len(from) == 0 {
		return kmsg.ConfigSourceDefaultConfig
	}
	return from[0].Source
}

// listed tells whether a key is shown though it may not be set.
func listed(k *Key, set map[string]string) bool {
	_, ok := set[k.Name]
	return ok || !k.Is(Unlisted)
}

// override is the synonym of a value that is set on the resource itself.
func override(k *Key, v value, overrides map[string]string, source kmsg.ConfigSource) []Synonym {
	if _, ok := overrides[k.Name]; !ok {
		return nil
	}
	return []Synonym{{k.Name, new(show(v)), source}}
}
