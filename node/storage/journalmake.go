package storage

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"odradek/node/env"
	"odradek/node/mutant"
)

// journalPrefix begins the names of journals, in their log directory; the shard's
// number follows.
const journalPrefix = "odradek-journal-"

// IsJournal tells whether a file of a log directory is a journal.
func IsJournal(name string) bool { return strings.HasPrefix(name, journalPrefix) }

func base(dir string) string { return path.Base(dir) }

func (j *Journal) path() string { return path.Join(j.o.Dir, fmt.Sprint(journalPrefix, j.o.Shard)) }

// zeros is how much is written at a time while a journal is made, or grows.
const zeros = 256 << 10

// Prepare makes the journal's file, if there is none; until it is there segments are
// synced. On a full disk it is to be called again.
func (j *Journal) Prepare(now env.Time, out *env.Outbox) {
	if j.state != journalAbsent {
		return
	}
	j.state = journalMaking
	j.tasks++
	j.o.Tasks.Start(now, out, j.make, func(now env.Time, err error, out *env.Outbox) {
		j.tasks--
		switch {
		case err == nil:
			j.state = journalReady
		case errors.Is(err, env.ErrNoSpace):
			j.state = journalAbsent
		default:
			j.fail(now, err, out)
		}
	})
}

// make writes the file that it begins with once, so that a sync of a frame finds its blocks there.
// The header comes last: a journal without one was never used.
func (j *Journal) make(t *env.Task) error {
	j.file, j.id = t.Out().NewFile(), j.o.Rand.Uint64()
	j.end = firstEnd(j.o.Bytes)
	middle := journalHeader + (j.end-journalHeader)/2
	j.halves = [2]half{
		{area: area{journalHeader, middle}, next: journalHeader, first: 1, begun: t.Now().Mono, phase: phaseInUse},
		{area: area{middle, j.end}},
	}
	j.at, j.seq, j.synced, j.needed, j.told = 0, 1, 0, 1, 1
	open := t.Do(env.Disk{Kind: env.Open, File: j.file, Path: j.path(), Flags: env.Create})
	if open.Err != nil {
		return fmt.Errorf("make journal: %w", open.Err)
	}
	ops := blank(j.file, area{0, j.end})
	if mutant.On("B29") { // what an earlier process left is there, and its frames count as this one's
		if j.id = 1; open.Size >= j.end {
			ops = nil
		}
	}
	ops = append(ops,
		env.Disk{Kind: env.Write, File: j.file, Data: encodeHeader(j.o.ID, j.id)},
		env.Disk{Kind: env.Sync, File: j.file},
		env.Disk{Kind: env.SyncDir, Path: j.o.Dir},
	)
	for _, d := range ops {
		if done := t.Do(d); done.Err != nil {
			t.Do(env.Disk{Kind: env.Close, File: j.file})
			return fmt.Errorf("make journal: %w", done.Err)
		}
	}
	return nil
}

// blank fills a part of a file with zeros, piece by piece.
func blank(file env.FileID, a area) (ops []env.Disk) {
	zero := make([]byte, min(zeros, a.end-a.start))
	for at := a.start; at < a.end; at += zeros {
		ops = append(ops,
			env.Disk{Kind: env.Write, File: file, Off: at, Data: zero[:min(zeros, a.end-at)]},
			env.Disk{Kind: env.Sync, File: file},
		)
	}
	return ops
}

// Close ends the journal, after its logs. If their segments hold all that it does its
// file goes, and the next start has nothing to replay.
func (j *Journal) Close(t *env.Task) error {
	for j.flying || j.tasks > 0 {
		if err := t.Pause(); err != nil {
			return err
		}
	}
	sound := j.state == journalReady
	j.state = journalClosed
	done := t.Do(env.Disk{Kind: env.Close, File: j.file})
	switch {
	case errors.Is(done.Err, env.ErrNoFile):
		return nil
	case done.Err != nil:
		return fmt.Errorf("close journal: %w", done.Err)
	case !sound || !j.needless():
		return nil
	}
	return dropJournal(t, j.path())
}

// needless tells whether the segments hold all that the journal does.
func (j *Journal) needless() bool {
	for i, h := range j.halves {
		for _, l := range h.logs {
			if !l.released(i) {
				return false
			}
		}
	}
	return true
}

// dropJournal removes a journal that is not needed any more, durably.
func dropJournal(t *env.Task, file string) error {
	for _, d := range []env.Disk{{Kind: env.Remove, Path: file}, {Kind: env.SyncDir, Path: path.Dir(file)}} {
		if done := t.Do(d); done.Err != nil {
			return fmt.Errorf("remove %s: %w", file, done.Err)
		}
	}
	return nil
}
