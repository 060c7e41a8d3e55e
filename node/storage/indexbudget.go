package storage

import "container/list"

// IndexBudget bounds the memory that the indexes of a shard's older segments take:
// those used longest ago are forgotten, and read from their files when they are
// wanted again. Segments that are appended to, or past the recovery point, keep
// theirs: the files do not have all of it yet.
//
//	used now .... used before .... used longest ago -> forgotten
type IndexBudget struct {
	most, have int64     // bytes
	used       list.List // of *heldIndex, the latest first
}

// heldIndex is a segment with its indexes in memory.
type heldIndex struct {
	l    *Log
	s    *segment
	size int64
}

// NewIndexBudget is a budget of so many bytes.
func NewIndexBudget(most int64) *IndexBudget { return &IndexBudget{most: most} }

// use notes that a segment's indexes are wanted. They stay until the task that asks
// lets others work.
func (b *IndexBudget) use(l *Log, s *segment) {
	switch {
	case b == nil || !l.ready || !s.sealed:
		return
	case s.held == nil:
		s.held = b.used.PushFront(&heldIndex{l, s, s.indexSize()})
		b.have += s.indexSize()
	default:
		b.used.MoveToFront(s.held)
	}
	for x := b.used.Back(); b.have > b.most && x != nil && x != s.held; {
		before := x.Prev()
		if h := x.Value.(*heldIndex); h.l.spares(h.s) {
			b.drop(h.s)
			h.s.forgetIndexes()
		}
		x = before
	}
}

// drop is of a segment whose indexes count no more.
func (b *IndexBudget) drop(s *segment) {
	if s.held != nil {
		b.have -= b.used.Remove(s.held).(*heldIndex).size
		s.held = nil
	}
}

// spares tells whether the files of a segment have all that its indexes say, and
// nobody is about to change it.
func (l *Log) spares(s *segment) bool {
	return s.gone || s.end <= l.point.offset && l.cuts == 0 && l.working == 0 && !s.mending
}

func (s *segment) indexSize() int64 { return int64(len(s.index.b) + len(s.times.b)) }

// forgetIndexes keeps the largest timestamp, which is what retention asks for.
func (s *segment) forgetIndexes() { s.index, s.times, s.timed = nil, nil, true }
