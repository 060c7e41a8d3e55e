package broker

import (
	"time"

	"odradek/node/env"
	"odradek/node/storage"
)

// fetch gathers one fetch over the shards of its partitions, again and again
// until there is enough or the time is up:
//
//	look -> enough? -> done
//	          | no
//	          v
//	look and watch -> enough? -> done
//	          ^          | no
//	          +-- woken -+-- time is up -> done
type fetch struct {
	s       *shard
	id      uint64
	spec    fetchSpec
	done    func([]*sessionPart, []lookResult)
	plan    fetchPlan // of the look under way, or the last
	seen    []*sessionPart
	results []lookResult // of those seen
	looking bool
	watched bool // shards may have watches of ours
	woken   bool // something changed while we looked
	late    bool // the time is up
	ended   bool
}

// fetchSpec is what a fetch wants.
type fetchSpec struct {
	context  *fetchContext
	minBytes int
	maxBytes int
	wait     time.Duration
	minOne   bool
	reader   reader
}

func (s *shard) fetch(spec fetchSpec, done func([]*sessionPart, []lookResult)) *fetch {
	s.lastFetch++
	f := &fetch{s: s, id: s.lastFetch, spec: spec, done: done}
	s.fetches[f.id] = f
	f.look(false)
	return f
}

func (f *fetch) look(watch bool) {
	f.woken, f.looking = false, true
	f.watched = f.watched || watch
	plan := f.s.plan(&f.spec)
	f.plan = plan
	if watch {
		f.watchQuiet()
	}
	question := func(parts []lookPart) any {
		return lookQuestion{Fetch: f.id, Watch: watch, MaxBytes: f.spec.maxBytes, Reader: f.spec.reader, MinOne: f.spec.minOne, Parts: parts}
	}
	scatter(f.s, plan.parts, (*lookPart).key, question, func(results []lookResult) {
		f.seen, f.results, f.looking = plan.seen, results, false
		if !f.ended {
			f.looked(watch)
		}
	})
}

func (f *fetch) looked(watched bool) {
	switch {
	case len(f.results)+len(f.plan.quiet) == 0 || f.enough() || f.late || f.spec.wait <= 0:
		f.finish()
	case !watched:
		f.s.timers.Set(f, f.s.now.Mono+f.spec.wait)
		f.look(true)
	case f.woken:
		f.look(true)
	}
}

// enough tells whether a client need not wait longer.
func (f *fetch) enough() bool {
	n := 0
	for i := range f.results {
		r := &f.results[i]
		if r.Code != 0 || r.Diverged || r.Closer || r.Stale {
			return true
		}
		n += r.Slice.Size
	}
	return n >= f.spec.minBytes
}

// wake is called when a watched partition has changed.
func (f *fetch) wake() {
	if f.woken = true; !f.looking {
		f.look(true)
	}
}

// fired: the time is up; what was found last is the answer.
func (f *fetch) fired() {
	if f.late = true; !f.looking {
		f.finish()
	}
}

// cancel ends a fetch whose client is gone; nobody reads its answer.
func (f *fetch) cancel() {
	if !f.ended {
		f.finish()
	}
}

func (f *fetch) finish() {
	f.end()
	f.share()
	f.done(f.seen, f.results)
}

func (f *fetch) end() {
	f.ended = true
	delete(f.s.fetches, f.id)
	f.s.timers.Cancel(f)
	if f.watched {
		f.unwatch()
	}
}

func (f *fetch) unwatch() {
	byShard := make([][]partitionKey, f.s.node.shards+1)
	for i := range f.plan.parts {
		key := f.plan.parts[i].Key
		to := f.s.node.shardOf(key)
		byShard[to] = append(byShard[to], key)
	}
	for to, keys := range byShard {
		if quiet := to == f.s.index && len(f.plan.quiet) > 0; quiet || len(keys) > 0 {
			f.s.tell(to, unwatch{f.id, keys, f.plan.quiet})
		}
	}
}

// share gives each partition, in order, what is left of the request's bytes.
// The first batch of the first partition with records comes whole (KIP-74).
func (f *fetch) share() {
	left, first := f.spec.maxBytes, f.spec.minOne
	for i := range f.results {
		slice := &f.results[i].Slice
		if slice.Size == 0 {
			continue
		}
		most := min(left, int(f.seen[i].max))
		switch {
		case first:
			most = max(most, slice.First)
		case slice.First > most:
			most = 0 // a piece of a batch is of no use
		}
		first = false
		cut(slice, most)
		left = max(left-slice.Size, 0)
	}
}

// cut shortens a slice to at most so many bytes.
func cut(slice *storage.Slice, most int) {
	if slice.Size <= most {
		return
	}
	slice.Size = most
	var kept []env.Part
	for _, p := range slice.Parts {
		if most == 0 {
			break
		}
		p.Len = min(p.Len, most)
		most -= p.Len
		kept = append(kept, p)
	}
	slice.Parts = kept
}
