package storage

import (
	"bytes"
	"cmp"
	"slices"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
)

// Journalled is what a journal holds of one log.
type Journalled struct {
	Name    string // of its directory
	Topic   env.UUID
	Batches []record.Batch // ascending; there may be gaps
	Known   int64          // below was durable
}

// ReadJournal tells what a journal's file holds of each log, in the order of their
// first frames. A journal of another directory, or of an earlier life of this one,
// says nothing. lost: frames are damaged that had been synced, and are needed.
func ReadJournal(file []byte, dir env.UUID) (logs []*Journalled, lost bool) {
	of, id, ok := decodeHeader(file)
	if !ok {
		return nil, len(file) > journalHeader && !zero(file[journalHeader:])
	}
	if of != dir {
		return nil, false
	}
	frames, lost := neededFrames(file[journalHeader:], id)
	r := journalReader{at: map[string]*Journalled{}}
	for _, f := range frames {
		r.take(f)
	}
	return r.logs, lost
}

func zero(b []byte) bool { return len(bytes.Trim(b, "\x00")) == 0 }

// neededFrames are those frames that the newest one calls needed, in
// order, and whether one is missing that was synced.
func neededFrames(b []byte, id uint64) (all []frame, lost bool) {
	all = framesIn(b, id)
	slices.SortStableFunc(all, func(a, b frame) int { return cmp.Compare(a.seq, b.seq) })
	if len(all) == 0 {
		return nil, false
	}
	newest := all[len(all)-1]
	all = slices.DeleteFunc(all, func(f frame) bool { return f.seq < newest.needed })
	next := newest.needed
	for _, f := range all {
		lost = lost || f.seq > next && next <= newest.synced
		next = f.seq + 1
	}
	return all, lost
}

// journalReader takes frames in order.
type journalReader struct {
	logs []*Journalled
	at   map[string]*Journalled
}

func (r *journalReader) take(f frame) {
	for b := f.entries; len(b) > 0; {
		e, rest, ok := decodeEntry(b)
		if !ok {
			return
		}
		r.log(e).take(e)
		b = rest
	}
}

func (r *journalReader) log(e journalEntry) *Journalled {
	key := string(e.topic[:]) + e.name
	if r.at[key] == nil {
		r.at[key] = &Journalled{Name: e.name, Topic: e.topic}
		r.logs = append(r.logs, r.at[key])
	}
	return r.at[key]
}

func (x *Journalled) take(e journalEntry) {
	if e.kind == entryCut {
		x.cut(e.offset)
		return
	}
	x.cut(e.offset) // there is nothing behind it, unless a cut is damaged
	x.Known = max(x.Known, e.known)
	x.Batches = append(x.Batches, e.wholeBatches()...)
}

func (x *Journalled) cut(end int64) {
	x.Known = max(min(x.Known, end), 0)
	if mutant.On("B27") { // B27: what was cut off, or deleted, comes back
		return
	}
	x.Batches = slices.DeleteFunc(x.Batches, func(b record.Batch) bool { return b.NextOffset() > end })
}
