package storage

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"odradek/node/env"
)

// Journal makes small appends to many logs of one directory durable by one sync:
//
//	log --want--\                         /-- ok -> each log's Durable
//	log --want---+- Drained -> one frame +
//	log --want--/    write, sync          \-- failed -> each log stops
//
// The segments are written as ever, through the page cache; they are synced before
// the half of the journal that covers them is used again. One frame is under way at
// a time; what gathers meanwhile goes into the next one. Where there is no room, or
// no journal yet, segments are synced at once.
type Journal struct {
	o       JournalOptions
	state   journalState
	id      uint64
	file    env.FileID
	halves  [2]half
	end     int64  // of what the halves have of it
	spare   area   // behind, for a half that is free
	growing bool   // there is going to be one
	at      int    // of the half that is written to
	seq     uint64 // of the next frame
	synced  uint64 // of the last frame that is durable
	needed  uint64 // the first frame with what is not synced in its segments
	told    uint64 // needed, as a durable frame says
	flying  bool   // a frame is under way
	claims  int    // tasks that want to write one
	tasks   int    // that use the file
	waiting []*Log
	items   []item // of the frame under way
	buf     []byte // its bytes

	gathered []*Log // what Drained gathers, used again
}

// JournalOptions say which journal to keep.
type JournalOptions struct {
	Dir   string   // the log directory
	ID    env.UUID // the directory's
	Shard int      // whose logs use it
	Bytes int64    // largest size of its file
	Large int64    // bytes of a log from which on its own file is synced instead
	Tasks *env.Tasks
	Rand  *rand.Rand

	// Failed is told of a failure after which the directory is not to be trusted.
	Failed func(now env.Time, err error, out *env.Outbox)
}

type journalState uint8

const (
	journalAbsent journalState = iota // there is no file, or not yet
	journalMaking
	journalReady
	journalBroken // a write or a sync has failed
	journalClosed
)

// item is what the frame under way holds of a log.
type item struct {
	l          *Log
	covers     Range
	generation int
}

// NewJournal is a journal without a file; Prepare makes it.
func NewJournal(o JournalOptions) *Journal { return &Journal{o: o} }

// want puts a log into the next frame.
func (j *Journal) want(l *Log) {
	if !l.journal.queued {
		l.journal.queued = true
		j.waiting = append(j.waiting, l)
	}
}

// Drained ends a batch of events, after the Drained of the logs: what they want to be
// durable is written down, and synced. Those with too much for the journal need not wait
// for the frame under way.
func (j *Journal) Drained(now env.Time, out *env.Outbox) {
	busy := j.flying || j.claims > 0
	logs, later := j.gathered[:0], j.waiting[:0]
	for _, l := range j.waiting {
		switch done := !l.pending() || l.journal.asked >= l.end; {
		case !done && busy && l.journal.fits():
			later = append(later, l)
			continue
		case !done:
			logs = append(logs, l)
		}
		l.journal.queued = false
	}
	clear(j.waiting[len(later):])
	j.waiting, j.gathered = later, logs
	j.harden(now, logs, busy, out)
	clear(logs)
}

// harden makes durable what logs have appended, in a frame unless one is under way.
func (j *Journal) harden(now env.Time, logs []*Log, busy bool, out *env.Outbox) {
	switch {
	case len(logs) == 0 && (busy || !j.tells()):
	case j.state == journalBroken:
		for _, l := range logs {
			l.fail(now, errBroken, out)
		}
	case j.state == journalReady && !busy:
		j.gather(now, logs, out)
	default:
		for _, l := range logs {
			l.syncDirectly(now, out)
		}
	}
}

var errBroken = errors.New("the journal of the directory has failed")

// gather writes a frame with all that is small enough.
func (j *Journal) gather(now env.Time, logs []*Log, out *env.Outbox) {
	j.makeRoom(now, j.sizeOf(logs), out)
	room := j.room()
	j.begin()
	for _, l := range logs {
		size := l.frameSize()
		if !l.journal.fits() || size > room {
			l.syncDirectly(now, out)
			continue
		}
		room -= size
		j.put(now, l)
	}
	if len(j.items) > 0 || j.tells() {
		j.emit(out)
	}
}

func (l *Log) frameSize() int64 {
	return entryHeader + int64(len(base(l.o.Dir))) + l.journal.bytes
}

// sizeOf is what a frame would take with all of these logs.
func (j *Journal) sizeOf(logs []*Log) (size int64) {
	for _, l := range logs {
		if l.journal.fits() {
			size += l.frameSize()
		}
	}
	return size
}

func (j *Journal) begin() {
	j.items = j.items[:0]
	j.buf = frame{id: j.id, seq: j.seq, synced: j.synced, needed: j.needed}.appendHead(j.buf[:0])
}

// put adds to the frame what a log has appended.
func (j *Journal) put(now env.Time, l *Log) {
	x := &l.journal
	j.buf = journalEntry{
		kind: entryBatches, name: base(l.o.Dir), topic: l.o.TopicID, known: l.durable,
		offset: x.fresh[0].BaseOffset(), epoch: x.fresh[0].PartitionLeaderEpoch(),
	}.appendHead(j.buf, int(x.bytes))
	for _, b := range x.fresh {
		j.buf = append(j.buf, b...)
	}
	j.items = append(j.items, item{l, Range{x.fresh[0].BaseOffset(), l.end}, l.generation})
	j.holds(l, l.end)
	x.asked = l.end
	x.giveUp()
	l.unsynced, l.flushed = 0, now.Mono
}

// emit writes the frame and syncs it.
func (j *Journal) emit(out *env.Outbox) {
	j.flying = true
	w := j.write()
	w.Tag = &flight{j: j}
	out.Disk(w)
	out.Disk(env.Disk{Kind: env.Sync, File: j.file, Tag: &flight{j, true}})
}

// write ends the frame, and says where it goes.
func (j *Journal) write() env.Disk {
	sealFrame(j.buf)
	h := &j.halves[j.at]
	at := h.next
	h.next += int64(len(j.buf))
	j.seq++
	return env.Disk{Kind: env.Write, File: j.file, Off: at, Data: j.buf}
}

// flight is the completer of a frame's write or (last) its sync.
type flight struct {
	j    *Journal
	last bool
}

// Completed moves Durable of all logs in the frame.
func (f *flight) Completed(now env.Time, done *env.DiskDone, out *env.Outbox) {
	j := f.j
	if done.Err != nil {
		j.fail(now, done.Err, out)
	}
	if !f.last {
		return
	}
	j.flying = false
	if j.state == journalBroken {
		return
	}
	j.landed()
	for _, i := range j.items {
		if i.generation == i.l.generation {
			i.l.journal.spans = append(i.l.journal.spans, i.covers)
			i.l.advance(now, out)
		}
	}
}

// landed notes that the frame that was written last is durable, and what it says.
func (j *Journal) landed() {
	j.synced = j.seq - 1
	j.told = be.Uint64(j.buf[36:])
	j.free()
}

// fail is for good: what the page cache holds of the file may be gone, and nobody
// would say so.
func (j *Journal) fail(now env.Time, err error, out *env.Outbox) {
	if errors.Is(err, env.ErrCancelled) || j.state == journalBroken {
		return
	}
	j.state = journalBroken
	err = fmt.Errorf("journal of %s: %v", j.o.Dir, err) // a full disk is no excuse: its blocks are there
	for _, i := range j.items {
		if i.generation == i.l.generation {
			i.l.fail(now, err, out)
		}
	}
	j.o.Failed(now, err, out)
}
