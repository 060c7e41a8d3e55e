package storage

import (
	"errors"
	"fmt"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
)

// Append puts a validated batch at the end of the log, as its leader: it gets
// its offsets and the leader's epoch. The bytes must not change any more.
func (l *Log) Append(now env.Time, v *record.Validated, epoch int32, out *env.Outbox) (base int64, err error) {
	if err := l.Appendable(); err != nil {
		return 0, err
	}
	base = l.end
	v.Assign(base, epoch)
	l.put(now, v.Batch, v.Max, out)
	return base, nil
}

// AppendFollower puts a batch at the end of the log that a leader has stamped. The
// first one of a log that begins inside it brings what lies before along.
func (l *Log) AppendFollower(now env.Time, b record.Batch, out *env.Outbox) error {
	if err := l.Appendable(); err != nil {
		return err
	}
	if len(l.segments) == 0 && b.BaseOffset() < l.end && l.end <= b.LastOffset() {
		l.end = b.BaseOffset() // where its segment begins
	}
	if b.BaseOffset() != l.end {
		return fmt.Errorf("%w: %d, the end is %d", ErrGap, b.BaseOffset(), l.end)
	}
	l.put(now, b, batchMark(b), out)
	return nil
}

// batchMark is the largest timestamp of a batch, taken to be its last record's.
func batchMark(b record.Batch) record.TimeMark {
	return record.TimeMark{Timestamp: b.MaxTimestamp(), Offset: int64(b.LastOffsetDelta())}
}

// Appendable tells why the log takes nothing now, or nil. While it does not, its
// producer state may hold batches that are about to be cut off.
func (l *Log) Appendable() error {
	switch {
	case mutant.On("B10"): // KAFKA-10778: appends go on after an I/O error
		return nil
	case l.stopped != nil:
		return fmt.Errorf("%w: %w", ErrStopped, l.stopped)
	case l.cuts > 0:
		return ErrHealing
	}
	return nil
}

func (l *Log) put(now env.Time, b record.Batch, latest record.TimeMark, out *env.Outbox) {
	s := l.active()
	if s == nil || l.mustRoll(s, b, latest) {
		s = l.roll(out)
	}
	at := s.size
	l.note(s, b, latest)
	l.unsynced += int64(b.Count())
	if l.journals() {
		l.journal.take(b, l.o.Journal.o.Large)
	}
	out.Disk(env.Disk{Kind: env.Write, File: s.file, Off: at, Data: b, Tag: &written{l, s, b.NextOffset(), l.generation}})
}

// mustRoll follows Kafka's LogSegment.shouldRoll.
func (l *Log) mustRoll(s *segment, b record.Batch, latest record.TimeMark) bool {
	c := l.o.Config
	if s.sealed {
		return true
	}
	if s.size == 0 { // the new one would have the same base
		return false
	}
	waited := int64(0)
	if s.begun != record.NoTimestamp && latest.Timestamp > s.begun {
		waited = latest.Timestamp - s.begun
	}
	return s.size+int64(len(b)) > c.SegmentBytes ||
		waited > c.SegmentMs-c.SegmentJitterMs ||
		s.index.Len() >= int(c.MaxIndexBytes/offsetEntry) || s.times.Len() >= int(c.MaxIndexBytes/timeEntry) ||
		!fits(l.end+int64(b.LastOffsetDelta())-s.base, s.size+int64(len(b)))
}

// roll begins a new segment at the end of the log. Its file, and the directory
// if it is new, are durable before anything in them counts as durable.
func (l *Log) roll(out *env.Outbox) *segment {
	if s := l.active(); s != nil && !s.sealed {
		s.seal()
	}
	s := newSegment(l.end, out.NewFile())
	if !l.exists {
		l.makeDir(s, out)
	}
	open := out.Disk(env.Disk{Kind: env.Open, File: s.file, Path: l.path(name(s.base, logSuffix)), Flags: env.Create, After: l.made, Tag: l.step(s)})
	if !mutant.On("B1") { // KAFKA-3968: the directory is not synced
		out.Disk(env.Disk{Kind: env.SyncDir, Path: l.o.Dir, After: open, Tag: l.step(s)})
	}
	l.segments = append(l.segments, s)
	return s
}

func (l *Log) makeDir(first *segment, out *env.Outbox) {
	l.exists = true
	dir := l.o.Dir
	l.made = out.Disk(env.Disk{Kind: env.Mkdir, Path: dir, Tag: l.step(first)})
	if !mutant.On("B1") {
		out.Disk(env.Disk{Kind: env.SyncDir, Path: parent(dir), After: l.made, Tag: l.step(first)})
	}
	l.writeMetadata(first, out)
}

// writeMetadata leaves the topic's id in partition.metadata, for Kafka's tools
// and for whoever finds the directory later. The segment comes after it, so that
// one sync of the directory covers both.
func (l *Log) writeMetadata(first *segment, out *env.Outbox) {
	if l.o.TopicID.IsZero() {
		return
	}
	file := out.NewFile()
	l.made = out.Disk(env.Disk{Kind: env.Open, File: file, Path: l.path(metadataFile), Flags: env.Create, After: l.made, Tag: l.step(first)})
	out.Disk(env.Disk{Kind: env.Write, File: file, Data: l.metadata(), Tag: l.step(first)})
	out.Disk(env.Disk{Kind: env.Sync, File: file, Tag: l.step(first)})
	out.Disk(env.Disk{Kind: env.Close, File: file, Tag: ignore{}})
}

const metadataFile = "partition.metadata"

func (l *Log) metadata() []byte {
	return fmt.Appendf(nil, "version: 0\ntopic_id: %s", l.o.TopicID)
}

// step is the completer of an operation without which nothing in the segment is
// durable.
func (l *Log) step(s *segment) env.Completer {
	s.creating++
	return &created{l, s, l.generation}
}

type created struct {
	l          *Log
	s          *segment
	generation int
}

// Completed counts the operation off. Its segment may live on after a cut, so
// that it matters in later generations too.
func (c *created) Completed(now env.Time, done *env.DiskDone, out *env.Outbox) {
	c.s.creating--
	var device *env.IOError
	switch {
	case c.s.gone || c.l.closed:
	case done.Err == nil && c.l.cuts == 0:
		c.l.advance(now, out)
	case done.Err != nil && (c.generation == c.l.generation || errors.As(done.Err, &device)):
		c.l.fail(now, done.Err, out)
	}
}

// written is the completer of a batch's write.
type written struct {
	l          *Log
	s          *segment
	end        int64
	generation int
}

// Completed moves Written.
func (w *written) Completed(now env.Time, done *env.DiskDone, out *env.Outbox) {
	if w.generation != w.l.generation {
		return
	}
	if done.Err != nil {
		w.l.fail(now, done.Err, out)
		return
	}
	w.s.written = w.end
	w.l.advance(now, out)
}

// ignore completes what nothing depends on.
type ignore struct{}

// Completed does nothing.
func (ignore) Completed(env.Time, *env.DiskDone, *env.Outbox) {}
