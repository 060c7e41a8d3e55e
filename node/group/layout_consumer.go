package group

import (
	"slices"

	"odradek/node/group/assign"
)

// The keys of consumer groups. They are not flexible:
//
//	| int16 kind | int16 length | group |                                of the group
//	| int16 kind | int16 length | group | int16 length | member or regex |
const (
	keyConsumer       = 3  // epoch of the group
	keyConsumerTopics = 4  // what it knew of topics before Kafka 4.1: read, and buried
	keyConsumerMember = 5  // what a member says of itself
	keyTarget         = 6  // epoch of the target assignment
	keyTargetMember   = 7  // a member's target
	keyCurrentMember  = 8  // what a member has
	keyRegex          = 16 // what a regular expression matches
)

func consumerKey(kind int16, group string) []byte {
	return keyPart([]byte{byte(kind >> 8), byte(kind)}, group)
}

func consumerPartKey(kind int16, group, part string) []byte {
	return keyPart(consumerKey(kind, group), part)
}

func keyPart(key []byte, text string) []byte {
	return append(append(key, byte(len(text)>>8), byte(len(text))), text...)
}

// readConsumerKey reads a key; part is empty for those of the group.
func readConsumerKey(key []byte) (group, part string, err error) {
	u := unpacker{from: key}
	kind := u.int16()
	group = string(u.take(int(u.int16())))
	if kind == keyConsumerMember || kind == keyTargetMember || kind == keyCurrentMember || kind == keyRegex {
		part = string(u.take(int(u.int16())))
	}
	return group, part, u.err
}

// consumerEpoch is ConsumerGroupMetadata:
//
//	| int16 0 | int32 epoch | tags: 0: int64 hash of the topics' metadata |
type consumerEpoch struct {
	epoch int32
	hash  int64 // 0: of no topics
}

func (v consumerEpoch) record(group string) Record {
	p := packer{to: []byte{0, 0}}
	p.int32(v.epoch)
	p.tag(0, tagged64(v.hash))
	return Record{consumerKey(keyConsumer, group), p.to}
}

// tagged64 is the field of a number whose default is 0.
func tagged64(v int64) []byte {
	if v == 0 {
		return nil
	}
	field := packer{}
	field.int64(v)
	return field.to
}

func readConsumerEpoch(value []byte) (v consumerEpoch, err error) {
	u := unpacker{from: value}
	u.version()
	v.epoch = u.int32()
	u.tags(0, func(f *unpacker) { v.hash = f.int64() })
	return v, u.err
}

// targetEpoch is ConsumerGroupTargetAssignmentMetadata:
//
//	| int16 0 | int32 epoch | tags: 0: int64 when it was made, ms |
type targetEpoch struct {
	epoch int32
	made  int64 // 0: long ago
}

func (v targetEpoch) record(group string) Record {
	p := packer{to: []byte{0, 0}}
	p.int32(v.epoch)
	p.tag(0, tagged64(v.made))
	return Record{consumerKey(keyTarget, group), p.to}
}

func readTargetEpoch(value []byte) (v targetEpoch, err error) {
	u := unpacker{from: value}
	u.version()
	v.epoch = u.int32()
	u.tags(0, func(f *unpacker) { v.made = f.int64() })
	return v, u.err
}

// targetRecord is ConsumerGroupTargetAssignmentMember:
//
//	| int16 0 | array: ( uuid topic | array: int32 partition | tags ) | tags |
func targetRecord(group, member string, target assign.Assignment) Record {
	p := packer{to: []byte{0, 0}}
	p.count(len(target))
	for _, t := range target {
		p.uuid(t.ID)
		p.count(len(t.Partitions))
		for _, n := range t.Partitions {
			p.int32(n)
		}
		p.tag(0, nil)
	}
	p.tag(0, nil)
	return Record{consumerPartKey(keyTargetMember, group, member), p.to}
}

func readTarget(value []byte) (assign.Assignment, error) {
	u := unpacker{from: value}
	u.version()
	var all holding
	for range u.count() {
		topic := u.uuid()
		for range u.count() {
			all = append(all, held{spot: spot{topic, u.int32()}})
		}
		u.noTags()
	}
	u.noTags()
	return holding{}.with(all).assignment(), u.err
}

// regexMatch is ConsumerGroupRegularExpression:
//
//	| int16 0 | array: string topic | int64 version | int64 timestamp, ms | tags |
//
// The version is that of the metadata; ours are always looked at anew after a
// change of coordinator, so it is 0.
type regexMatch struct {
	topics []string // sorted
	at     int64
}

func (v regexMatch) record(group, regex string) Record {
	p := packer{to: []byte{0, 0}}
	p.count(len(v.topics))
	for _, t := range v.topics {
		p.string(t)
	}
	p.int64(0)
	p.int64(v.at)
	p.tag(0, nil)
	return Record{consumerPartKey(keyRegex, group, regex), p.to}
}

func readRegexMatch(value []byte) (v regexMatch, err error) {
	u := unpacker{from: value}
	u.version()
	for range u.count() {
		v.topics = append(v.topics, u.string())
	}
	u.int64()
	v.at = u.int64()
	u.noTags()
	slices.Sort(v.topics)
	v.topics = slices.Compact(v.topics)
	return v, u.err
}
