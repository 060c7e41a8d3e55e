package config

import (
	"regexp"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// layer is one place of values, by name.
type layer struct {
	source kmsg.ConfigSource
	get    func(name string) (string, bool)
}

func in(m map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		v, ok := m[name]
		return v, ok
	}
}

// layers are where a broker's values come from, the strongest first.
func (b *Broker) layers() []layer {
	return []layer{
		{kmsg.ConfigSourceDynamicBrokerConfig, in(b.own)},
		{kmsg.ConfigSourceDynamicDefaultBrokerConfig, in(b.cluster)},
		{kmsg.ConfigSourceStaticBrokerConfig, in(b.Static)},
		{kmsg.ConfigSourceDefaultConfig, defaultOf},
	}
}

func defaultOf(name string) (string, bool) {
	if k := find(brokerKeys, name); k != nil && k.Default != nil {
		return *k.Default, true
	}
	return "", false
}

// families are keys that say the same, the stronger ones first. Only the first
// of each is dynamic.
var families = [][]string{
	{"log.retention.ms", "log.retention.minutes", "log.retention.hours"},
	{"log.roll.ms", "log.roll.hours"},
	{"log.roll.jitter.ms", "log.roll.jitter.hours"},
	{"log.flush.interval.ms", "log.flush.scheduler.interval.ms"},
}

var ofListener = regexp.MustCompile(`^listener\.name\.[^.]*\.(.*)`)

// ofMechanism are keys that can be given for one mechanism of a listener:
// listener.name.sasl_ssl.plain.sasl.jaas.config.
var ofMechanism = []string{
	"sasl.jaas.config", "sasl.login.callback.handler.class", "sasl.login.class", "sasl.server.callback.handler.class",
	"connections.max.reauth.ms",
}

// baseName is the name without a listener and mechanism before it; ok tells
// whether there was a listener.
func baseName(name string) (base string, ok bool) {
	m := ofListener.FindStringSubmatch(name)
	if m == nil {
		return name, false
	}
	for _, key := range ofMechanism {
		if strings.HasSuffix(m[1], key) {
			return key, true
		}
	}
	return m[1], true
}

// brokerKey is the key that a broker's config has, with or without a listener;
// nil if nobody knows it.
func brokerKey(name string) *Key {
	base, _ := baseName(name)
	return find(brokerKeys, base)
}

// synonymsOf is the names under which a broker's value is looked for.
func synonymsOf(name string) []string {
	if base, ok := baseName(name); ok {
		return []string{name, base}
	}
	for _, family := range families {
		if slices.Contains(family, name) && name != "log.flush.scheduler.interval.ms" {
			return family
		}
	}
	return []string{name}
}

// places is where a broker's value could come from, the strongest first. It
// begins with the first place under the name itself, as Kafka's does: a
// default of log.retention.hours says nothing of log.retention.ms alone.
func (b *Broker) places(name string) (found []Synonym) {
	secret := sensitive(brokerKey(name))
	for _, l := range b.layers() {
		for _, synonym := range synonymsOf(name) {
			v, ok := l.get(synonym)
			if !ok || len(found) == 0 && synonym != name {
				continue
			}
			found = append(found, Synonym{synonym, shown(v, secret), l.source})
		}
	}
	return found
}

// sensitive tells whether a value is never shown: that of a password, and that
// of a key which nobody knows.
func sensitive(k *Key) bool { return k == nil || k.Sensitive() }

func shown(v string, secret bool) *string {
	if secret {
		return nil
	}
	return &v
}

// raw is a broker's value under one name. A dynamic value hides what was given
// at the start under other names of its family.
func (b *Broker) raw(name string) (string, bool) {
	for _, l := range b.layers() {
		if v, ok := l.get(name); ok {
			return v, true
		}
		if hides(l, name) {
			return defaultOf(name)
		}
	}
	return "", false
}

// IsSet tells whether somebody gave a broker's key a value: it is not the default.
func (b *Broker) IsSet(name string) bool {
	found := b.places(name)
	return len(found) > 0 && found[0].Source != kmsg.ConfigSourceDefaultConfig
}

func hides(l layer, name string) bool {
	if l.source == kmsg.ConfigSourceStaticBrokerConfig || l.source == kmsg.ConfigSourceDefaultConfig {
		return false
	}
	for _, family := range families {
		if slices.Contains(family, name) {
			_, ok := l.get(family[0])
			return ok
		}
	}
	return false
}
