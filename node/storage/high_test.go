package storage_test

import (
	"testing"

	"odradek/node/env"
	"odradek/node/record"
	"odradek/node/storage"
)

// sizedLog is a driver with a log of ten batches in one segment.
func sizedLog(t *testing.T, seed uint64) *driver {
	d := fresh(t, seed)
	d.config.SegmentBytes = 1 << 20
	d.fill(t, 10)
	return d
}

func (d *driver) saveHigh(t *testing.T, offset int64) {
	t.Helper()
	d.log.SetHigh(offset)
	must(t, d.run(d.log.SaveHigh, nil))
}

func TestTheHighWatermarkSurvivesAHardRestart(t *testing.T) {
	d := sizedLog(t, 40)
	if d.log.High() != 0 || d.log.HighUnsaved() {
		t.Fatal(d.log.High())
	}
	d.saveHigh(t, 3)
	d.log.SetHigh(5)
	if !d.log.HighUnsaved() {
		t.Fatal("5 is saved by itself")
	}
	d.powerCut()
	report, err := d.openOnce()
	must(t, err)
	if d.log.High() != 3 || report.Lost {
		t.Fatal(d.log.High(), report)
	}
	d.log.SetHigh(5)
	must(t, d.run(d.log.Close, nil))
	d.settle()
	d.crash()
	if _, err = d.openOnce(); err != nil || d.log.High() != 5 {
		t.Fatal(d.log.High(), err)
	}
}

func TestTheRecordedHighWatermarkIsNotAboveWhatIsDurable(t *testing.T) {
	d := sizedLog(t, 41)
	end := d.log.End()
	must(t, d.append())
	d.settle() // written, not synced
	d.saveHigh(t, d.log.End())
	d.powerCut()
	report, err := d.openOnce()
	must(t, err)
	if report.Lost || d.log.High() != end {
		t.Fatal(report, d.log.High(), end)
	}
}

// The recovery point lies at the beginning: without the high watermark this would
// pass for a torn tail.
func TestALogThatEndsBelowItsHighWatermarkLostStorage(t *testing.T) {
	d := sizedLog(t, 42)
	d.saveHigh(t, d.log.End())
	d.crash()
	file := "00000000000000000000.log"
	whole, _ := d.disk.Cached(dir + "/" + file)
	d.overwrite(t, file, whole[:len(whole)-3])
	report, err := d.openOnce()
	must(t, err)
	if !report.Lost || d.log.High() > d.log.End() {
		t.Fatal(report, d.log.High(), d.log.End())
	}
}

func TestATruncationTakesTheRecordedHighWatermarkBack(t *testing.T) {
	d := sizedLog(t, 43)
	d.saveHigh(t, d.log.End())
	var failure error
	to := d.log.End() / 2
	d.log.Truncate(d.now, to, d.out, func(_ env.Time, err error, _ *env.Outbox) { failure = err })
	d.settle()
	must(t, failure)
	d.powerCut()
	report, err := d.openOnce()
	must(t, err)
	if report.Lost || d.log.End() > to || d.log.High() != d.log.End() {
		t.Fatal(report, d.log.High(), d.log.End())
	}
}

func TestALogBegunAnewIsThereAlsoIfItNeverWas(t *testing.T) {
	d := fresh(t, 44)
	var failure error
	d.log.TruncateFully(d.now, 7, d.out, func(_ env.Time, err error, _ *env.Outbox) { failure = err })
	d.settle()
	must(t, failure)
	d.powerCut()
	if _, err := d.openOnce(); err != nil || d.log.Start() != 7 || d.log.End() != 7 {
		t.Fatal(d.log.Start(), d.log.End(), err)
	}
}

// insideABatch is a log that begins at 7, inside a batch of the offsets 5 to 8.
func insideABatch(t *testing.T, seed uint64) (d *driver, batch record.Batch) {
	d = fresh(t, seed)
	var failure error
	d.log.TruncateFully(d.now, 7, d.out, func(_ env.Time, err error, _ *env.Outbox) { failure = err })
	d.settle()
	must(t, failure)
	b := record.NewBuilder(nil)
	for range 4 {
		b.Append(record.Record{Timestamp: 1, Value: []byte("x")})
	}
	batch, err := b.Build()
	must(t, err)
	record.Assign(batch, 5, 0)
	must(t, d.log.AppendFollower(d.now, batch, d.out))
	d.log.Drained(d.now, d.out)
	d.settle()
	return d, batch
}

func TestALogMayBeginInsideItsFirstBatch(t *testing.T) {
	d, batch := insideABatch(t, 45)
	for range 2 {
		if d.log.Start() != 7 || d.log.End() != 9 || d.log.Durable() != 9 {
			t.Fatal(d.log.Start(), d.log.End(), d.log.Durable())
		}
		var slice storage.Slice
		must(t, d.run(func(t *env.Task) (err error) {
			slice, err = d.log.ReadSlow(t, 7, 1000, 9, true)
			return err
		}, nil))
		if slice.Size != len(batch) {
			t.Fatalf("%+v", slice)
		}
		d.powerCut()
		report, err := d.openOnce()
		must(t, err)
		if report.Lost {
			t.Fatal(report)
		}
	}
}

// Swarm, seed 1591: it took the batch for nothing, and deleted it.
func TestOfALogThatBeginsInsideABatchMoreMayBeDeleted(t *testing.T) {
	d, _ := insideABatch(t, 46)
	var failure error
	d.log.AdvanceStart(d.now, 8, d.out, func(_ env.Time, err error, _ *env.Outbox) { failure = err })
	d.settle()
	must(t, failure)
	d.powerCut()
	if report, err := d.openOnce(); err != nil || report.Lost || d.log.Start() != 8 || d.log.End() != 9 {
		t.Fatal(report, err, d.log.Start(), d.log.End())
	}
}

// Swarm, seeds 50171 and 50835: a replica that begins where records are deleted
// has to know who wrote them, or as a leader it takes a batch twice.
func TestALogBegunAnewKeepsTheProducersItIsTold(t *testing.T) {
	d := fresh(t, 47)
	b := record.NewBuilder(nil)
	b.ProducerID, b.ProducerEpoch, b.BaseSequence = 9, 0, 4
	b.Append(record.Record{Timestamp: 1, Value: []byte("x")})
	batch, err := b.Build()
	must(t, err)
	record.Assign(batch, 6, 0)
	known := storage.NewProducers()
	known.Update(batch)
	var failure error
	d.log.BeginAt(d.now, 7, known.Before(7), d.out, func(_ env.Time, err error, _ *env.Outbox) { failure = err })
	d.settle()
	must(t, failure)
	for range 2 {
		if v, err := d.log.Producers().Check(batch); err != nil || !v.Duplicate || v.BaseOffset != 6 {
			t.Fatal(v, err)
		}
		d.powerCut()
		if _, err := d.openOnce(); err != nil || d.log.Start() != 7 {
			t.Fatal(d.log.Start(), err)
		}
	}
}

// A broker may die again before it has told anybody.
func TestALossIsReportedAtEveryStartUntilItIsForgiven(t *testing.T) {
	d := sizedLog(t, 43)
	d.saveHigh(t, d.log.End())
	d.crash()
	file := "00000000000000000000.log"
	whole, _ := d.disk.Cached(dir + "/" + file)
	d.overwrite(t, file, whole[:len(whole)-3])
	for range 3 {
		report, err := d.openOnce()
		must(t, err)
		if !report.Lost || !d.log.Bereft() {
			t.Fatal(report)
		}
		d.powerCut()
	}
	_, err := d.openOnce()
	must(t, err)
	must(t, d.run(d.log.Forgive, nil))
	d.powerCut()
	if report, err := d.openOnce(); err != nil || report.Lost || d.log.Bereft() {
		t.Fatal(report, err)
	}
}
