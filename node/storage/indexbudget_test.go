package storage

import "testing"

// older is a sealed segment below the recovery point, with a kilobyte of indexes.
func older(base int64) *segment {
	s := newSegment(base, 0)
	s.end, s.sealed = base+10, true
	s.index.b, s.times.b = make([]byte, 400), make([]byte, 624)
	return s
}

func TestIndexesUsedLongestAgoAreForgotten(t *testing.T) {
	b := NewIndexBudget(3 << 10)
	l := &Log{ready: true, point: recoveryPoint{offset: 1000}}
	var all []*segment
	for i := range int64(10) {
		all = append(all, older(10*i))
		b.use(l, all[i])
		b.use(l, all[0])
	}
	for i, s := range all {
		if kept := i == 0 || i >= 8; (s.index != nil) != kept || !kept && !s.timed {
			t.Errorf("segment %d: kept %v", i, s.index != nil)
		}
	}
	if b.have != 3<<10 || b.used.Len() != 3 {
		t.Errorf("%d bytes of %d segments", b.have, b.used.Len())
	}
	for _, s := range all {
		b.drop(s)
	}
	if b.have != 0 || b.used.Len() != 0 {
		t.Errorf("%d bytes of %d segments are left", b.have, b.used.Len())
	}
}

func TestIndexesThatAreNotOnDiskAreKept(t *testing.T) {
	b := NewIndexBudget(1)
	l := &Log{ready: true, point: recoveryPoint{offset: 15}}
	saved, unsaved, active := older(0), older(10), older(20)
	active.sealed = false
	for _, s := range []*segment{saved, unsaved, active, older(0)} {
		b.use(l, s)
	}
	if saved.index != nil || unsaved.index == nil || active.index == nil {
		t.Errorf("kept: %v %v %v", saved.index != nil, unsaved.index != nil, active.index != nil)
	}
	l.working = 1
	b.use(l, older(0))
	if b.used.Len() != 3 {
		t.Errorf("%d are kept while the log is at work", b.used.Len())
	}
}
