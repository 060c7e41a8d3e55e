package config

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Key is one key that can be configured.
type Key struct {
	Name    string
	Type    kmsg.ConfigType
	Default *string // as Kafka writes it; nil is null
	Check   check   // nil: every value of the type is good
	Traits  Traits
	Doc     string
}

// Traits say how a key is treated. Without any it is read-only: given at the
// start of a node, of no effect, and listed by DescribeConfigs.
type Traits uint8

const (
	// Acts marks what has an effect in Odradek today.
	Acts Traits = 1 << iota
	// PerBroker is dynamic, for one broker at a time.
	PerBroker
	// Cluster is dynamic, for one broker or for all.
	Cluster
	// Unlisted is shown by DescribeConfigs only if it is set.
	Unlisted
)

// Is tells whether the key has one of these traits.
func (k *Key) Is(t Traits) bool { return k.Traits&t != 0 }

// Sensitive tells whether the value is never to be shown.
func (k *Key) Sensitive() bool { return k.Type == kmsg.ConfigTypePassword }

// Short names for the tables.
const (
	boolean  = kmsg.ConfigTypeBoolean
	text     = kmsg.ConfigTypeString
	integer  = kmsg.ConfigTypeInt
	short    = kmsg.ConfigTypeShort
	long     = kmsg.ConfigTypeLong
	double   = kmsg.ConfigTypeDouble
	list     = kmsg.ConfigTypeList
	class    = kmsg.ConfigTypeClass
	password = kmsg.ConfigTypePassword
)

// The greatest values, as defaults that mean: no limit.
const (
	maxInt  = "2147483647"
	maxLong = "9223372036854775807"
)

// byName sorts tables into one, and makes it searchable.
func byName(tables ...[]Key) []Key {
	all := slices.Concat(tables...)
	slices.SortFunc(all, func(a, b Key) int { return strings.Compare(a.Name, b.Name) })
	return all
}

func find(keys []Key, name string) *Key {
	at, ok := slices.BinarySearchFunc(keys, name, func(k Key, name string) int { return strings.Compare(k.Name, name) })
	if !ok {
		return nil
	}
	return &keys[at]
}

var brokerKeys = byName(nodeKeys, quorumKeys, networkKeys, logKeys, cleanerKeys, topicKeysOfBrokers, replicaKeys,
	quotaKeys, metricKeys, securityKeys, sslKeys, saslKeys, oauthKeys, groupKeysOfBrokers, consumerKeys,
	shareKeys, shareStateKeys, streamsKeys, transactionKeys, remoteKeys, tierKeys, ownKeys)

// BrokerKeys is all keys of brokers, sorted by name. It is not to be changed.
func BrokerKeys() []Key { return brokerKeys }

// TopicKeys is all keys of topics, sorted by name. It is not to be changed.
func TopicKeys() []Key { return topicKeys }
