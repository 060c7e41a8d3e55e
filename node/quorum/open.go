package quorum

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"path"
	"slices"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
	"odradek/node/storage"
)

const readSize = 1 << 20 // bytes at a time

func logConfig() storage.Config {
	c := storage.DefaultConfig()
	c.RetentionMs, c.RetentionBytes, c.SegmentMs = -1, -1, math.MaxInt64
	return c
}

// Open reads what a voter has on disk and gives the owner the state of the last
// snapshot, if there is one. The log of a quorum of one from before there were
// quorums, which has neither checkpoint nor quorum-state, becomes one of this
// voter. ErrLost: see there. Call Start next.
func Open(t *env.Task, o Options) (*Quorum, error) {
	q := newQuorum(o)
	if err := makeDir(t, o.Dir); err != nil {
		return nil, err
	}
	found, err := q.readPromises(t)
	if err != nil {
		return nil, err
	}
	if err := q.openLog(t); err != nil {
		return nil, err
	}
	if q.entries.snapshot == nil && q.log.End() > 0 {
		if found {
			return nil, fmt.Errorf("%w: no checkpoint for a log of %d records", ErrLost, q.log.End())
		}
		if err := q.adopt(t); err != nil {
			return nil, err
		}
	}
	if err := q.load(t); err != nil {
		return nil, err
	}
	q.foundEnd = q.log.End()
	q.giveSnapshot(t.Now(), t.Out())
	return q, nil
}

func newQuorum(o Options) *Quorum {
	q := &Quorum{o: o, config: logConfig(), heard: map[uint64]Voter{}, greeted: map[int32]greeting{}, told: leadership{-1, -1}}
	q.entries.covers = q.covers
	return q
}

// giveSnapshot gives the owner the checkpoint; the first one has no state.
func (q *Quorum) giveSnapshot(now env.Time, out *env.Outbox) {
	if c := q.entries.snapshot; c != nil && c.offset > 0 {
		q.o.Owner.LoadSnapshot(now, c.offset, c.epoch, c.records(), out)
	}
}

// adopt makes a log without voters that of a quorum of one.
func (q *Quorum) adopt(t *env.Task) error {
	c, err := firstCheckpoint(t.Now().Wall, []Voter{q.o.Me})
	if err != nil {
		return err
	}
	q.entries.snapshot = c
	return storage.ReplaceFile(t, path.Join(q.o.Dir, c.name()), c.file)
}

func makeDir(t *env.Task, dir string) error {
	for _, d := range []env.Disk{{Kind: env.Mkdir, Path: dir}, {Kind: env.SyncDir, Path: path.Dir(dir)}} {
		if done := t.Do(d); done.Err != nil {
			return fmt.Errorf("%v %s: %w", d.Kind, d.Path, done.Err)
		}
	}
	return nil
}

// readPromises reads quorum-state and the latest checkpoint.
func (q *Quorum) readPromises(t *env.Task) (found bool, err error) {
	e := &q.entries
	if found, err = q.readState(t); err != nil {
		return found, err
	}
	names, err := checkpoints(t, q.o.Dir)
	if err != nil || len(names) == 0 {
		return found, err
	}
	last := names[len(names)-1]
	file, err := storage.ReadFile(t, path.Join(q.o.Dir, last))
	if err != nil {
		return found, err
	}
	offset, epoch, _ := parseName(last)
	if mutant.On("G2") && offset > 0 { // KAFKA-14618: the id's offset is taken to be in the snapshot
		offset++
	}
	if e.snapshot, err = parseCheckpoint(offset, epoch, file); err != nil {
		return found, fmt.Errorf("%w: %s: %w", ErrLost, last, err)
	}
	return found, nil
}

// checkpoints are the names of those on disk, the latest last.
func checkpoints(t *env.Task, dir string) (names []string, err error) {
	list := t.Do(env.Disk{Kind: env.List, Path: dir})
	if list.Err != nil {
		return nil, fmt.Errorf("list %s: %w", dir, list.Err)
	}
	for _, e := range list.Entries {
		if _, _, ok := parseName(e.Name); ok {
			names = append(names, e.Name)
		}
	}
	slices.Sort(names) // the digits are as many in all
	return names, nil
}

func (q *Quorum) openLog(t *env.Task) error {
	l, report, err := storage.Open(t, storage.Options{Dir: q.o.Dir, Config: &q.config, Owner: q, Tasks: q.o.Tasks, Rand: q.o.Rand})
	if err != nil {
		return fmt.Errorf("metadata log: %w", err)
	}
	if text := report.String(); text != "" {
		t.Out().Logf(env.Warn, "%s: %s", q.o.Dir, text)
	}
	if report.Lost {
		return fmt.Errorf("%w: %v", ErrLost, report)
	}
	q.log = l
	return nil
}

// load reads the log after the checkpoint. A checkpoint that came from a leader
// may be ahead of the log, or of another history than its end: the process died
// before it could begin the log anew.
func (q *Quorum) load(t *env.Task) error {
	head := q.entries.head()
	if c := q.entries.snapshot; c != nil && !q.continues(c) {
		if err := q.restartLog(t, head); err != nil {
			return err
		}
	}
	if q.log.Start() > head {
		return fmt.Errorf("%w: the log begins at %d, after the checkpoint's %d", ErrLost, q.log.Start(), head)
	}
	for at := head; at < q.log.End(); at = q.entries.end() {
		b, err := q.read(t, at)
		if err == nil {
			err = q.take(b)
		}
		if err != nil {
			return fmt.Errorf("metadata log at %d: %w", at, err)
		}
		if q.entries.end() <= at {
			return fmt.Errorf("%w: no batch at %d in %d bytes", ErrLost, at, len(b))
		}
	}
	if e := q.entries.at(q.entries.last()); e != nil { // promised by the entry itself
		q.raise(e.raft.GetTerm())
	} else if _, term := q.entries.base(); term > 0 {
		q.raise(term)
	}
	return nil
}

// raise takes a term from the log that is later than the one promised: no vote
// was given in it.
func (q *Quorum) raise(term uint64) {
	if p := &q.entries.promised; term > p.term {
		p.term, p.vote = term, 0
	}
}

// continues tells whether the log goes on where a checkpoint ends.
func (q *Quorum) continues(c *checkpoint) bool {
	switch {
	case c.offset == q.log.Start():
		return true
	case c.offset > q.log.End() || c.offset < q.log.Start():
		return false
	}
	return q.log.Epochs().EpochAt(c.offset-1) == c.epoch
}

// read reads some batches; the last one may be partial.
func (q *Quorum) read(t *env.Task, at int64) ([]byte, error) {
	slice, err := q.log.ReadSlow(t, at, readSize, q.log.End(), true)
	if err != nil {
		return nil, err
	}
	var b []byte
	for _, p := range slice.Parts {
		done := t.Do(env.Disk{Kind: env.Read, File: p.File, Off: p.Off, Len: p.Len})
		if done.Err != nil {
			return nil, done.Err
		}
		b = append(b, done.Data...)
	}
	return b, nil
}

// take adds whole batches of the log to the entries.
func (q *Quorum) take(b []byte) error {
	for batch, err := range record.Batches(b) {
		if errors.Is(err, record.ErrTruncated) {
			return nil
		}
		if err = cmp.Or(err, checkBatch(batch, uint64(batch.PartitionLeaderEpoch()))); err != nil {
			return fmt.Errorf("%w: %w", ErrLost, err)
		}
		if batch.BaseOffset() != q.entries.end() {
			return fmt.Errorf("%w: batch %d, expected %d", ErrLost, batch.BaseOffset(), q.entries.end())
		}
		e, err := newEntry(q.entries.last()+1, batch)
		if err != nil {
			return fmt.Errorf("%w: %w", ErrLost, err)
		}
		q.entries.list = append(q.entries.list, e)
	}
	return nil
}
