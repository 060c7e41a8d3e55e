package storage_test

import (
	"bytes"
	"fmt"
	"slices"
	"testing"

	"odradek/node/env"
	"odradek/node/record"
	"odradek/node/storage"
)

// shelf is several logs of one directory with one journal.
type shelf struct {
	*world
	codecs  *record.Compressor
	config  storage.Config
	o       storage.JournalOptions
	journal *storage.Journal
	books   []*book
	failed  error // of the journal
}

// book is a log, and what was appended to it.
type book struct {
	log    *storage.Log
	o      storage.Options
	line   []record.Batch
	acked  int64
	failed error
}

// LogAdvanced and LogFailed make a book the owner of its log.
func (b *book) LogAdvanced(env.Time, *env.Outbox) {}

func (b *book) LogFailed(_ env.Time, err error, _ *env.Outbox) { b.failed = err }

func newShelf(t testing.TB, seed uint64, logs int, size, large int64) *shelf {
	t.Helper()
	s := &shelf{world: newWorld(seed), codecs: record.NewCompressor(), config: storage.DefaultConfig()}
	s.o = storage.JournalOptions{
		Dir: "d", ID: env.NewUUID(s.rng), Shard: 1, Bytes: size, Large: large, Rand: s.rng,
		Failed: func(_ env.Time, err error, _ *env.Outbox) { s.failed = err },
	}
	for i := range logs {
		b := &book{}
		b.o = storage.Options{Dir: fmt.Sprintf("d/topic-%d", i), TopicID: env.NewUUID(s.rng), Config: &s.config, Owner: b, Rand: s.rng}
		s.books = append(s.books, b)
	}
	if err := s.start(); err != nil {
		t.Fatal(err)
	}
	return s
}

// start is what a node does: it replays, opens its logs, and begins a journal.
func (s *shelf) start() error {
	err := s.run(s.replay, nil)
	s.o.Tasks = s.tasks
	s.journal = storage.NewJournal(s.o)
	for _, b := range s.books {
		b.o.Tasks, b.o.Journal, b.failed = s.tasks, s.journal, nil
		if err == nil {
			err = s.run(func(t *env.Task) (err error) { b.log, _, err = storage.Open(t, b.o); return err }, nil)
		}
	}
	if err != nil {
		return err
	}
	s.journal.Prepare(s.now, s.out)
	s.settle()
	return nil
}

const journalFile = "odradek-journal-1"

func (s *shelf) replay(t *env.Task) error {
	logs, lost, err := storage.LoadJournals(t, "d", s.o.ID, []string{journalFile})
	if err != nil || lost {
		return fmt.Errorf("the journal: lost %v, %w", lost, err)
	}
	for _, x := range logs {
		for _, b := range s.books {
			if b.o.TopicID != x.Topic {
				continue
			}
			o := b.o
			o.Journal, o.Tasks = nil, s.tasks
			if report, err := x.Replay(t, o); err != nil || report.Lost {
				return fmt.Errorf("replay %s: %v, %w", x.Name, report, err)
			}
		}
	}
	return storage.DropJournals(t, "d", []string{journalFile})
}

func (s *shelf) append(b *book, size int) error {
	builder := record.NewBuilder(s.codecs)
	builder.Append(record.Record{Timestamp: s.now.Wall, Value: bytes.Repeat([]byte{byte(s.rng.IntN(256))}, size)})
	batch, err := builder.Build()
	if err != nil {
		return err
	}
	v, err := record.Validate(batch, record.DefaultRules(s.now.Wall))
	if err == nil {
		_, err = b.log.Append(s.now, &v, 0, s.out)
	}
	if err == nil {
		b.line = append(b.line, slices.Clone(v.Batch))
	}
	return err
}

func (s *shelf) drained() {
	for _, b := range s.books {
		b.log.Drained(s.now, s.out)
	}
	s.journal.Drained(s.now, s.out)
}

// note takes down what is durable.
func (s *shelf) note() {
	for _, b := range s.books {
		b.acked = max(b.acked, b.log.Durable())
	}
}

// rest drains until nothing is under way.
func (s *shelf) rest() {
	for range 4 {
		s.drained()
		s.settle()
	}
	s.note()
}

// survived holds what the logs have after a start against what was durable.
func (s *shelf) survived() error {
	for i, b := range s.books {
		if b.log.End() < b.acked {
			return fmt.Errorf("log %d ends at %d, and %d was durable", i, b.log.End(), b.acked)
		}
		var found []byte
		err := s.run(func(t *env.Task) error {
			for at := b.log.Start(); at < b.log.End(); {
				slice, err := b.log.ReadSlow(t, at, 1<<20, b.log.End(), true)
				if err != nil {
					return err
				}
				more, err := fetch(t, slice)
				if err != nil {
					return err
				}
				for x, err := range record.Batches(more) {
					if err != nil {
						return err
					}
					found, at = append(found, x...), x.NextOffset()
				}
			}
			return nil
		}, nil)
		if err != nil {
			return fmt.Errorf("log %d: %w", i, err)
		}
		b.line = b.line[:b.log.End()]
		if want := slices.Concat(b.line...); !bytes.Equal(found, want) {
			return fmt.Errorf("log %d has %d bytes, and not those %d that were appended", i, len(found), len(want))
		}
	}
	return nil
}

// syncs counts the syncs of files whose path ends so.
func (w *world) countSyncs() (journal, segments int) {
	for _, path := range w.synced {
		if path == "d/"+journalFile {
			journal++
		} else {
			segments++
		}
	}
	w.synced = nil
	return journal, segments
}
