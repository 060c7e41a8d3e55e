package storage

import (
	"fmt"
	"slices"

	"odradek/node/env"
	"odradek/node/record"
)

const mendSuffix = ".mend" + tmpSuffix

// replace gives a segment a new file, with records in place of a damaged stretch.
func (l *Log) replace(t *env.Task, s *segment, d stretch, records []byte) error {
	file, path := t.Out().NewFile(), l.path(name(s.base, mendSuffix))
	if err := l.rewrite(t, s, d, records, file, path); err != nil {
		t.Do(env.Disk{Kind: env.Close, File: file}) // if it is open
		t.Do(env.Disk{Kind: env.Remove, Path: path})
		return err
	}
	for _, op := range []env.Disk{{Kind: env.Rename, Path: path, To: l.path(name(s.base, logSuffix))}, {Kind: env.SyncDir, Path: l.o.Dir}} {
		if done := t.Do(op); done.Err != nil {
			t.Do(env.Disk{Kind: env.Close, File: file})
			return fmt.Errorf("mend segment %d: %w", s.base, done.Err)
		}
	}
	old := s.file
	s.file, s.size = file, s.size+int64(len(records))-(d.end-d.at)
	s.mends++
	s.damaged = slices.DeleteFunc(s.damaged, func(x stretch) bool { return x.Range == d.Range })
	l.deriving = d.unsure && !l.Unsure()
	l.hurt = slices.ContainsFunc(l.segments, func(s *segment) bool { return len(s.damaged) > 0 })
	t.Do(env.Disk{Kind: env.Close, File: old})
	if err := l.rebuildIndexes(t, s); err != nil && !isCorrupt(err) {
		return err
	}
	if l.deriving {
		return l.derive(t)
	}
	return l.saveDamage(t)
}

// rewrite makes the new file, durably.
func (l *Log) rewrite(t *env.Task, s *segment, d stretch, records []byte, file env.FileID, path string) error {
	w := rewriting{l: l, t: t, s: s, file: file}
	w.do(env.Disk{Kind: env.Remove, Path: path})
	w.do(env.Disk{Kind: env.Open, File: file, Path: path, Flags: env.Create})
	w.copy(0, d.at)
	w.put(records)
	w.copy(d.end, s.size)
	w.do(env.Disk{Kind: env.Sync, File: file})
	if w.err != nil {
		return fmt.Errorf("mend segment %d: %w", s.base, w.err)
	}
	return nil
}

// rewriting is a new file of a segment in the making, up to the first error.
type rewriting struct {
	l    *Log
	t    *env.Task
	s    *segment
	file env.FileID
	size int64
	err  error
}

func (w *rewriting) do(d env.Disk) {
	if w.err == nil {
		w.err = w.t.Do(d).Err
	}
}

func (w *rewriting) put(b []byte) {
	w.do(env.Disk{Kind: env.Write, File: w.file, Off: w.size, Data: b})
	w.size += int64(len(b))
}

// copy takes bytes of the old file over.
func (w *rewriting) copy(from, to int64) {
	for ; w.err == nil && from < to; from += scanWindow {
		var b []byte
		if b, w.err = w.l.read(w.t, w.s, from, min(scanWindow, to-from)); w.err == nil {
			w.put(b)
		}
	}
}

// derive takes epochs and producers from the records again, now that all are
// there. Nothing is appended meanwhile.
func (l *Log) derive(t *env.Task) error {
	l.cuts++
	defer func() {
		l.cuts--
		if l.stopped == nil {
			l.o.Owner.LogAdvanced(t.Now(), t.Out())
		}
	}()
	for l.deriving {
		if err := l.await(t, func() bool { return l.stopped != nil || l.cuts == 1 && l.written == l.end && !l.making() }); err != nil {
			return err
		}
		if l.stopped != nil {
			return l.stopped
		}
		if err := l.deriveOnce(t); err != nil {
			return err
		}
	}
	return nil
}

func (l *Log) deriveOnce(t *env.Task) error {
	generation := l.generation
	epochs := &Epochs{slices.Clone(l.epochs.list)}
	epochs.TruncateFromEnd(l.doubtful)
	for _, s := range slices.Clone(l.segments) {
		if s.end <= l.doubtful {
			continue
		}
		err := l.eachHeader(t, s, 0, s.size, func(b record.Batch, _ int64) bool {
			if b.BaseOffset() >= l.doubtful {
				epochs.Assign(b.PartitionLeaderEpoch(), b.BaseOffset())
			}
			return true
		})
		if err != nil && !isCorrupt(err) {
			return err
		}
	}
	p, from, err := l.latestSnapshot(t)
	if err == nil {
		err = l.replayProducers(t, p, from)
	}
	if err == nil && generation == l.generation {
		l.epochs, l.producers, l.deriving = epochs, p, false
	}
	return err
}
