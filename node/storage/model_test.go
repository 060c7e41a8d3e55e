package storage_test

import (
	"bytes"
	"fmt"
	"slices"

	"odradek/node/record"
	"odradek/node/storage"
)

// model is what a log has to hold, in the simplest form: all batches in a row,
// those below the start too.
type model struct {
	line   []record.Batch
	ever   map[int64][]record.Batch // all that was ever appended, by offset
	start  int64                    // seen as the log's start
	origin int64                    // where it began
	asked  int64                    // the furthest that the start may be
	acked  int64                    // must survive
	cache  int64                    // must survive as long as the page cache does
	blind  bool                     // what is known of producers was lost, rightly
}

func newModel() *model { return &model{ever: map[int64][]record.Batch{}} }

func (m *model) end() int64 {
	if n := len(m.line); n > 0 {
		return m.line[n-1].NextOffset()
	}
	return 0
}

func (m *model) append(b record.Batch) {
	b = slices.Clone(b)
	m.line = append(m.line, b)
	m.ever[b.BaseOffset()] = append(m.ever[b.BaseOffset()], b)
}

// cut forgets what lies at or after an offset.
func (m *model) cut(end int64) {
	for m.end() > end {
		m.line = m.line[:len(m.line)-1]
	}
}

// adopt makes what a restart found the truth, if it may be.
func (m *model) adopt(found []record.Batch, start, end int64) error {
	switch {
	case m.acked == 0 && (start > m.asked || start < m.start && m.start == m.origin): // nothing is owed yet, not even that it begins at 0
		m.line, m.origin, m.start, m.asked = nil, start, start, start
	case start > m.acked: // more was deleted than was ever synced
		m.line, m.blind = nil, true
	}
	for _, b := range found {
		i, known := slices.BinarySearchFunc(m.line, b.BaseOffset(), func(x record.Batch, at int64) int { return int(x.BaseOffset() - at) })
		if known && bytes.Equal(m.line[i], b) {
			continue
		}
		if b.BaseOffset() < m.acked {
			return fmt.Errorf("the batch at %d has changed", b.BaseOffset())
		}
		if !slices.ContainsFunc(m.ever[b.BaseOffset()], func(x record.Batch) bool { return bytes.Equal(x, b) }) {
			return fmt.Errorf("the batch at %d was never appended", b.BaseOffset())
		}
		m.cut(b.BaseOffset())
		m.line = append(m.line, b)
	}
	m.cut(end)
	if m.end() != end && end != start {
		return fmt.Errorf("the end is %d, the batches end at %d", end, m.end())
	}
	return nil
}

// producers is what the log has to know of its producers.
func (m *model) producers() *storage.Producers {
	p := storage.NewProducers()
	for _, b := range m.line {
		p.Update(b)
	}
	return p
}

// last are the last batches of a producer's newest epoch, at most five.
func (m *model) last(id int64) (all []record.Batch) {
	for _, b := range m.line {
		if b.ProducerID() != id {
			continue
		}
		if n := len(all); n > 0 && all[n-1].ProducerEpoch() != b.ProducerEpoch() {
			all = nil
		}
		all = append(all, b)
	}
	return all[max(0, len(all)-5):]
}

// between are the batches that a read finds: from the one that holds an offset,
// up to those that reach a limit.
func (m *model) between(from, limit int64) (all []record.Batch) {
	for _, b := range m.line {
		if b.LastOffset() >= from && b.LastOffset() < limit {
			all = append(all, b)
		}
	}
	return all
}

// mark is a record as a time lookup finds it.
type mark struct {
	offset, timestamp int64
	epoch             int32
}

var nowhere = mark{-1, -1, -1}

// atTime is the first record at or after a time; latest, that with the largest.
func (m *model) atTime(ts, limit int64) mark {
	for r := range m.marks(limit) {
		if r.timestamp >= ts {
			return r
		}
	}
	return nowhere
}

func (m *model) latest(limit int64) mark {
	best := nowhere
	for r := range m.marks(limit) {
		if r.timestamp > best.timestamp {
			best = r
		}
	}
	return best
}

func (m *model) marks(limit int64) func(func(mark) bool) {
	return func(yield func(mark) bool) {
		for _, b := range m.line {
			for r, err := range record.Records(b, nil, 0) {
				if err != nil {
					panic(err)
				}
				in := r.Offset >= m.start && r.Offset < limit
				if in && !yield(mark{r.Offset, r.Timestamp, b.PartitionLeaderEpoch()}) {
					return
				}
			}
		}
	}
}
