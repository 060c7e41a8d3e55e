package storage

import (
	"errors"
	"fmt"
	"path"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
)

// ReplayJournals puts what the journals of a log directory hold into the segments that
// lack it, log by log, and then removes them: the next start has nothing to replay. It
// is done before anybody opens a log, and can be done any number of times. lost says
// that a journal is damaged where it had been synced; which logs that concerns it does
// not say any more.
func ReplayJournals(t *env.Task, dir string, id env.UUID, files []string, replay func(*env.Task, *Journalled) error) (lost bool, err error) {
	for _, name := range files {
		file := path.Join(dir, name)
		b, err := ReadFile(t, file)
		if errors.Is(err, env.ErrNotExist) {
			continue // it was done before
		}
		if err != nil {
			return lost, err
		}
		logs, damaged := ReadJournal(b, id)
		lost = lost || damaged
		for _, x := range logs {
			if err := replay(t, x); err != nil {
				return lost, fmt.Errorf("replay %s into %s: %w", file, x.Name, err)
			}
		}
		if mutant.On("B29") { // B29: the journal of an earlier process is replayed again
			continue
		}
		if err := dropJournal(t, file); err != nil {
			return lost, err
		}
	}
	return lost, nil
}

// Replay opens the log of which a journal holds something, appends what its segments
// lack after their own recovery, makes all of it durable there, and closes it. What it
// was told before it is not told again: it can be done any number of times. Nobody
// else has the log open. Of a log whose directory is not there, or another topic's,
// nothing was acknowledged that is still wanted.
func (x *Journalled) Replay(t *env.Task, o Options) (Report, error) {
	list := t.Do(env.Disk{Kind: env.List, Path: o.Dir})
	if errors.Is(list.Err, env.ErrNotExist) {
		return Report{}, nil
	}
	o.Owner, o.TopicID = nobody{}, x.Topic
	l, report, err := Open(t, o)
	if errors.Is(err, ErrOtherTopic) {
		return Report{}, nil
	}
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
// large batch that went to its segment, and was not synced.
func (x *Journalled) appendTo(t *env.Task, l *Log, report *Report) error {
	for _, b := range x.Batches {
		if mutant.On("B31") { // B31: what is there already is appended again
			record.Assign(b, l.End(), b.PartitionLeaderEpoch())
		}
		if b.NextOffset() <= l.End() {
			continue
		}
		if b.BaseOffset() > l.End() {
			return nil
		}
		if err := l.AppendFollower(t.Now(), b, t.Out()); err != nil {
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
