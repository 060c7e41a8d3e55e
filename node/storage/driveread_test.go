package storage_test

import (
	"bytes"
	"fmt"
	"reflect"
	"slices"

	"odradek/node/env"
	"odradek/node/storage"
)

// question is one read.
type question struct {
	from, limit int64
	most        int
	minOne      bool
}

func (d *driver) ask() question {
	l := d.log
	q := question{
		from:   l.Start() + d.rng.Int64N(l.End()-l.Start()+1),
		limit:  l.Acked(),
		most:   pick(d.rng, 0, 1, 100, 1000, 1<<20),
		minOne: d.rng.IntN(2) == 0,
	}
	if d.rng.IntN(4) == 0 {
		q.limit = l.Start() + d.rng.Int64N(max(l.Written()-l.Start(), 0)+1)
	}
	return q
}

// read asks in both ways, and holds the answers against each other and the model.
func (d *driver) read() error {
	if d.failures > 0 {
		return nil
	}
	l, q := d.log, d.ask()
	want := slices.Concat(d.m.between(q.from, q.limit)...)
	fast, ok, err := l.Read(q.from, q.most, q.limit, q.minOne)
	if err != nil {
		return fmt.Errorf("read %+v: %w", q, err)
	}
	var slow storage.Slice
	var b []byte
	start := l.Start()
	err = d.run(func(t *env.Task) (err error) {
		if slow, err = l.ReadSlow(t, q.from, q.most, q.limit, q.minOne); err == nil {
			b, err = fetch(t, slow)
		}
		return err
	}, nil)
	switch {
	case d.failures > 0 || l.Start() != start:
		return nil // it changed meanwhile
	case err != nil:
		return fmt.Errorf("slow read %+v: %w", q, err)
	case ok && !reflect.DeepEqual(fast, slow):
		return fmt.Errorf("read %+v: %+v, and slowly %+v", q, fast, slow)
	}
	return q.judge(b, slow, want)
}

// judge holds an answer against all that could be read.
func (q question) judge(b []byte, slice storage.Slice, want []byte) error {
	whole := len(b) == len(want)
	least := 0
	if len(want) > 0 && q.minOne {
		least = slice.First
	}
	switch {
	case !bytes.HasPrefix(want, b):
		return fmt.Errorf("read %+v: wrong bytes", q)
	case len(b) != slice.Size || len(b) < least || len(b) > max(q.most, least):
		return fmt.Errorf("read %+v: %d bytes of %d, the first batch has %d", q, len(b), slice.Size, slice.First)
	case len(b) == 0 && len(want) > 0 && q.most > 0:
		return fmt.Errorf("read %+v: nothing of %d bytes", q, len(want))
	case !whole && len(b) < q.most && !endsBatch(b):
		return fmt.Errorf("read %+v: %d bytes end inside a batch", q, len(b))
	}
	return nil
}

func endsBatch(b []byte) bool {
	for len(b) > 12 {
		size := 12 + int(uint32(b[8])<<24|uint32(b[9])<<16|uint32(b[10])<<8|uint32(b[11]))
		if size > len(b) {
			return false
		}
		b = b[size:]
	}
	return len(b) == 0
}

// lookUp asks for offsets by time.
func (d *driver) lookUp() error {
	l, m := d.log, d.m
	if d.failures > 0 {
		return nil
	}
	ts, limit, start := d.now.Wall-d.rng.Int64N(3000), l.Acked(), l.Start()
	first, latest := m.atTime(ts, limit), m.latest(limit)
	got, last := nowhere, nowhere
	err := d.run(func(t *env.Task) error {
		offset, at, epoch, found, err := l.OffsetForTime(t, ts, limit)
		if found {
			got = mark{offset, at, epoch}
		}
		if err != nil {
			return err
		}
		if offset, at, epoch, found, err = l.MaxTimestamp(t, limit); found {
			last = mark{offset, at, epoch}
		}
		return err
	}, nil)
	switch {
	case d.failures > 0 || l.Start() != start:
		return nil
	case err != nil:
		return fmt.Errorf("time lookup: %w", err)
	case got != first:
		return fmt.Errorf("the first at %d below %d is %+v, and not %+v", ts, limit, got, first)
	case last != latest:
		return fmt.Errorf("the latest below %d is %+v, and not %+v", limit, last, latest)
	}
	return nil
}
