package storage

import (
	"errors"
	"fmt"
	"time"

	"odradek/node/env"
)

// A journal begins small, so that little is written at a start, and by nodes with little
// to do. Where a half is full soon it grows by an area as large as all before it:
//
//	| header | half 0 | half 1 |
//	| header | half 0 | (free) | half 1          | an area of zeros takes the place of a free half
//	| header | half 0          | half 1          | and the other one takes in what that leaves
//
// Frames are found wherever they lie, so that a crash may come at any time.

// fillsSoon is the time in which a half is full that is too small.
const fillsSoon = 5 * time.Second

// Of the largest size a journal begins with the 64th part or a little more, but not
// with less than this.
const (
	mostGrowth   = 128
	leastBetween = 2 << 10
)

// firstEnd is where the file ends that a journal begins with.
func firstEnd(most int64) int64 {
	n := most - journalHeader
	for n/2 >= max(most/mostGrowth, leastBetween) {
		n /= 2
	}
	return journalHeader + n
}

// grow writes zeros behind the journal, unless it is as large as may be.
func (j *Journal) grow(now env.Time, out *env.Outbox) {
	more := area{j.end, 2*j.end - journalHeader}
	if j.growing || more.end > j.o.Bytes {
		return
	}
	j.growing = true
	j.tasks++
	j.o.Tasks.Start(now, out, func(t *env.Task) error { return j.extend(t, more) }, func(now env.Time, err error, out *env.Outbox) {
		j.tasks--
		switch {
		case err == nil:
			j.spare = more
			j.enlarge()
		case errors.Is(err, env.ErrNoSpace):
			j.growing = false // it is large enough to go on
		default:
			j.fail(now, err, out)
		}
	})
}

// extend writes an area. The file has a second name for it, so that frames do not wait in
// one queue with zeros; each piece is synced, so that a frame's sync has not all to do.
func (j *Journal) extend(t *env.Task, a area) error {
	file := t.Out().NewFile()
	ops := append([]env.Disk{{Kind: env.Open, File: file, Path: j.path()}}, blank(file, a)...)
	var failed error
	for _, d := range ops {
		if done := t.Do(d); done.Err != nil {
			failed = fmt.Errorf("grow journal: %w", done.Err)
			break
		}
	}
	t.Do(env.Disk{Kind: env.Close, File: file})
	return failed
}

// enlarge puts the new area in the place of the half that is not written to, if it is free.
func (j *Journal) enlarge() {
	if j.spare == (area{}) || j.halves[1-j.at].phase != phaseFree {
		return
	}
	j.halves[1-j.at].area = j.spare
	j.halves[j.at].grown = area{journalHeader, j.spare.start}
	j.end, j.spare, j.growing = j.spare.end, area{}, false
}
