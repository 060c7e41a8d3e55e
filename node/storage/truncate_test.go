package storage_test

import (
	"slices"
	"strings"
	"testing"

	"odradek/node/env"
	"odradek/node/record"
	"odradek/node/storage"
)

// cutting truncates and waits for the end of it.
func (d *driver) cutting(t *testing.T, cut func(env.Time, int64, *env.Outbox, func(env.Time, error, *env.Outbox)), to int64) {
	t.Helper()
	ended := false
	cut(d.now, to, d.out, func(_ env.Time, err error, _ *env.Outbox) {
		ended = true
		must(t, err)
	})
	if d.settle(); !ended {
		t.Fatal("it does not end")
	}
}

// triple appends a batch of three records.
func (d *driver) triple(t *testing.T, value string) {
	t.Helper()
	b := record.NewBuilder(nil)
	for range 3 {
		b.Append(record.Record{Timestamp: d.now.Wall, Value: []byte(value)})
	}
	batch, err := b.Build()
	must(t, err)
	record.Assign(batch, d.log.End(), d.epoch)
	must(t, d.log.AppendFollower(d.now, batch, d.out))
	d.log.Drained(d.now, d.out)
	d.settle()
}

func (d *driver) logs() (names []string) {
	for _, p := range d.paths() {
		if strings.HasSuffix(p, ".log") {
			names = append(names, p)
		}
	}
	return names
}

func TestATruncatedSuffixIsGoneAfterAPowerCut(t *testing.T) {
	for seed := range uint64(30) {
		d := fresh(t, seed)
		for range 10 {
			d.triple(t, "old")
		}
		must(t, d.run(d.log.Checkpoint, nil))
		d.cutting(t, d.log.Truncate, 9)
		d.triple(t, "new")
		d.powerCut()
		report, err := d.openOnce()
		must(t, err)
		if d.log.End() != 12 || report.Lost {
			t.Fatalf("seed %d: the end is %d, %+v", seed, d.log.End(), report)
		}
		all, err := d.all()
		must(t, err)
		for r, err := range record.Records(all[len(all)-1], nil, 0) {
			if must(t, err); string(r.Value) != "new" {
				t.Fatalf("seed %d: %q is back at %d", seed, r.Value, r.Offset)
			}
		}
	}
}

func TestABatchIsTruncatedAsAWhole(t *testing.T) {
	d := fresh(t, 1)
	for range 3 {
		d.triple(t, "v")
	}
	d.cutting(t, d.log.Truncate, 7)
	if d.log.End() != 6 || d.log.Durable() != 6 {
		t.Fatalf("the end is %d, %d of it durable", d.log.End(), d.log.Durable())
	}
	d.cutting(t, d.log.Truncate, 6)
	if d.log.End() != 6 {
		t.Fatalf("truncating at the end moved it to %d", d.log.End())
	}
}

// An answer may still be on its way that names a range of the file.
func TestBytesThatWereCutAreNotWrittenOver(t *testing.T) {
	d := fresh(t, 2)
	d.config.SegmentBytes = 1 << 20
	for range 4 {
		d.triple(t, "v")
	}
	d.cutting(t, d.log.Truncate, 6)
	d.triple(t, "w")
	if logs := d.logs(); !slices.Equal(logs, []string{"00000000000000000000.log", "00000000000000000006.log"}) {
		t.Fatal(logs)
	}
}

func TestAnEmptiedLogBeginsWhereItWasTold(t *testing.T) {
	d := fresh(t, 3)
	for range 10 {
		d.triple(t, "old")
	}
	must(t, d.run(d.log.Checkpoint, nil))
	d.cutting(t, d.log.TruncateFully, 500)
	if logs := d.logs(); len(logs) > 0 || d.log.Start() != 500 || d.log.End() != 500 || d.log.Epochs().Latest() != storage.NoEpoch {
		t.Fatal(logs, d.log.Start(), d.log.End(), d.log.Epochs().Latest())
	}
	d.powerCut()
	_, err := d.openOnce()
	must(t, err)
	if d.log.Start() != 500 || d.log.End() != 500 {
		t.Fatalf("after a power cut it is [%d, %d]", d.log.Start(), d.log.End())
	}
	d.triple(t, "new")
	d.powerCut()
	_, err = d.openOnce()
	must(t, err)
	if d.log.Start() != 500 || d.log.End() != 503 {
		t.Fatalf("with a batch it is [%d, %d]", d.log.Start(), d.log.End())
	}
}

func TestALogThatNeverHeldAnythingRemembersWhereItBegins(t *testing.T) {
	d := fresh(t, 6)
	d.cutting(t, d.log.TruncateFully, 500)
	d.powerCut()
	_, err := d.openOnce()
	must(t, err)
	if d.log.Start() != 500 || d.log.End() != 500 {
		t.Fatalf("after a power cut it is [%d, %d]", d.log.Start(), d.log.End())
	}
	d.triple(t, "new")
	if d.log.End() != 503 {
		t.Fatal(d.log.End())
	}
}

func TestATruncationBelowTheStartEmptiesTheLog(t *testing.T) {
	d := fresh(t, 4)
	for range 10 {
		d.triple(t, "v")
	}
	d.log.AdvanceStart(d.now, 20, d.out, func(_ env.Time, err error, _ *env.Outbox) { must(t, err) })
	d.settle()
	d.cutting(t, d.log.Truncate, 12)
	if d.log.Start() != 12 || d.log.End() != 12 || len(d.logs()) > 0 {
		t.Fatal(d.log.Start(), d.log.End(), d.logs())
	}
}

func TestNothingIsTakenWhileTheLogIsCut(t *testing.T) {
	d := fresh(t, 5)
	d.triple(t, "v")
	d.log.Truncate(d.now, 0, d.out, func(env.Time, error, *env.Outbox) {})
	if d.log.Appendable() == nil {
		t.Fatal("it takes more")
	}
	refused := error(nil)
	d.log.TruncateFully(d.now, 9, d.out, func(_ env.Time, err error, _ *env.Outbox) { refused = err })
	if d.settle(); refused == nil || d.log.Appendable() != nil || d.log.End() != 0 {
		t.Fatal(refused, d.log.Appendable(), d.log.End())
	}
}
