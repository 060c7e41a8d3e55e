package storage

import (
	"cmp"
	"errors"
	"fmt"

	"odradek/node/env"
)

// slotFile is the open recovery-point file. Each process begins a new one, and
// again when it has grown long:
//
//	recovery-point.tmp: [slot] -- sync, rename, sync the directory --> named
//	recovery-point:     [slot][slot][slot]...
//
// Slots may be appended before it is named; they are safe once it is.
type slotFile struct {
	file  env.FileID
	size  int64
	named env.Op // ends the making
	err   error  // the first failure
}

// Completed takes a step of the making.
func (f *slotFile) Completed(_ env.Time, done *env.DiskDone, _ *env.Outbox) {
	f.err = cmp.Or(f.err, done.Err)
}

func (f *slotFile) close(t *env.Task) error {
	if f == nil {
		return nil
	}
	if done := t.Do(env.Disk{Kind: env.Close, File: f.file}); !errors.Is(done.Err, env.ErrNoFile) {
		return done.Err
	}
	return nil
}

// newSlots begins a file with one slot. The slots still under way to the old
// one need not be found: the new one holds what they say.
func (l *Log) newSlots(first recoveryPoint, out *env.Outbox) {
	if l.slots != nil {
		out.Disk(env.Disk{Kind: env.Close, File: l.slots.file, Tag: ignore{}})
	}
	f := &slotFile{file: out.NewFile(), size: slotSize}
	at := l.path(RecoveryFile)
	removed := out.Disk(env.Disk{Kind: env.Remove, Path: at + tmpSuffix, Tag: f})
	out.Disk(env.Disk{Kind: env.Open, File: f.file, Path: at + tmpSuffix, Flags: env.Create, After: removed, Tag: f})
	out.Disk(env.Disk{Kind: env.Write, File: f.file, Data: first.encode(), Tag: f})
	synced := out.Disk(env.Disk{Kind: env.Sync, File: f.file, Tag: f})
	renamed := out.Disk(env.Disk{Kind: env.Rename, Path: at + tmpSuffix, To: at, After: synced, Tag: f})
	f.named = out.Disk(env.Disk{Kind: env.SyncDir, Path: l.o.Dir, After: renamed, Tag: f})
	l.slots = f
}

// writePoint makes a change of the recovery point durable. Several may be under
// way: each slot holds the changes of those before it.
func (l *Log) writePoint(t *env.Task, change func(*recoveryPoint)) error {
	change(&l.next)
	l.next.high = min(l.high, l.synced) // a follower may know of more than it has synced
	slot, f := l.next, l.slots
	if f == nil || f.size >= recoveryLonger {
		l.newSlots(slot, t.Out())
		f = l.slots
	} else {
		t.Out().Disk(env.Disk{Kind: env.Write, File: f.file, Off: f.size, Data: slot.encode(), Tag: f})
		f.size += slotSize
	}
	for _, done := range t.All([]env.Disk{{Kind: env.Sync, File: f.file}, {Kind: env.Nop, After: f.named}}) {
		f.err = cmp.Or(f.err, done.Err)
	}
	if f.err != nil {
		l.dropSlots(t, f)
		return fmt.Errorf("%s: %w", RecoveryFile, f.err)
	}
	l.point.start, l.point.high = max(l.point.start, slot.start), slot.high
	if slot.offset >= l.point.offset {
		l.point.offset, l.point.position = slot.offset, slot.position
	}
	return nil
}

// dropSlots gives up a file that failed; the next slot begins a new one.
func (l *Log) dropSlots(t *env.Task, f *slotFile) {
	if l.slots == f {
		l.slots = nil
		f.close(t)
	}
}
