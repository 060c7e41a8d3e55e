package storage

import (
	"errors"
	"fmt"
	"path"

	"odradek/node/env"
	"odradek/node/mutant"
)

// At the start, before anybody opens a log:
//
//	LoadJournals -> Replay, log by log -> DropJournals -> nothing is left to replay
//
// It can be done any number of times; when it is over the segments hold all by
// themselves, and recovery goes on from the recovery points, as ever.

// LoadJournals reads the journals of a log directory. lost says that one is damaged where
// it had been synced; which logs that concerns it does not say any more.
func LoadJournals(t *env.Task, dir string, id env.UUID, files []string) (logs []*Journalled, lost bool, err error) {
	for _, name := range files {
		b, err := ReadFile(t, path.Join(dir, name))
		if errors.Is(err, env.ErrNotExist) {
			continue // it was replayed before
		}
		if err != nil {
			return nil, false, err
		}
		some, damaged := ReadJournal(b, id)
		logs, lost = append(logs, some...), lost || damaged
	}
	return logs, lost, nil
}

// DropJournals removes journals that were replayed, durably.
func DropJournals(t *env.Task, dir string, files []string) error {
	if mutant.On("B29") { // B29: the journal of an earlier process is replayed again
		return nil
	}
	for _, name := range files {
		if err := dropJournal(t, path.Join(dir, name)); err != nil {
			return err
		}
	}
	return nil
}

// Replay makes durable in the segments of a log what a journal holds of it. Nobody has
// the log open. Of a log whose directory is not there, or another topic's, nothing was
// acknowledged that is still wanted. If something else is wrong with the log it is
// opened and recovered first.
func (x *Journalled) Replay(t *env.Task, o Options) (Report, error) {
	list := t.Do(env.Disk{Kind: env.List, Path: o.Dir})
	if errors.Is(list.Err, env.ErrNotExist) {
		return Report{}, nil
	}
	if list.Err != nil {
		return Report{}, fmt.Errorf("replay into %s: %w", o.Dir, list.Err)
	}
	o.Owner, o.TopicID = nobody{}, x.Topic
	r := redo{t: t, l: &Log{o: o}, left: x.Batches}
	sound, err := r.all(list.Entries, x.Known)
	err = errors.Join(err, r.l.closeFiles(t))
	if sound || err != nil {
		return Report{Replayed: r.written}, err
	}
	return x.replayOpen(t, o)
}

// replayOpen appends what the log lacks after its own recovery.
func (x *Journalled) replayOpen(t *env.Task, o Options) (Report, error) {
	l, report, err := Open(t, o)
	if err != nil {
		return report, err
	}
	err = x.replay(t, l, &report)
	return report, errors.Join(err, l.closeFiles(t))
}

func (x *Journalled) replay(t *env.Task, l *Log, report *Report) error {
	if err := x.appendTo(t, l, report); err != nil {
		return err
	}
	end := l.End()
	if err := l.await(t, func() bool { return l.stopped != nil || l.cuts == 0 && l.written == l.end && !l.making() }); err != nil {
		return err
	}
	switch {
	case l.stopped != nil:
		return l.stopped
	case l.End() < end:
		return fmt.Errorf("replay: %w", env.ErrNoSpace)
	}
	if l.End() < x.Known {
		report.Lost = true
		if err := Bereave(t, l.o.Dir); err != nil {
			return err
		}
	}
	if err := l.syncSegments(t); err != nil {
		return err
	}
	if err := l.save(t); !errors.Is(err, env.ErrNoSpace) {
		return err
	}
	return nil // its segments are synced
}

// appendTo appends the batches that come after the log's end, up to the first gap: a
// large batch that went to its segment, and was not synced. Whether that is all that was
// durable is for Known to say.
func (x *Journalled) appendTo(t *env.Task, l *Log, report *Report) error {
	for _, b := range x.Batches {
		if b.NextOffset() <= l.End() {
			continue
		}
		err := l.AppendFollower(t.Now(), b, t.Out())
		if errors.Is(err, ErrGap) {
			return nil
		}
		if err != nil {
			return err
		}
		report.Replayed += int64(len(b))
	}
	return nil
}

// Bereave leaves a note in a log's directory that it has lost what was synced (see
// Forgive): the next one who opens it is told.
func Bereave(t *env.Task, dir string) error {
	if err := ReplaceFile(t, dir+"/"+lossFile, nil); err != nil {
		return fmt.Errorf("note the loss of %s: %w", dir, err)
	}
	return nil
}

// nobody waits for what is replayed.
type nobody struct{}

// LogAdvanced and LogFailed tell nobody.
func (nobody) LogAdvanced(env.Time, *env.Outbox)      {}
func (nobody) LogFailed(env.Time, error, *env.Outbox) {}
