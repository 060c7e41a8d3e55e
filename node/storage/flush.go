package storage

import (
	"odradek/node/env"
	"odradek/node/mutant"
)

// Dirty tells whether Drained has, or soon will have, something to sync.
func (l *Log) Dirty() bool {
	return l.pending() && (!l.relaxed() || l.unsynced >= l.o.Config.FlushMessages)
}

func (l *Log) pending() bool { return l.stopped == nil && l.cuts == 0 && l.durable < l.end }

// overdue tells whether flush.ms has passed since the last sync.
func (l *Log) overdue(now env.Time) bool {
	return l.pending() && l.unsynced > 0 && (now.Mono-l.flushed).Milliseconds() >= l.o.Config.FlushMs
}

// Drained ends a batch of events: every segment with writes that no sync covers
// gets one, unless one is in flight; the next takes what gathers meanwhile. With
// flush.ms it is to be called now and then, too.
func (l *Log) Drained(now env.Time, out *env.Outbox) {
	switch {
	case !l.Dirty() && !l.overdue(now):
	case l.journals():
		l.o.Journal.want(l)
	default:
		l.syncNow(now, out)
	}
}

func (l *Log) syncNow(now env.Time, out *env.Outbox) {
	l.unsynced, l.flushed = 0, now.Mono
	l.sync(out)
}

func (l *Log) sync(out *env.Outbox) {
	for i := len(l.segments) - 1; i >= 0; i-- {
		s := l.segments[i]
		if s.synced == s.end && s.end <= l.synced {
			return // older ones are synced too
		}
		if s.synced < s.end && !s.syncing {
			s.syncing, s.covered = true, s.end
			out.Disk(env.Disk{Kind: env.Sync, File: s.file, Tag: &synced{l, s, s.end, l.generation}})
		}
	}
}

// synced is the completer of a sync: it covers the writes emitted before it.
type synced struct {
	l          *Log
	s          *segment
	end        int64
	generation int
}

// Completed moves Durable.
func (y *synced) Completed(now env.Time, done *env.DiskDone, out *env.Outbox) {
	if y.generation != y.l.generation && !mutant.On("A24") { // Redpanda 16105: a sync counts for what was cut meanwhile
		return
	}
	y.s.syncing = false
	if done.Err != nil && mutant.On("B9") { // the 2018 fsync findings: it is tried again and believed
		out.Disk(env.Disk{Kind: env.Reset, File: y.s.file, Tag: ignore{}})
		out.Disk(env.Disk{Kind: env.Sync, File: y.s.file, Tag: &synced{y.l, y.s, y.end, y.generation}})
		y.s.syncing = true
		return
	}
	if done.Err != nil {
		y.l.fail(now, done.Err, out)
		return
	}
	y.s.synced = max(y.s.synced, y.end)
	y.l.advance(now, out)
	if y.l.journals() && y.l.Dirty() {
		y.l.o.Journal.want(y.l) // perhaps it had to wait for this sync
	}
}

// advance recomputes what is written and durable without a hole.
func (l *Log) advance(now env.Time, out *env.Outbox) {
	if l.stopped != nil { // the rest of what failed proves nothing
		return
	}
	w := max(l.written, l.reach(l.written, func(s *segment) int64 { return s.written }))
	l.synced = l.reach(l.synced, (*segment).durable)
	l.journal.forget(l.synced)
	d := max(l.durable, l.synced, min(l.journalled(), w))
	if w > l.written || d > l.durable {
		l.written, l.durable = w, d
		l.o.Owner.LogAdvanced(now, out)
	}
	l.saveRolled(now, out)
}

// reach is how far on from an offset the segments go without a hole.
func (l *Log) reach(from int64, to func(*segment) int64) int64 {
	at := from
	for _, s := range l.segments {
		if s.end < from {
			continue
		}
		if at = max(at, to(s)); to(s) < s.end {
			break
		}
	}
	return at
}
