package storage

import (
	"fmt"
	"slices"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
)

// journalled is what a log and the journal of its directory know of one another.
//
//	........ synced | span | gap | span | asked: to the journal or to a sync | fresh
//	    segments       journal
//
// Durable goes as far as there is no gap.
type journalled struct {
	fresh  []record.Batch // appended, and asked of nobody yet; without those before a large one
	bytes  int64          // of these
	asked  int64          // offset below which all was asked to be made durable
	spans  []Range        // durable in the journal, ascending
	in     [2]int64       // the end of what each half of the journal holds; 0: nothing
	queued bool           // for the next frame

	failing bool // a full disk has made a file fail: it cannot be synced now
}

// journals tells whether the journal may make durable what is appended.
func (l *Log) journals() bool { return l.o.Journal != nil && !l.relaxed() }

// take notes a batch that was just appended. What is too much for the journal
// need not be remembered: it goes to its segment.
func (j *journalled) take(b record.Batch, large int64) {
	j.fresh = append(j.fresh, b)
	if j.bytes += int64(len(b)); j.bytes >= large {
		j.giveUp()
	}
}

// forget drops what a sync of the segments has made durable below an offset.
func (j *journalled) forget(synced int64) {
	n := 0
	for ; n < len(j.fresh) && j.fresh[n].NextOffset() <= synced; n++ {
		j.bytes -= int64(len(j.fresh[n]))
	}
	j.fresh = slices.Delete(j.fresh, 0, n)
	j.asked = max(j.asked, synced)
}

// mostKept is how many batches a log has room for when it waits for none.
const mostKept = 16

func (j *journalled) giveUp() {
	if j.bytes = 0; cap(j.fresh) > mostKept {
		j.fresh = nil
	}
	clear(j.fresh)
	j.fresh = j.fresh[:0]
}

// fits tells whether all that was not asked for is small enough for the journal.
func (j *journalled) fits() bool { return len(j.fresh) > 0 && j.fresh[0].BaseOffset() <= j.asked }

// drop forgets what was journalled at or after an offset.
func (j *journalled) drop(end int64) {
	j.giveUp()
	j.asked = min(j.asked, end)
	j.spans = slices.DeleteFunc(j.spans, func(r Range) bool { return r.From >= end })
	for i := range j.spans {
		j.spans[i].To = min(j.spans[i].To, end)
	}
}

// journalled is how far the journal goes on from what is synced in the segments. A
// segment that may be gone after a power cut has nowhere to be replayed to.
func (l *Log) journalled() int64 {
	j := &l.journal
	j.spans = slices.DeleteFunc(j.spans, func(r Range) bool { return r.To <= l.synced })
	at := l.synced
	for _, r := range j.spans {
		if r.From > at && !mutant.On("B32") { // B32: what the journal holds counts although a segment lacks what is before it
			break
		}
		at = max(at, r.To)
	}
	for _, s := range l.segments {
		if s.creating > 0 {
			return min(at, max(s.base, l.synced))
		}
	}
	return at
}

// syncDirectly has the segments synced instead.
func (l *Log) syncDirectly(now env.Time, out *env.Outbox) {
	l.syncNow(now, out)
	covered := func(s *segment) bool { return s.synced == s.end || s.syncing && s.covered == s.end }
	if !slices.ContainsFunc(l.segments, func(s *segment) bool { return !covered(s) }) {
		l.journal.asked = l.end
		l.journal.giveUp()
	}
}

// harden makes sure that the segments hold by themselves what is durable below an
// offset: a recovery point must not speak of what the journal alone holds.
func (l *Log) harden(t *env.Task, to int64) error {
	for l.synced < min(to, l.durable) && l.stopped == nil {
		if !l.journal.failing {
			generation := l.generation
			if err := l.syncSegments(t); err != nil && generation == l.generation {
				return err
			}
		}
		if err := t.Pause(); err != nil {
			return err
		}
	}
	return l.stopped
}

// syncSegments syncs what is not synced yet, one after the other.
func (l *Log) syncSegments(t *env.Task) error {
	for _, s := range slices.Clone(l.segments) {
		if s.synced == s.end || s.gone {
			continue
		}
		end, generation := s.end, l.generation
		done := t.Do(env.Disk{Kind: env.Sync, File: s.file})
		if done.Err != nil {
			return fmt.Errorf("sync segment %d: %w", s.base, done.Err)
		}
		if generation != l.generation {
			return nil
		}
		s.synced = max(s.synced, end)
	}
	l.advance(t.Now(), t.Out())
	return nil
}
