package wire

import (
	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Part is a piece of a response: bytes, or the place of a range of records that
// only the caller knows.
type Part struct {
	Bytes []byte // nil for a range
	Range int    // index of the partition in the order of the response, -1 for bytes
}

// AppendFetch encodes a fetch response around its records, which it never
// touches:
//
//	Bytes: size, header, first fields ... length of records 0
//	Range: 0
//	Bytes: tags of partition 0, first fields of partition 1, length of records 1
//	Range: 1
//	...
//	Bytes: the rest
//
// sizes[i] is the length of the records of the i-th partition, counted through
// all topics in the response's order; -1 is null. Only partitions with records
// get a range. RecordBatches of the skeleton is ignored. All bytes lie in one
// buffer. Parts are appended to dst. Versions 4 and up.
func AppendFetch(dst []Part, corrID int32, resp *kmsg.FetchResponse, sizes []int) []Part {
	e := fetchEncoder{version: resp.Version, flexible: resp.IsFlexible(), sizes: sizes}
	e.buf = make([]byte, 0, fetchHead+fetchPartition*len(sizes))
	e.cuts = make([]cut, 0, len(sizes))
	e.buf = appendResponseHeader(e.buf, corrID, e.flexible)
	e.response(resp)
	setSize(e.buf, len(e.buf)+e.ranged)
	return e.parts(dst)
}

// FetchSize is the number of bytes of parts on the wire, size prefix included,
// with sizes as given to AppendFetch.
func FetchSize(parts []Part, sizes []int) int {
	n := 0
	for _, p := range parts {
		if n += len(p.Bytes); p.Range >= 0 {
			n += sizes[p.Range]
		}
	}
	return n
}

// First guesses of encoded sizes; the buffer grows when they do not suffice.
const (
	fetchHead      = 128
	fetchPartition = 96
)

// cut is a place of buf where a range of records belongs.
type cut struct{ at, index int }

type fetchEncoder struct {
	version  int16
	flexible bool
	sizes    []int
	next     int // index of the next partition
	ranged   int // bytes in ranges so far
	buf      []byte
	cuts     []cut
}

func (e *fetchEncoder) parts(dst []Part) []Part {
	from := 0
	for _, c := range e.cuts {
		dst = append(dst, Part{Bytes: e.buf[from:c.at:c.at], Range: -1}, Part{Range: c.index})
		from = c.at
	}
	if from < len(e.buf) {
		dst = append(dst, Part{Bytes: e.buf[from:], Range: -1})
	}
	return dst
}

func (e *fetchEncoder) response(r *kmsg.FetchResponse) {
	e.int32(r.ThrottleMillis)
	if e.version >= 7 {
		e.int16(r.ErrorCode)
		e.int32(r.SessionID)
	}
	e.length(len(r.Topics))
	for i := range r.Topics {
		e.topic(&r.Topics[i])
	}
	if e.flexible {
		e.endpoints(r)
	}
}

func (e *fetchEncoder) topic(t *kmsg.FetchResponseTopic) {
	if e.version <= 12 {
		e.string(t.Topic)
	} else {
		e.buf = append(e.buf, t.TopicID[:]...)
	}
	e.length(len(t.Partitions))
	for i := range t.Partitions {
		e.partition(&t.Partitions[i])
	}
	e.unknown(&t.UnknownTags)
}

func (e *fetchEncoder) partition(p *kmsg.FetchResponseTopicPartition) {
	e.int32(p.Partition)
	e.int16(p.ErrorCode)
	e.int64(p.HighWatermark)
	e.int64(p.LastStableOffset)
	if e.version >= 5 {
		e.int64(p.LogStartOffset)
	}
	e.aborted(p.AbortedTransactions)
	if e.version >= 11 {
		e.int32(p.PreferredReadReplica)
	}
	e.records()
	if e.flexible {
		e.partitionTags(p)
	}
}

// records writes the length of the next partition's records and marks the cut.
func (e *fetchEncoder) records() {
	n := e.sizes[e.next]
	e.length(n)
	if n > 0 {
		e.cuts = append(e.cuts, cut{at: len(e.buf), index: e.next})
		e.ranged += n
	}
	e.next++
}

func (e *fetchEncoder) aborted(txns []kmsg.FetchResponseTopicPartitionAbortedTransaction) {
	if txns == nil {
		e.length(-1)
		return
	}
	e.length(len(txns))
	for i := range txns {
		e.int64(txns[i].ProducerID)
		e.int64(txns[i].FirstOffset)
		e.unknown(&txns[i].UnknownTags)
	}
}

func (e *fetchEncoder) int16(v int16) { e.buf = kbin.AppendInt16(e.buf, v) }
func (e *fetchEncoder) int32(v int32) { e.buf = kbin.AppendInt32(e.buf, v) }
func (e *fetchEncoder) int64(v int64) { e.buf = kbin.AppendInt64(e.buf, v) }

// length writes a length or count, which are alike: -1 is null.
func (e *fetchEncoder) length(n int) {
	if e.flexible {
		e.buf = kbin.AppendUvarint(e.buf, uint32(n+1))
	} else {
		e.int32(int32(n))
	}
}

func (e *fetchEncoder) string(s string) {
	if e.flexible {
		e.buf = kbin.AppendCompactString(e.buf, s)
	} else {
		e.buf = kbin.AppendString(e.buf, s)
	}
}
