package storage_test

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"odradek/node/env"
	"odradek/node/storage"
)

// journalKnobs are how the driver's journal is made; without bytes there is none.
type journalKnobs struct {
	dir          env.UUID
	bytes, large int64
}

func drawJournal(seed uint64) journalKnobs {
	rng := rand.New(rand.NewPCG(seed, 3))
	return journalKnobs{env.NewUUID(rng), pick[int64](rng, 0, 4096, 8192, 32768), pick[int64](rng, 100, 700, 1<<20)}
}

// openAll is what a start does: journals are replayed and dropped, the log is opened,
// and a new journal begun.
func (d *driver) openAll(t *env.Task) (report storage.Report, err error) {
	lost, err := d.replay(t)
	if err != nil {
		return report, err
	}
	d.journal, d.options.Journal = nil, nil
	if k := d.knobs; k.bytes > 0 {
		d.journal = storage.NewJournal(storage.JournalOptions{
			Dir: "d", ID: k.dir, Shard: 1, Bytes: k.bytes, Large: k.large, Tasks: d.tasks, Rand: d.rng,
			Failed: func(_ env.Time, err error, _ *env.Outbox) { d.note("the journal failed: %v", err) },
		})
		d.options.Journal = d.journal
	}
	d.log, report, err = storage.Open(t, d.options)
	if err == nil && d.journal != nil {
		d.journal.Prepare(t.Now(), t.Out())
	}
	report.Lost = report.Lost || lost
	return report, err
}

func (d *driver) replay(t *env.Task) (lost bool, err error) {
	var files []string
	for _, e := range t.Do(env.Disk{Kind: env.List, Path: "d"}).Entries {
		if storage.IsJournal(e.Name) {
			files = append(files, e.Name)
		}
	}
	logs, lost, err := storage.LoadJournals(t, "d", d.knobs.dir, files)
	for _, x := range logs {
		o := d.options
		o.Journal = nil
		report, err := x.Replay(t, o)
		d.note("replay %d batches, %d known: %v %v", len(x.Batches), x.Known, report, err)
		if err != nil {
			return false, err
		}
		lost = lost || report.Lost
	}
	if err != nil {
		return false, err
	}
	return lost, storage.DropJournals(t, "d", files)
}

func (d *driver) drained() {
	d.log.Drained(d.now, d.out)
	if d.journal != nil {
		d.journal.Drained(d.now, d.out)
		d.journal.Prepare(d.now, d.out)
	}
}

// closeJournal comes after the log's close. A journal that is not needed is gone.
func (d *driver) closeJournal(closed error) error {
	if d.journal == nil {
		return nil
	}
	if err := d.run(d.journal.Close, nil); err != nil && !d.struck {
		return fmt.Errorf("close the journal: %w", err)
	}
	if _, there := d.disk.Cached("d/odradek-journal-1"); there && closed == nil && !d.struck && !d.full {
		return errors.New("the journal is still there")
	}
	return nil
}
