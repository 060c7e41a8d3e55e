package storage_test

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"testing"

	"odradek/node/env"
	"odradek/node/record"
	"odradek/node/storage"
)

// segmented is a log of several segments, all of it on disk, and closed.
func segmented(t *testing.T, past bool) *patient {
	t.Helper()
	d := fresh(t, 3)
	d.config.SegmentBytes, d.config.SegmentMs = 2000, 1<<40
	d.options.Mendable = true
	d.fill(t, 30)
	save := d.log.Close
	if past {
		save = d.log.SaveHigh
		d.log.SetHigh(d.log.Durable())
	}
	must(t, d.run(save, nil))
	d.settle()
	d.powerCut()
	return &patient{driver: d}
}

// logs are the segments' files.
func (p *patient) logs() []string {
	return slices.DeleteFunc(p.paths(), func(name string) bool { return !strings.HasSuffix(name, ".log") })
}

// undergo opens, reads, mends and reads again.
func (p *patient) undergo(t *testing.T) {
	t.Helper()
	for p.examine() != nil {
		p.powerCut()
	}
	if damaged := p.log.Damaged(); len(damaged) != 1 || p.log.End() != p.m.end() {
		t.Fatalf("of [0, %d] these are damaged: %v", p.log.End(), damaged)
	}
	must(t, p.readAll())
	must(t, p.mend())
	must(t, p.readAll())
	if left := p.log.Damaged(); len(left) > 0 {
		t.Fatal(left)
	}
}

func TestAMissingSegmentIsMended(t *testing.T) {
	p := segmented(t, false)
	must(t, p.disk.Do(&env.Disk{Kind: env.Remove, Path: dir + "/" + p.logs()[2]}).Err)
	must(t, p.disk.Do(&env.Disk{Kind: env.SyncDir, Path: dir}).Err)
	p.undergo(t)
}

func TestASegmentThatLostItsEndIsMended(t *testing.T) {
	p := segmented(t, false)
	file := p.logs()[1]
	b, _ := p.disk.Cached(dir + "/" + file)
	p.overwrite(t, file, bytes.Clone(b[:len(b)/2]))
	p.undergo(t)
}

// wounded is an open log with one damaged range, of one batch with others around.
func wounded(t *testing.T) (p *patient, hurt record.Batch) {
	t.Helper()
	p = segmented(t, false)
	p.hurt = p.m.line[7]
	must(t, p.flip(false))
	for p.examine() != nil {
		p.powerCut()
	}
	return p, p.hurt
}

func TestRecordsThatDoNotFitAreRefused(t *testing.T) {
	p, hurt := wounded(t)
	where := p.log.Damaged()[0]
	another := bytes.Clone(hurt)
	another[15]++ // its leader epoch
	for _, records := range [][]byte{nil, p.m.line[6], hurt[:len(hurt)-1], another, append(bytes.Clone(hurt), p.m.line[8]...)} {
		err := p.run(func(t *env.Task) error { return p.log.Mend(t, where, records) }, nil)
		if !errors.Is(err, storage.ErrUnfit) {
			t.Errorf("%d bytes: %v", len(records), err)
		}
	}
	must(t, p.run(func(t *env.Task) error { return p.log.Mend(t, where, hurt) }, nil))
	must(t, p.readAll())
}

func TestATruncationBelowADamagedRangeTakesItAlong(t *testing.T) {
	p, hurt := wounded(t)
	p.cutAt(t, hurt.BaseOffset())
	if damaged := p.log.Damaged(); len(damaged) > 0 || p.log.End() != hurt.BaseOffset() {
		t.Fatalf("the end is %d, and %v is damaged", p.log.End(), damaged)
	}
	must(t, p.append())
	p.log.Drained(p.now, p.out)
	p.settle()
	must(t, p.readAll())
}

func TestATruncationBehindADamagedRangeLeavesIt(t *testing.T) {
	p, hurt := wounded(t)
	p.cutAt(t, hurt.NextOffset())
	damaged := p.log.Damaged()
	if len(damaged) != 1 || p.log.End() != hurt.NextOffset() {
		t.Fatalf("the end is %d, and %v is damaged", p.log.End(), damaged)
	}
	must(t, p.append())
	p.log.Drained(p.now, p.out)
	p.settle()
	must(t, p.mend())
	must(t, p.readAll())
}

func (p *patient) cutAt(t *testing.T, offset int64) {
	t.Helper()
	var failure error
	p.log.Truncate(p.now, offset, p.out, func(_ env.Time, err error, _ *env.Outbox) { failure = err })
	p.settle()
	must(t, failure)
	p.m.cut(offset)
}
