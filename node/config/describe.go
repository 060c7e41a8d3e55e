package config

import (
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Entry is one key of a resource as DescribeConfigs shows it. A nil Value is
// null: not set, or not to be shown.
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

// DescribeTopic is all keys of a topic with these overrides, sorted by name.
func (b *Broker) DescribeTopic(overrides map[string]string) []Entry { return nil }

// DescribeBroker is all keys of this broker, sorted by name.
func (b *Broker) DescribeBroker() []Entry { return nil }

// DescribeCluster is the dynamic configs of all brokers, sorted by name.
func (b *Broker) DescribeCluster() []Entry { return nil }

// DescribeGroup is all keys of a group with these overrides, sorted by name.
func (b *Broker) DescribeGroup(overrides map[string]string) []Entry { return nil }

// DescribeClientMetrics is all keys of a client metrics subscription, sorted by
// name.
func DescribeClientMetrics(overrides map[string]string) []Entry { return nil }
