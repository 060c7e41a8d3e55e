package broker

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"path"
	"slices"

	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/storage"
)

// Each shard keeps a journal in each log directory (storage.Journal). At the start those
// of an earlier process are replayed, whatever its shards were, before a shard opens a
// log:
//
//	controller: metadata is up to date -> journals replayed and gone -> shards: logs opened

// leastJournal is the least size of a journal, in bytes: below there is none.
const leastJournal = 4096

// keepJournals begins a journal in each directory, unless they are turned off.
func (s *shard) keepJournals() {
	size, _ := s.node.config.Int("odradek.journal.bytes")
	large, _ := s.node.config.Int("odradek.journal.batch.bytes")
	if size < leastJournal {
		return
	}
	for _, d := range s.dirs {
		s.journals = append(s.journals, storage.NewJournal(storage.JournalOptions{
			Dir: d.path, ID: d.id, Shard: s.index, Bytes: size, Large: large, Tasks: &s.tasks, Rand: s.rand,
			Failed: func(_ env.Time, err error, _ *env.Outbox) { s.reportDir(d, err) },
		}))
	}
	s.prepareJournals()
}

func (s *shard) prepareJournals() {
	for i, j := range s.journals {
		if !s.offline[s.dirs[i].path] && !s.stopping {
			j.Prepare(s.now, s.out)
		}
	}
}

// journalIn is the journal of a directory, nil if there is none.
func (s *shard) journalIn(d *logDir) *storage.Journal {
	for i, j := range s.journals {
		if s.dirs[i].path == d.path {
			return j
		}
	}
	return nil
}

// closeJournals comes after the logs.
func (s *shard) closeJournals(done func(error)) {
	if len(s.journals) == 0 {
		done(nil)
		return
	}
	s.start(func(t *env.Task) (err error) {
		for _, j := range s.journals {
			err = errors.Join(err, j.Close(t))
		}
		return err
	}, done)
}

// replayJournals puts into the logs what only journals hold, and then goes on. A
// directory where that fails is offline; on a full disk it is tried again.
func (c *controller) replayJournals(b *boot, then func()) {
	left := 1
	done := func() {
		if left--; left == 0 {
			then()
		}
	}
	for _, d := range b.Dirs {
		if len(d.journals) > 0 {
			left++
			c.replayDir(b, d, done)
		}
	}
	done()
}

// replaysAtOnce is how many logs are replayed at one time.
const replaysAtOnce = 32

// replayDir replays the journals of one directory.
func (c *controller) replayDir(b *boot, d *logDir, done func()) {
	r := &replaying{c: c, d: d, done: func(err error) { c.replayedDir(b, d, err, done) }}
	c.start(func(t *env.Task) (err error) {
		lost := false
		if r.logs, lost, err = storage.LoadJournals(t, d.path, d.id, d.journals); err == nil && lost {
			t.Out().Logf(env.Error, "a journal of %s is damaged: STORAGE LOSS, of any of its partitions", d.path)
			err = bereave(t, b, d)
		}
		return err
	}, r.ended)
}

// replayedDir ends with a directory, or tries it again.
func (c *controller) replayedDir(b *boot, d *logDir, err error, done func()) {
	switch {
	case c.ended:
	case errors.Is(err, env.ErrNoSpace):
		c.out.Logf(env.Warn, "%v", err)
		c.after(reloadAfter, func() { c.replayDir(b, d, done) })
		return
	case err != nil:
		c.loseDir(dirOffline{d.path, err.Error()})
	}
	done()
}

// replaying is a directory whose journals are being replayed, many logs beside one
// another; the journals go when all have ended well.
type replaying struct {
	c      *controller
	d      *logDir
	logs   []*storage.Journalled // not begun
	active int
	err    error // the first
	done   func(error)
}

// ended is called when one of the tasks has ended.
func (r *replaying) ended(err error) {
	r.err = cmp.Or(r.err, err)
	for ; r.active < replaysAtOnce && len(r.logs) > 0 && r.err == nil; r.active++ {
		x := r.logs[0]
		r.logs = r.logs[1:]
		r.c.start(func(t *env.Task) error { return r.replay(t, x) }, func(err error) {
			r.active--
			r.ended(err)
		})
	}
	switch {
	case r.active > 0:
	case r.err != nil:
		r.done(r.err)
	default:
		r.c.start(func(t *env.Task) error { return storage.DropJournals(t, r.d.path, r.d.journals) }, r.done)
	}
}

func (r *replaying) replay(t *env.Task, x *storage.Journalled) error {
	dir := path.Join(r.d.path, x.Name)
	report, err := x.Replay(t, r.c.optionsOf(dir, x))
	if err != nil {
		return fmt.Errorf("replay journal into %s: %w", dir, err)
	}
	logReport(t.Out(), dir, report)
	return nil
}

// optionsOf is how the log is opened of which a journal holds something. The metadata
// may not know its topic (yet, or any more).
func (c *controller) optionsOf(dir string, x *storage.Journalled) storage.Options {
	rules := storage.DefaultConfig()
	o := storage.Options{Dir: dir, Config: &rules, Tasks: &c.tasks, Rand: c.rand, Mendable: true}
	t := c.image.TopicByID(x.Topic)
	if t == nil {
		return o
	}
	rules = logConfig(&topic{config: c.effective().Topic(c.image.Configs(meta.ResourceTopic, t.Name).Map())})
	for i := range t.Partitions {
		if p := &t.Partitions[i]; dirName(t.Name, p.Index) == x.Name {
			o.Mendable = len(p.Replicas) > 1
		}
	}
	return o
}

// bereave notes the loss in every partition of a directory: each may have been in what
// is damaged.
func bereave(t *env.Task, b *boot, d *logDir) error {
	for _, name := range slices.Sorted(maps.Keys(b.Homes)) {
		if b.Homes[name] != d {
			continue
		}
		if err := storage.Bereave(t, path.Join(d.path, name)); err != nil {
			return err
		}
	}
	return nil
}
