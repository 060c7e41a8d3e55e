package storage_test

import (
	"errors"
	"slices"
	"strings"
	"testing"

	"odradek/faults"
	"odradek/node/env"
	"odradek/node/record"
	"odradek/node/storage"
)

// fresh is a driver whose log has segments of a few batches, and no chance in
// its configuration.
func fresh(t *testing.T, seed uint64) *driver {
	t.Helper()
	d := newDriver(seed)
	d.knobs.bytes = 0
	d.config = storage.DefaultConfig()
	d.config.SegmentBytes, d.config.IndexInterval = 700, 100
	must(t, d.reopen(true))
	return d
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

// fill appends batches and makes them durable.
func (d *driver) fill(t *testing.T, batches int) {
	t.Helper()
	for range batches {
		must(t, d.append())
		d.log.Drained(d.now, d.out)
		d.settle()
		must(t, d.observe())
	}
}

func (d *driver) paths() []string {
	var names []string
	for _, p := range d.disk.Paths() {
		if name, ok := strings.CutPrefix(p, dir+"/"); ok {
			names = append(names, name)
		}
	}
	return names
}

// overwrite makes text the content of a file, durably.
func (d *driver) overwrite(t *testing.T, file string, text []byte) {
	t.Helper()
	for _, op := range []env.Disk{
		{Kind: env.Open, File: 99999, Path: dir + "/" + file, Flags: env.Create},
		{Kind: env.Truncate, File: 99999},
		{Kind: env.Write, File: 99999, Data: text},
		{Kind: env.Sync, File: 99999},
		{Kind: env.Close, File: 99999},
	} {
		must(t, d.disk.Do(&op).Err)
	}
}

// openOnce opens the log, whatever comes of it.
func (d *driver) openOnce() (report storage.Report, err error) {
	d.options.Tasks = d.tasks
	err = d.run(func(t *env.Task) (err error) {
		d.log, report, err = storage.Open(t, d.options)
		return err
	}, nil)
	return report, err
}

func TestAnUnreadableFileFailsTheOpeningAndChangesNothing(t *testing.T) {
	struck := 0
	for at := range 120 {
		d := fresh(t, 1)
		d.fill(t, 12)
		d.crash()
		steps := 0
		d.options.Tasks = d.tasks
		err := d.run(func(t *env.Task) (err error) {
			_, _, err = storage.Open(t, d.options)
			return err
		}, func() bool {
			if steps++; steps == at {
				d.disk.Arm(faults.EIORead)
			}
			return false
		})
		var device *env.IOError
		if d.struck != (err != nil) || err != nil && !errors.As(err, &device) {
			t.Fatalf("a read that fails after %d steps: %v", at, err)
		}
		if err == nil {
			continue
		}
		struck++
		if d.settle(); len(d.open) > 0 {
			t.Fatalf("still open: %v", d.open)
		}
		must(t, d.reopen(true))
	}
	if struck < 10 {
		t.Fatalf("only %d openings failed", struck)
	}
}

// After a failed sync the page cache holds what the disk does not, and takes it
// for saved: whoever reads it again has to write it again.
func TestRecoveryMakesDurableAgainWhatItKeeps(t *testing.T) {
	d := fresh(t, 2)
	d.config.SegmentBytes = 1 << 20
	d.fill(t, 3)
	must(t, d.append())
	d.settle()
	d.disk.Arm(faults.EIOSync)
	d.log.Drained(d.now, d.out)
	d.settle()
	end := d.log.End()
	if d.log.Stopped() == nil || d.log.Durable() == end {
		t.Fatal("the sync did not fail")
	}
	d.crash()
	must(t, d.reopen(true))
	if d.log.Durable() != end {
		t.Fatalf("recovery kept %d of %d", d.log.Durable(), end)
	}
	d.powerCut()
	must(t, d.reopen(true))
	if d.log.End() != end {
		t.Fatalf("after a power cut %d of %d are left", d.log.End(), end)
	}
}

func TestFilesOfHalfDoneWorkAreSweptAway(t *testing.T) {
	d := fresh(t, 3)
	d.fill(t, 5)
	must(t, d.closeCleanly())
	before := d.paths()
	for _, file := range []string{"00000000000000009999.index", "00000000000000009999.timeindex", "leader-epoch-checkpoint.tmp", "00000000000000000003.snapshot.tmp", "00000000000000009999.snapshot"} {
		d.overwrite(t, file, []byte("left over"))
	}
	must(t, d.closeCleanly())
	if after := d.paths(); !slices.Equal(before, after) {
		t.Fatalf("%v became %v", before, after)
	}
}

func TestDamagedFilesAreDerivedAnew(t *testing.T) {
	for _, suffix := range []string{".index", ".timeindex", ".snapshot", "recovery-point", "leader-epoch-checkpoint", "partition.metadata"} {
		d := fresh(t, 4)
		d.fill(t, 12)
		must(t, d.closeCleanly())
		d.settle()
		d.crash()
		for _, file := range d.paths() {
			if strings.HasSuffix(file, suffix) {
				d.overwrite(t, file, []byte("rotten!"))
			}
		}
		if err := d.reopen(true); err != nil { // which compares it with the model
			t.Errorf("%s: %v", suffix, err)
			continue
		}
		for range 20 {
			must(t, d.lookUp())
			must(t, d.read())
		}
	}
}

func TestBytesMissingBelowTheRecoveryPointAreStorageLoss(t *testing.T) {
	d := fresh(t, 5)
	d.config.SegmentBytes = 1 << 20
	d.fill(t, 8)
	must(t, d.closeCleanly())
	d.crash()
	whole, _ := d.disk.Cached(dir + "/00000000000000000000.log")
	d.overwrite(t, "00000000000000000000.log", whole[:len(whole)-1])
	report, err := d.openOnce()
	must(t, err)
	last := d.m.line[len(d.m.line)-1]
	if !report.Lost || d.log.End() != last.BaseOffset() {
		t.Fatalf("%+v, the end is %d", report, d.log.End())
	}
	found, err := d.all()
	must(t, err)
	if len(found) != len(d.m.line)-1 {
		t.Fatalf("%d batches of %d are left", len(found), len(d.m.line)-1)
	}
}

func TestAMissingSegmentIsStorageLossAndTakesNoOtherWithIt(t *testing.T) {
	d := fresh(t, 6)
	d.fill(t, 12)
	must(t, d.closeCleanly())
	d.crash()
	var logs []string
	for _, file := range d.paths() {
		if strings.HasSuffix(file, ".log") {
			logs = append(logs, file)
		}
	}
	kept, _ := d.disk.Cached(dir + "/" + logs[len(logs)-2])
	d.disk.Do(&env.Disk{Kind: env.Remove, Path: dir + "/" + logs[len(logs)-1]})
	report, err := d.openOnce()
	must(t, err)
	if left, _ := d.disk.Cached(dir + "/" + logs[len(logs)-2]); !report.Lost || len(left) != len(kept) {
		t.Fatalf("%+v, %d bytes of %d are left", report, len(left), len(kept))
	}
}

func TestADirectoryOfAnotherTopicIsRefused(t *testing.T) {
	d := fresh(t, 7)
	d.fill(t, 2)
	must(t, d.closeCleanly())
	d.crash()
	d.options.TopicID = env.NewUUID(d.rng)
	if _, err := d.openOnce(); !errors.Is(err, storage.ErrOtherTopic) {
		t.Fatal(err)
	}
	if d.settle(); len(d.open) > 0 {
		t.Fatal(d.open)
	}
}

func TestATornLastBatchIsCutOff(t *testing.T) {
	d := fresh(t, 8)
	d.config.SegmentBytes = 1 << 20
	d.fill(t, 4)
	d.crash()
	whole, _ := d.disk.Cached(dir + "/00000000000000000000.log")
	d.overwrite(t, "00000000000000000000.log", whole[:len(whole)-3])
	report, err := d.openOnce()
	must(t, err)
	last := d.m.line[len(d.m.line)-1]
	if report.Lost || report.Cut != int64(len(last))-3 || d.log.End() != last.BaseOffset() {
		t.Fatalf("%+v, the end is %d", report, d.log.End())
	}
	if left, _ := d.disk.Durable(dir + "/00000000000000000000.log"); len(left) != len(whole)-len(last) {
		t.Fatalf("%d bytes are left", len(left))
	}
}

func TestAnEmptyDirectoryIsAnEmptyLogAndMakesNothing(t *testing.T) {
	d := fresh(t, 9)
	if d.log.End() != 0 || len(d.paths()) > 0 {
		t.Fatal(d.log.End(), d.paths())
	}
	b := record.NewBuilder(nil)
	b.Append(record.Record{Timestamp: 1})
	batch, err := b.Build()
	must(t, err)
	record.Assign(batch, 5, 0)
	if err := d.log.AppendFollower(d.now, batch, d.out); !errors.Is(err, storage.ErrGap) {
		t.Fatal(err)
	}
}
