package storage_test

import (
	"slices"
	"strings"
	"testing"

	"odradek/node/env"
	"odradek/node/storage"
)

// advance deletes the records before an offset, and waits for it.
func (d *driver) advance(t *testing.T, to int64) {
	t.Helper()
	ended := false
	d.m.asked = max(d.m.asked, to)
	d.log.AdvanceStart(d.now, to, d.out, func(_ env.Time, err error, _ *env.Outbox) {
		must(t, err)
		ended = true
	})
	if d.settle(); !ended {
		t.Fatal("AdvanceStart did not end")
	}
	must(t, d.observe())
}

func TestTheRecoveryPointFileStaysShort(t *testing.T) {
	d := fresh(t, 1)
	d.fill(t, 400)
	longest := 0
	for to := int64(1); to <= d.log.End(); to++ {
		d.advance(t, to)
		file, _ := d.disk.Cached(dir + "/recovery-point")
		longest = max(longest, len(file))
	}
	if longest > 5000 {
		t.Fatalf("it had %d bytes", longest)
	}
	d.powerCut()
	must(t, d.reopen(true))
	if d.log.Start() != d.m.end() {
		t.Fatal(d.log.Start())
	}
}

func TestDeletedSegmentsLeaveNoFilesAndNoHandles(t *testing.T) {
	d := fresh(t, 2)
	d.fill(t, 100)
	d.advance(t, d.log.End())
	must(t, d.run(d.log.Checkpoint, nil))
	logs := slices.DeleteFunc(d.paths(), func(file string) bool { return !strings.HasSuffix(file, ".log") })
	if len(logs) != 1 || len(d.open) > 2 { // the last segment, and the recovery point
		t.Fatal(logs, d.open)
	}
	if d.log.Producers().Len() == 0 {
		t.Fatal("the producers went with the records")
	}
}

func TestRetentionStopsAtTheHighWatermark(t *testing.T) {
	d := fresh(t, 3)
	d.fill(t, 60)
	d.config.RetentionMs = 1000
	high := d.log.End() / 2
	d.now.Wall += 100_000
	d.log.Retain(d.now, high, d.out)
	d.settle()
	if start := d.log.Start(); start == 0 || start > high {
		t.Fatalf("the start is %d, the high watermark %d", start, high)
	}
}

func TestRetentionBySizeLeavesThatSize(t *testing.T) {
	d := fresh(t, 4)
	d.fill(t, 60)
	d.config.RetentionBytes = d.log.Size() / 3
	d.log.Retain(d.now, d.log.End(), d.out)
	d.settle()
	must(t, d.run(d.log.Checkpoint, nil))
	if size := d.log.Size(); size < d.config.RetentionBytes || d.log.Start() == 0 {
		t.Fatalf("%d bytes are left of %d, the start is %d", size, d.config.RetentionBytes, d.log.Start())
	}
}

// A deleted log's unfinished work must not reach the log that takes its name.
func TestADeletedLogLeavesItsSuccessorAlone(t *testing.T) {
	for seed := range uint64(200) {
		d := fresh(t, seed)
		for range 10 {
			must(t, d.append())
			d.log.Drained(d.now, d.out)
			d.pump()
		}
		d.tasks.Start(d.now, d.out, d.log.Checkpoint, nil)
		d.log.AdvanceStart(d.now, min(1, d.log.Durable()), d.out, func(env.Time, error, *env.Outbox) {})
		for range d.rng.IntN(60) {
			d.pump()
		}
		must(t, d.run(d.log.Delete, nil))
		d.options.TopicID = env.NewUUID(d.rng)
		d.m = newModel()
		report, err := d.openOnce()
		must(t, err)
		if d.log.End() != 0 || !report.TopicID.IsZero() {
			t.Fatalf("seed %d: the successor has %d records of topic %v", seed, d.log.End(), report.TopicID)
		}
		must(t, d.append())
		d.settle()
		want := []string{"00000000000000000000.log", "partition.metadata"}
		if got := d.paths(); !slices.Equal(got, want) {
			t.Fatalf("seed %d: %v", seed, got)
		}
		if len(d.open) != 1 {
			t.Fatalf("seed %d: open are %v", seed, d.open)
		}
	}
}

func TestALogThatIsClosedTakesNothing(t *testing.T) {
	d := fresh(t, 5)
	d.fill(t, 2)
	must(t, d.run(d.log.Close, nil))
	if err := d.log.Appendable(); err == nil {
		t.Fatal("it takes batches")
	}
	err := d.run(func(t *env.Task) error {
		_, err := d.log.ReadSlow(t, 0, 100, d.log.End(), true)
		return err
	}, nil)
	if err == nil || len(d.open) > 0 {
		t.Fatal(err, d.open)
	}
	var stopped = d.log.Stopped()
	d.log.AdvanceStart(d.now, 1, d.out, func(_ env.Time, err error, _ *env.Outbox) {
		if err != stopped {
			t.Fatal(err)
		}
	})
	if err := d.run(d.log.Checkpoint, nil); err != stopped || storage.ErrBusy == err {
		t.Fatal(err)
	}
}
