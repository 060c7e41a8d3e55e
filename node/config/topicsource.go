package config

import "slices"

// source is a key of brokers that gives topics a default, and what one of its
// units is in units of the topic's key.
type source struct {
	key    string
	factor int64
}

const (
	minute = 60 * 1000
	hour   = 60 * minute
)

// topicSources are the keys of brokers behind each key of topics, the first one
// that is set counting (Kafka's ServerTopicConfigSynonyms). Those that are not
// here have a default of their own.
var topicSources = map[string][]source{
	"cleanup.policy":                  {{"log.cleanup.policy", 1}},
	"compression.gzip.level":          {{"compression.gzip.level", 1}},
	"compression.lz4.level":           {{"compression.lz4.level", 1}},
	"compression.type":                {{"compression.type", 1}},
	"compression.zstd.level":          {{"compression.zstd.level", 1}},
	"delete.retention.ms":             {{"log.cleaner.delete.retention.ms", 1}},
	"file.delete.delay.ms":            {{"log.segment.delete.delay.ms", 1}},
	"flush.messages":                  {{"log.flush.interval.messages", 1}},
	"flush.ms":                        {{"log.flush.interval.ms", 1}, {"log.flush.scheduler.interval.ms", 1}},
	"index.interval.bytes":            {{"log.index.interval.bytes", 1}},
	"local.retention.bytes":           {{"log.local.retention.bytes", 1}},
	"local.retention.ms":              {{"log.local.retention.ms", 1}},
	"max.compaction.lag.ms":           {{"log.cleaner.max.compaction.lag.ms", 1}},
	"max.decompressed.message.bytes":  {{"max.decompressed.message.bytes", 1}},
	"max.message.bytes":               {{"message.max.bytes", 1}},
	"message.timestamp.after.max.ms":  {{"log.message.timestamp.after.max.ms", 1}},
	"message.timestamp.before.max.ms": {{"log.message.timestamp.before.max.ms", 1}},
	"message.timestamp.type":          {{"log.message.timestamp.type", 1}},
	"min.cleanable.dirty.ratio":       {{"log.cleaner.min.cleanable.ratio", 1}},
	"min.compaction.lag.ms":           {{"log.cleaner.min.compaction.lag.ms", 1}},
	"min.insync.replicas":             {{"min.insync.replicas", 1}},
	"preallocate":                     {{"log.preallocate", 1}},
	"remote.copy.lag.bytes":           {{"log.remote.copy.lag.bytes", 1}},
	"remote.copy.lag.ms":              {{"log.remote.copy.lag.ms", 1}},
	"retention.bytes":                 {{"log.retention.bytes", 1}},
	"retention.ms":                    {{"log.retention.ms", 1}, {"log.retention.minutes", minute}, {"log.retention.hours", hour}},
	"segment.bytes":                   {{"log.segment.bytes", 1}},
	"segment.index.bytes":             {{"log.index.size.max.bytes", 1}},
	"segment.jitter.ms":               {{"log.roll.jitter.ms", 1}, {"log.roll.jitter.hours", hour}},
	"segment.ms":                      {{"log.roll.ms", 1}, {"log.roll.hours", hour}},
	"unclean.leader.election.enable":  {{"unclean.leader.election.enable", 1}},
}

// topicDefault is the value of a topic's key that has no override.
func (b *Broker) topicDefault(k *Key) value {
	for _, s := range topicSources[k.Name] {
		v := b.get(s.key)
		if n, ok := v.(int64); ok {
			return inherited(k.Name, n, s.factor)
		}
		if v != nil {
			return v
		}
	}
	if k.Default == nil {
		return nil
	}
	v, err := k.parse(*k.Default)
	if err != nil {
		panic("config: the default of " + k.Name + ": " + err.Error())
	}
	return v
}

// inherited is a broker's number in a topic's units. Every negative retention
// of a broker means: for ever.
func inherited(name string, n, factor int64) value {
	if name == "retention.ms" && n < 0 {
		return int64(-1)
	}
	return n * factor
}

// topicValue is the value of a topic's key; an override that cannot be read is
// passed over.
func (b *Broker) topicValue(k *Key, overrides map[string]string) value {
	if raw, ok := overrides[k.Name]; ok {
		if v, err := k.judge(raw); err == nil {
			return v
		}
	}
	return b.topicDefault(k)
}

// topicView reads the values of one topic.
type topicView struct {
	b         *Broker
	overrides map[string]string
}

func (t topicView) get(name string) value {
	k := find(topicKeys, name)
	if k == nil {
		panic("config: no key " + name)
	}
	return t.b.topicValue(k, t.overrides)
}

func (t topicView) list(name string) []string {
	if l := t.get(name).([]string); len(l) > 0 {
		return l
	}
	return nil
}

func (t topicView) num(name string) int64 { return t.get(name).(int64) }

func (t topicView) is(name string) bool { return t.get(name).(bool) }

func (t topicView) has(name, element string) bool {
	return slices.Contains(t.get(name).([]string), element)
}
