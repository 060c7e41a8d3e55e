package wire

import (
	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// unset is the default of the fields of all tagged structs of a partition: a
// struct whose fields are all unset is left out.
const unset = -1

// unknown writes the tagged fields of a struct that has none of its own.
func (e *fetchEncoder) unknown(t *kmsg.Tags) {
	if e.flexible {
		e.uvarint(t.Len())
		e.buf = t.AppendEach(e.buf)
	}
}

func (e *fetchEncoder) uvarint(n int) { e.buf = kbin.AppendUvarint(e.buf, uint32(n)) }

// tagged writes one tagged field: key, size, content. Contents are small, so
// the size is found by writing twice.
func (e *fetchEncoder) tagged(key int, content func()) {
	e.uvarint(key)
	at := len(e.buf)
	content()
	size := len(e.buf) - at
	e.buf = e.buf[:at]
	e.uvarint(size)
	content()
}

// partitionTags writes the tagged fields of a partition:
//
//	0 diverging epoch  (epoch int32, end offset int64)   KIP-595
//	1 current leader   (id int32, epoch int32)           KIP-951
//	2 snapshot id      (end offset int64, epoch int32)   KIP-630
func (e *fetchEncoder) partitionTags(p *kmsg.FetchResponseTopicPartition) {
	d, l, s := &p.DivergingEpoch, &p.CurrentLeader, &p.SnapshotID
	diverging := d.Epoch != unset || d.EndOffset != unset || d.UnknownTags.Len() > 0
	leader := l.LeaderID != unset || l.LeaderEpoch != unset || l.UnknownTags.Len() > 0
	snapshot := s.EndOffset != unset || s.Epoch != unset || s.UnknownTags.Len() > 0
	e.uvarint(p.UnknownTags.Len() + bit(diverging) + bit(leader) + bit(snapshot))
	if diverging {
		e.tagged(0, func() { e.int32(d.Epoch); e.int64(d.EndOffset); e.unknown(&d.UnknownTags) })
	}
	if leader {
		e.tagged(1, func() { e.int32(l.LeaderID); e.int32(l.LeaderEpoch); e.unknown(&l.UnknownTags) })
	}
	if snapshot {
		e.tagged(2, func() { e.int64(s.EndOffset); e.int32(s.Epoch); e.unknown(&s.UnknownTags) })
	}
	e.buf = p.UnknownTags.AppendEach(e.buf)
}

func bit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// endpoints writes the tagged fields of the response: tag 0 is where the
// current leaders named above can be reached (KIP-951).
func (e *fetchEncoder) endpoints(r *kmsg.FetchResponse) {
	some := len(r.Brokers) > 0
	e.uvarint(r.UnknownTags.Len() + bit(some))
	if some {
		e.tagged(0, func() { e.brokers(r.Brokers) })
	}
	e.buf = r.UnknownTags.AppendEach(e.buf)
}

func (e *fetchEncoder) brokers(brokers []kmsg.FetchResponseBroker) {
	e.length(len(brokers))
	for i := range brokers {
		b := &brokers[i]
		e.int32(b.NodeID)
		e.string(b.Host)
		e.int32(b.Port)
		e.buf = kbin.AppendCompactNullableString(e.buf, b.Rack)
		e.unknown(&b.UnknownTags)
	}
}
