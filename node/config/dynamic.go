package config

import (
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
)

// ValidateDynamic checks all dynamic configs that this broker (own) or all
// brokers are to have, against those that hold now (Kafka's
// DynamicBrokerConfig.validate). Names that nobody knows are let in, as Kafka
// does. The error is a *Refusal with INVALID_REQUEST.
func (b *Broker) ValidateDynamic(own bool, configs map[string]string) error {
	for _, name := range slices.Sorted(maps.Keys(configs)) {
		if reason := dynamicName(name, own); reason != "" {
			return refuse(kerr.InvalidRequest, "%s %s", name, reason)
		}
	}
	for _, name := range slices.Sorted(maps.Keys(configs)) {
		k := brokerKey(name)
		if k == nil {
			continue
		}
		if _, err := k.judge(configs[name]); err != nil {
			return refuse(kerr.InvalidRequest, "%v", err)
		}
	}
	next := b.With(b.cluster, configs)
	if !own {
		next = b.With(configs, b.own)
	}
	return next.after(b)
}

// stores are the keys for certificates, which a node can change for a listener
// alone.
var stores = []string{
	"ssl.key.password", "ssl.keystore.certificate.chain", "ssl.keystore.key", "ssl.keystore.location",
	"ssl.keystore.password", "ssl.keystore.type", "ssl.truststore.certificates", "ssl.truststore.location",
	"ssl.truststore.password", "ssl.truststore.type",
}

// capsOfListeners are what all brokers can be given for one listener.
var capsOfListeners = []string{"max.connection.creation.rate", "max.connections", "num.network.threads"}

// dynamicName tells why a name cannot be set while the node runs; "" if it can.
func dynamicName(name string, own bool) string {
	k := find(brokerKeys, name)
	base, ofListener := baseName(name)
	switch {
	case k != nil && !k.Is(PerBroker|Cluster):
		return "can only be given at the start of a node"
	case slices.Contains(stores, name):
		return "can only be changed for one listener, as listener.name.<listener>." + name
	case own, ofListener && slices.Contains(capsOfListeners, base):
		return ""
	case ofListener, k != nil && k.Is(PerBroker):
		return "can only be changed for one broker"
	}
	return ""
}

// pools are the numbers of threads. Each can at most be doubled and at most be
// halved at one time.
var pools = []string{
	"background.threads", "log.cleaner.threads", "num.io.threads", "num.network.threads",
	"num.recovery.threads.per.data.dir", "num.replica.fetchers",
}

// after checks the whole that a change makes of what was.
func (b *Broker) after(old *Broker) error {
	for _, name := range pools {
		was, is := old.num(name), b.num(name)
		if is != was && (is < 1 || is > 2*was || is < was/2) {
			return refuse(kerr.InvalidRequest, "%s cannot go from %d to %d: at most the double and at least the half", name, was, is)
		}
	}
	for _, r := range rules {
		if reason := r.broken(b); reason != "" && reason != r.broken(old) {
			return refuse(kerr.InvalidRequest, "%s", reason)
		}
	}
	return nil
}
