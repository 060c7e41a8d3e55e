package storage_test

import (
	"bytes"
	"errors"
	"slices"
	"testing"

	"odradek/node/env"
	"odradek/node/storage"
)

// rotten is a log with a batch of which a byte changed while the log was open.
func rotten(t *testing.T, at int, bit byte) *patient {
	t.Helper()
	p := segmented(t, false)
	for p.examine() != nil {
		p.powerCut()
	}
	p.hurt = p.m.line[p.latest(7)]
	i := slices.IndexFunc(p.logs(), func(file string) bool {
		b, _ := p.disk.Cached(dir + "/" + file)
		return bytes.Contains(b, p.hurt)
	})
	file := p.logs()[i]
	b, _ := p.disk.Cached(dir + "/" + file)
	b = bytes.Clone(b)
	b[bytes.Index(b, p.hurt)+at] ^= bit
	must(t, p.write(file, b))
	return p
}

// latest is the first batch from one on whose timestamp is above all before it.
func (p *patient) latest(from int) int {
	most := int64(0)
	for i, b := range p.m.line {
		if i >= from && b.MaxTimestamp() > most {
			return i
		}
		most = max(most, b.MaxTimestamp())
	}
	return -1
}

func (p *patient) readSlow(offset int64) error {
	return p.run(func(t *env.Task) error {
		_, err := p.log.ReadSlow(t, offset, 1000, p.log.End(), true)
		return err
	}, nil)
}

func TestABatchWhoseFirstOffsetChangedIsNotServedForAnother(t *testing.T) {
	for _, bit := range []byte{1 << 6, 1 << 5} {
		p := rotten(t, 7, bit)
		err := p.readSlow(p.hurt.BaseOffset())
		var corrupt *storage.CorruptError
		if !errors.As(err, &corrupt) {
			t.Errorf("bit %d of %d..%d: %v", bit, p.hurt.BaseOffset(), p.hurt.LastOffset(), err)
		}
	}
}

func TestALookupByTimeDoesNotTakeABatchForAnother(t *testing.T) {
	p := rotten(t, 7, 1<<6)
	err := p.run(func(t *env.Task) error {
		_, _, _, _, err := p.log.OffsetForTime(t, p.hurt.MaxTimestamp(), p.log.End())
		return err
	}, nil)
	var corrupt *storage.CorruptError
	if !errors.As(err, &corrupt) {
		t.Error(err)
	}
}

func TestATruncationGoesByNoLengthThatChanged(t *testing.T) {
	p := rotten(t, 8, 1<<6) // a gigabyte more
	var failure error
	p.log.Truncate(p.now, p.hurt.NextOffset(), p.out, func(_ env.Time, err error, _ *env.Outbox) { failure = err })
	p.settle()
	var corrupt *storage.CorruptError
	if !errors.As(failure, &corrupt) {
		t.Error(failure)
	}
}
