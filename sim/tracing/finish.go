package tracing

import (
	"cmp"
	"slices"
)

// finisher makes lines of what was seen: it goes through them once more, with the logs
// as they were at each.
type finisher struct {
	p      *part
	logs   [][]batch         // by replica
	led    map[int32][]batch // by leader epoch: what its leader has written to
	values map[batch]int     // a client may write the same again to the next leader
	wrote  int
	other  int
}

// elsewhere is the first value of batches that no leader was seen to write.
const elsewhere = 1_000_000

func (p *part) finish(seed uint64, least int) Trace {
	t := Trace{Seed: seed, Partition: p.name, Brokers: p.brokers, MinISR: least, Up: p.firstUp, Active: p.active, First: p.first, Cut: p.cut}
	f := &finisher{p: p, logs: make([][]batch, len(p.brokers)), led: map[int32][]batch{}, values: map[batch]int{}}
	for _, l := range p.lines {
		t.Lines = append(t.Lines, f.line(l))
	}
	return t
}

func (f *finisher) line(l *line) Line {
	was := slices.Clone(f.logs)
	out := Line{At: l.at}
	for i := range l.acts {
		out.Acts = append(out.Acts, f.act(&l.acts[i])...)
	}
	for i := range l.after {
		out.After = append(out.After, f.change(&l.after[i], was))
	}
	return out
}

// act tells an action, or several of its kind, and does to the logs what it does.
func (f *finisher) act(a *act) []Act {
	r := a.replica
	switch a.name {
	case "Write":
		return f.write(a)
	case "Fetch":
		f.grow(r, f.fetched(a.span))
		return one(a, len(f.logs[r-1]))
	case "Truncate":
		f.cut(r, f.count(r, a.n))
	case "Sync", "AdvanceHW", "LearnHW":
		return one(a, f.count(r, a.n))
	case "Crash":
		return f.crash(a)
	case "LoseStorage":
		f.cut(r, 0)
	case "Expand":
		return []Act{{Name: a.name, Replica: r, Args: []int{a.set[0], int(a.more)}}}
	}
	return one(a)
}

func one(a *act, args ...int) []Act {
	return []Act{{Name: a.name, Replica: a.replica, Args: args, Set: a.set}}
}

func (f *finisher) write(a *act) (all []Act) {
	for _, b := range a.span.batches {
		f.wrote++
		if b.epoch < 0 {
			b.ident.crc, b.epoch = uint32(f.wrote), a.span.epoch
		}
		f.values[b] = f.wrote
		f.grow(a.replica, []batch{b})
		all = append(all, Act{Name: "Write", Replica: a.replica, Args: []int{f.wrote}})
	}
	a.span.batches = f.logs[a.replica-1][len(f.logs[a.replica-1])-len(all):]
	f.led[a.span.epoch] = f.logs[a.replica-1]
	return all
}

// fetched is what a follower got. What it never wrote is what its leader had there.
func (f *finisher) fetched(s *span) []batch {
	last := len(s.batches) - 1
	if last < 0 || s.batches[last].epoch >= 0 {
		return s.batches
	}
	from, to := s.batches[last].base, s.batches[last].next
	s.batches = s.batches[:last:last]
	source, ok := f.led[s.epoch]
	if !ok && s.leader > 0 {
		source = f.logs[s.leader-1]
	}
	for _, b := range source {
		if b.base >= from && b.next <= to {
			s.batches = append(s.batches, b)
		}
	}
	return s.batches
}

// crash is followed by a loss if the next process finds less than was durable, or says so.
func (f *finisher) crash(a *act) []Act {
	kept := f.count(a.replica, a.opens.acked)
	f.reopen(a.replica, a.opens)
	end := len(f.logs[a.replica-1])
	all := one(a, max(end, kept), f.count(a.replica, a.opens.high))
	if end < kept || a.opens.lost {
		all = append(all, Act{Name: "LoseStorage", Replica: a.replica, Args: []int{end, 1}})
	}
	return all
}

// reopen makes a log what the next process found.
func (f *finisher) reopen(r int, o *opening) {
	if o.span == nil {
		f.cut(r, f.count(r, o.end))
		return
	}
	f.logs[r-1] = slices.Clip(o.span.batches)
}

func (f *finisher) grow(r int, more []batch) { f.logs[r-1] = append(f.logs[r-1], more...) }

// cut leaves the first n batches. What is appended then is written elsewhere: others look at the old ones.
func (f *finisher) cut(r, n int) { f.logs[r-1] = f.logs[r-1][:n:n] }

// count is how many batches of a log end at or before an offset.
func (f *finisher) count(r int, offset int64) int { return countIn(f.logs[r-1], offset) }

func countIn(log []batch, offset int64) int {
	n, _ := slices.BinarySearchFunc(log, offset+1, func(b batch, x int64) int { return cmp.Compare(b.next, x) })
	return n
}

func (f *finisher) change(c *change, was [][]batch) Change {
	out := Change{Var: c.name, Replica: c.replica, N: int(c.n), Set: c.set, Entry: c.entry}
	if c.replica == 0 {
		return out
	}
	switch log := f.logs[c.replica-1]; c.name {
	case "log":
		out.N = common(was[c.replica-1], log)
		for _, b := range log[out.N:] {
			out.Batches = append(out.Batches, Batch{int(b.epoch), f.value(b)})
		}
	case "durable":
		out.N = f.count(c.replica, c.n)
		if c.opens != nil {
			out.N = len(log)
		}
	case "hw":
		at := c.n
		if c.opens != nil {
			at = c.opens.high
		}
		out.N = f.count(c.replica, at)
	}
	return out
}

func (f *finisher) value(b batch) int {
	if f.values[b] == 0 {
		f.values[b] = elsewhere + f.other
		f.other++
	}
	return f.values[b]
}

// common is how long two logs are the same.
func common(a, b []batch) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
