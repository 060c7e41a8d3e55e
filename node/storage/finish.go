package storage

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"odradek/node/env"
	"odradek/node/record"
)

// finish makes the log ready, all of it durable, and leaves a recovery point, so
// that what was read now need not be read again.
func (r *recovery) finish() error {
	l := r.l
	if err := r.startAtEnd(); err != nil {
		return err
	}
	if l.high > l.end { // it was durable when it was recorded
		r.lose()
		l.high = l.end
	}
	l.next, l.written, l.durable, l.synced = l.point, l.end, l.end, l.end
	l.journal.asked = l.end
	l.epochs.TruncateFromStart(l.start)
	l.epochs.TruncateFromEnd(l.end)
	if err := r.readyActive(); err != nil {
		return err
	}
	for _, s := range l.segments {
		s.written, s.synced = s.end, s.end
	}
	if err := r.takeSnapshots(); err != nil {
		return err
	}
	if err := l.rebuildProducers(r.t); err != nil {
		return err
	}
	if err := r.keepLoss(); err != nil {
		return err
	}
	if r.clean() {
		return nil
	}
	if err := r.syncDirs(); err != nil || l.Unsure() || r.little() {
		return err
	}
	if err := l.Checkpoint(r.t); !errors.Is(err, env.ErrNoSpace) { // then the next one leaves it
		return err
	}
	return nil
}

// startAtEnd begins the log anew where it was deleted further than it goes: that
// is so where flush.messages gave up on syncs.
func (r *recovery) startAtEnd() error {
	l := r.l
	for l.start > l.end && len(l.segments) > 0 {
		r.dirty = true
		if err := l.removeLast(r.t); err != nil {
			return err
		}
	}
	l.end = max(l.end, l.start)
	if len(l.segments) == 0 {
		l.start = l.end
	}
	return nil
}

// readyActive opens the last segment for appends.
func (r *recovery) readyActive() error {
	l, s := r.l, r.l.active()
	if s == nil {
		return nil
	}
	s.end = l.end
	s.sealed = s.sealed && s.size > 0
	if err := l.open(r.t, s); err != nil {
		return err
	}
	// What lies behind may have been cut off before, without the disk knowing:
	// after a failed sync the page cache forgets that there is something to save.
	if err := r.truncate(s, s.size); err != nil {
		return err
	}
	if err := l.loadIndexes(r.t, s); err != nil {
		return err
	}
	return l.eachHeader(r.t, s, 0, s.size, func(b record.Batch, _ int64) bool {
		s.begun = b.MaxTimestamp()
		return false
	})
}

// takeSnapshots removes the producer snapshots of what is no longer there: what
// comes to lie there may be something else.
func (r *recovery) takeSnapshots() error {
	for _, at := range r.snapshots {
		if at <= r.l.end {
			r.l.oldSnapshots = append(r.l.oldSnapshots, at)
			continue
		}
		r.dirty = true
		if err := r.remove(name(at, snapshotSuffix)); err != nil {
			return err
		}
	}
	return nil
}

// clean tells whether all was as a closed log leaves it. A segment that begins
// at the recovery point may be new, and its entry in the directory not durable.
func (r *recovery) clean() bool {
	s := r.l.active()
	return r.found && !r.dirty && (s == nil || s.base < r.l.point.offset)
}

// littleToRead is so little, in bytes, that to read it again at the next start costs
// less than a recovery point does now.
const littleToRead = 16 << 10

// little tells whether all is as a log leaves it that was being appended to, and not
// for long.
func (r *recovery) little() bool {
	n := &r.report
	whole := r.found && !n.Lost && n.Cut == 0 && len(n.Rebuilt) == 0 && len(n.Damaged) == 0
	return whole && n.Recovered > 0 && n.Recovered <= littleToRead
}

func (r *recovery) syncDirs() error {
	for _, dir := range []string{r.l.o.Dir, parent(r.l.o.Dir)} {
		if done := r.t.Do(env.Disk{Kind: env.SyncDir, Path: dir}); done.Err != nil {
			return fmt.Errorf("sync %s: %w", dir, done.Err)
		}
	}
	return nil
}

// sweep removes what half-done work has left: files that were not put in place
// yet, indexes of segments that are gone, segments before the start.
func (r *recovery) sweep(entries []env.Entry) error {
	for _, e := range entries {
		if r.leftOver(e.Name) {
			if err := r.remove(e.Name); err != nil {
				return err
			}
		}
	}
	return r.l.removeOld(r.t)
}

func (r *recovery) leftOver(file string) bool {
	if strings.HasSuffix(file, tmpSuffix) {
		return true
	}
	for _, suffix := range []string{indexSuffix, timeSuffix} {
		if base, ok := baseOf(file, suffix); ok {
			return !slices.ContainsFunc(r.l.segments, func(s *segment) bool { return s.base == base })
		}
	}
	return false
}

func (r *recovery) remove(file string) error {
	if done := r.t.Do(env.Disk{Kind: env.Remove, Path: r.l.path(file)}); done.Err != nil {
		return fmt.Errorf("remove %s: %w", file, done.Err)
	}
	return nil
}
