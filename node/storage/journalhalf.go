package storage

import (
	"fmt"
	"time"

	"odradek/node/env"
	"odradek/node/mutant"
)

// half is one of the two halves of a journal:
//
//	free --turn--> in use --full--> its segments are synced --> idle --a frame says so--> free
type half struct {
	area
	grown area  // where it goes on once it is free, if the journal has grown
	next  int64 // where the next frame goes
	first uint64
	begun time.Duration
	phase phase
	logs  []*Log // that it holds something of
}

// area is a part of the journal's file.
type area struct{ start, end int64 }

type phase uint8

const (
	phaseFree phase = iota
	phaseInUse
	phaseSyncing
	phaseIdle // nothing in it is needed; a crash would still find it
)

// room is what a frame may hold now: one that says what is needed has to fit behind it.
func (j *Journal) room() int64 {
	h := &j.halves[j.at]
	return max(h.end-h.next-2*frameHeader, 0)
}

// makeRoom turns to the other half if entries do not fit into this one, and it can.
func (j *Journal) makeRoom(now env.Time, size int64, out *env.Outbox) {
	other := &j.halves[1-j.at]
	if size <= j.room() || other.phase != phaseFree {
		return
	}
	full := j.at
	j.halves[full].phase = phaseSyncing
	j.at = 1 - full
	if now.Mono-j.halves[full].begun < fillsSoon {
		j.grow(now, out)
	}
	other.next, other.first, other.begun, other.phase = other.start, j.seq, now.Mono, phaseInUse
	j.tasks++
	j.o.Tasks.Start(now, out, func(t *env.Task) error { return j.release(t, full) }, func(now env.Time, err error, out *env.Outbox) {
		j.tasks--
		if err != nil {
			return // the log tells of a failure
		}
		j.halves[full].phase = phaseIdle
		j.needed = other.first
	})
}

// holds notes that the frame has something of a log, up to an offset.
func (j *Journal) holds(l *Log, end int64) {
	if h := &j.halves[j.at]; l.journal.in[j.at] == 0 {
		h.logs = append(h.logs, l)
	}
	l.journal.in[j.at] = max(l.journal.in[j.at], end)
}

// tells tells whether a frame is wanted for what it says of needed alone: only then
// the other half is free, and there is no room for anything else.
func (j *Journal) tells() bool {
	h := &j.halves[j.at]
	return j.told < j.needed && h.end-h.next >= frameHeader
}

// free lets the idle half be used again, once a crash would not look at it.
func (j *Journal) free() {
	i := 1 - j.at
	h := &j.halves[i]
	if h.phase != phaseIdle || j.told < j.needed {
		return
	}
	h.phase = phaseFree
	for _, l := range h.logs {
		l.journal.in[i] = 0
	}
	h.logs = nil
	if h.grown != (area{}) {
		h.area, h.grown = h.grown, area{}
	}
	j.enlarge()
}

// releasedAtOnce is how many logs are synced at one time for a half: appends go on.
const releasedAtOnce = 4

// release syncs the segments with what a half holds. It ends with an error if a log
// has stopped: then the journal alone may have what was acknowledged.
func (j *Journal) release(t *env.Task, i int) error {
	if mutant.On("B28") { // B28: it is used again before the segments are synced
		return nil
	}
	for left := j.halves[i].logs; len(left) > 0; {
		var later []*Log
		for n := 0; n < len(left); n += releasedAtOnce {
			some := left[n:min(n+releasedAtOnce, len(left))]
			if err := releaseSome(t, some, i); err != nil {
				return err
			}
			for _, l := range some {
				if !l.released(i) {
					later = append(later, l)
				}
			}
		}
		if left = later; len(left) == 0 {
			break
		}
		if err := t.Pause(); err != nil {
			return err
		}
	}
	return nil
}

// released tells whether the segments hold all that a half does.
func (l *Log) released(half int) bool {
	return l.journal.in[half] <= l.reach(l.synced, (*segment).durable)
}

// syncing is a sync of a segment that is under way for a half.
type syncing struct {
	l          *Log
	s          *segment
	end        int64
	generation int
}

// releaseSome syncs the segments of some logs beside one another.
func releaseSome(t *env.Task, logs []*Log, half int) error {
	var ops []env.Disk
	var of []syncing
	for _, l := range logs {
		if l.released(half) {
			continue
		}
		if l.stopped != nil {
			return fmt.Errorf("journal: %w", l.stopped)
		}
		for _, s := range l.segments {
			if !l.journal.failing && s.synced < s.end && s.base < l.journal.in[half] {
				ops = append(ops, env.Disk{Kind: env.Sync, File: s.file})
				of = append(of, syncing{l, s, s.end, l.generation})
			}
		}
	}
	for i, done := range t.All(ops) {
		y := of[i]
		if y.generation != y.l.generation {
			continue // it was cut meanwhile
		}
		if done.Err != nil {
			y.l.fail(t.Now(), done.Err, t.Out())
			continue
		}
		y.s.synced = max(y.s.synced, min(y.end, y.s.end)) // it may be shorter now
	}
	for _, l := range logs {
		if l.stopped == nil && l.cuts == 0 {
			l.advance(t.Now(), t.Out())
		}
	}
	return nil
}
