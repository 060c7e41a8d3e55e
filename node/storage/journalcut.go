package storage

import (
	"fmt"

	"odradek/node/env"
)

// cut makes durable that nothing of a log at or after an offset is to be replayed; a
// batch that holds the offset neither. Where the journal holds no such thing there is
// nothing to do. Other frames wait meanwhile.
func (j *Journal) cut(t *env.Task, l *Log, end int64) error {
	if j == nil || max(l.journal.in[0], l.journal.in[1]) <= max(end, 0) {
		return nil
	}
	for i := range l.journal.in {
		l.journal.in[i] = min(l.journal.in[i], max(end, 0)) // the rest need not be synced any more
	}
	j.claims++
	j.tasks++
	defer func() {
		j.claims--
		j.tasks--
	}()
	size := int64(entryHeader + len(base(l.o.Dir)))
	if err := l.await(t, func() bool { return j.state != journalReady || !j.flying && j.roomFor(t, size) }); err != nil {
		return err
	}
	if j.state != journalReady {
		return errBroken
	}
	j.begin()
	j.buf = journalEntry{kind: entryCut, name: base(l.o.Dir), topic: l.o.TopicID, offset: end}.appendHead(j.buf, 0)
	return j.writeNow(t)
}

// roomFor tells whether there is room for entries; if not it is made.
func (j *Journal) roomFor(t *env.Task, size int64) bool {
	j.makeRoom(t.Now(), size, t.Out())
	if size > j.room() && j.tells() && !j.flying {
		j.begin()
		j.emit(t.Out())
	}
	return size <= j.room()
}

// writeNow writes the frame and waits for its sync.
func (j *Journal) writeNow(t *env.Task) error {
	j.flying = true
	defer func() { j.flying = false }()
	for _, d := range []env.Disk{j.write(), {Kind: env.Sync, File: j.file}} {
		if done := t.Do(d); done.Err != nil {
			if t.Out() != nil {
				j.fail(t.Now(), done.Err, t.Out())
			}
			return fmt.Errorf("journal of %s: %v", j.o.Dir, done.Err)
		}
	}
	j.landed()
	return nil
}
