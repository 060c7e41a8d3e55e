package checker

import "math"

// starts judges where the log begins: only DeleteRecords (or retention) moves
// that, and never back.
func (p *part) starts() {
	s := starts{part: p, told: p.startsTold()}
	for _, id := range p.fetches {
		if r := p.row(id); r.outcome == OK {
			s.judge(id, r)
			s.served(id, r)
		}
	}
	for _, id := range p.others {
		if r := p.row(id); r.outcome == OK {
			s.judge(id, r)
		}
	}
}

type starts struct {
	*part
	told *ladder // starts, by the time they were told
}

// startTold is the log start that an answer states.
func startTold(r *row) int64 {
	switch {
	case r.kind == TrimOp:
		return r.answer
	case r.kind == FetchOp && !r.has(OutOfRange):
		return r.extra
	case r.kind == ListOp && r.answer == Earliest:
		return r.offset
	}
	return Unknown
}

// startsTold are the starts that bind. Where replicas may lag, only those that
// a DeleteRecords answered: it waits for all of them.
func (p *part) startsTold() *ladder {
	l := &ladder{}
	for _, ids := range [][]ID{p.fetches, p.others} {
		for _, id := range ids {
			if r := p.row(id); r.outcome == OK && p.bound(r) > 0 {
				l.add(r.ret, p.bound(r), id)
			}
		}
	}
	l.build()
	return l
}

// bound is the start below which no later answer may go. Where replicas may lag
// it is what a DeleteRecords asked for: its answer is the least start of those
// that were alive, and another may have come back since.
func (p *part) bound(r *row) int64 {
	switch {
	case !p.o.EndMayLag:
		return startTold(r)
	case r.kind == TrimOp:
		return min(asks(r), startTold(r))
	}
	return Unknown
}

// startsAsked tells how far the start can have been moved. A trim whose
// outcome is unknown counts; one up to the high watermark can go anywhere.
func (p *part) startsAsked() *ladder {
	l := &ladder{}
	for _, id := range p.others {
		r := p.row(id)
		if r.kind != TrimOp || r.outcome == Fail {
			continue
		}
		l.add(r.invoke, asks(r), id)
	}
	l.build()
	return l
}

// asks is the largest start that a trim can have set.
func asks(r *row) int64 {
	switch {
	case r.offset != Unknown:
		return r.offset
	case r.outcome == OK && r.answer != Unknown:
		return r.answer
	}
	return math.MaxInt64
}

// furthest is how far the start can have been when an operation returned.
func (p *part) furthest(r *row) int64 { return p.furthestAt(r.ret) }

// furthestAt is how far it can have been at a moment.
func (p *part) furthestAt(at int64) int64 {
	if p.o.Retention {
		return math.MaxInt64
	}
	asked, _ := p.asked.before(at + 1)
	return asked.value
}

func (s *starts) judge(id ID, r *row) {
	start := startTold(r)
	if start == Unknown || r.kind == TrimOp && s.o.EndMayLag {
		return
	}
	if before, ok := s.binds(r); ok && start < before.value {
		s.blame("log-start-went-back", []ID{before.id, id}, "told %d after %d", start, before.value)
	}
	if most := s.furthest(r); start > most {
		s.blame("log-start-too-high", []ID{id}, "told %d, and nobody had asked for more than %d", start, most)
	}
}

// binds is the start that was told before an operation, and that its answer has to know;
// false: there is none. One that does not know that another leads may be behind: a
// DeleteRecords did not wait for it if it was taken for dead then.
func (s *starts) binds(r *row) (told step, ok bool) {
	if s.o.LeaderMayBeDeposed && r.invoke < s.final {
		return told, false
	}
	return s.told.before(r.invoke)
}

// served judges a fetch against the starts and ends known when it began.
func (s *starts) served(id ID, r *row) {
	records := s.h.recordsOf(r)
	if before, ok := s.binds(r); ok && len(records) > 0 && records[0].Offset < before.value {
		s.blame("read-below-log-start", []ID{before.id, id}, "read %d, and the log began at %d", records[0].Offset, before.value)
	}
	if !r.has(OutOfRange) || r.offset == Unknown {
		return
	}
	end, ok := s.ends.before(r.invoke)
	if ok && s.furthest(r) <= r.offset && r.offset <= end.value {
		s.blame("false-out-of-range", []ID{end.id, id}, "offset %d was inside [%d, %d]", r.offset, s.furthest(r), end.value)
	}
}
