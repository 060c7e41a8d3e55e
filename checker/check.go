package checker

import (
	"fmt"
	"slices"
)

// Check sweeps a history: every partition's log must be one that grew at its
// end, batch by batch, and every answer must fit a moment between its question
// and itself. It takes time in proportion to n log n.
func Check(h *History, o Options) *Result {
	if o.Keep == 0 {
		o.Keep = 20
	}
	r := &Result{h: h, keep: o.Keep, log: map[TP]bool{}}
	c := &check{h: h, o: o, r: r, senders: map[Value]ID{}, final: never}
	for _, m := range h.marks {
		if m.Kind == FinalRead {
			c.final = m.At
		}
	}
	parts := c.split()
	for _, p := range parts {
		p.sweep()
	}
	c.topics()
	c.count(len(parts))
	if share := r.Stats.MaybeShare(); o.MaxMaybe > 0 && share > o.MaxMaybe {
		r.add(Anomaly{Name: "too-many-maybes", Detail: fmt.Sprintf("%.0f %% of %d produces", 100*share, r.Stats.Produces)})
	}
	return r
}

// check is one run over a history.
type check struct {
	h       *History
	o       Options
	r       *Result
	senders map[Value]ID // the produce that sent a value first
	final   int64        // from when on everything is read to its end
}

// part is the operations of one partition, in order of invocation.
type part struct {
	*check
	tp       TP
	ops      []ID
	produces []ID
	fetches  []ID
	lists    []ID
	trims    []ID

	at    map[int64]cell // what was told to lie at an offset
	where map[Value]int64
}

// cell is a record as it was told first.
type cell struct {
	value     Value
	timestamp int64
	op        ID
}

func (c *check) split() []*part {
	byTP := make([]*part, len(c.h.tps.list))
	var parts []*part
	for i := range c.h.rows {
		id, row := ID(i), &c.h.rows[i]
		c.noteSender(id, row)
		if kind := row.kind; kind == CreateOp || kind == DeleteOp || kind == MetadataOp {
			continue
		}
		p := byTP[row.tp]
		if p == nil {
			p = &part{check: c, tp: c.h.tps.list[row.tp], at: map[int64]cell{}, where: map[Value]int64{}}
			byTP[row.tp] = p
			parts = append(parts, p)
		}
		p.file(id, row.kind)
	}
	return parts
}

func (c *check) noteSender(id ID, row *row) {
	if row.kind != ProduceOp {
		return
	}
	for _, rec := range c.h.recordsOf(row) {
		if _, twice := c.senders[rec.Value]; !twice {
			c.senders[rec.Value] = id
		}
	}
}

func (p *part) file(id ID, kind Kind) {
	p.ops = append(p.ops, id)
	switch kind {
	case ProduceOp:
		p.produces = append(p.produces, id)
	case FetchOp:
		p.fetches = append(p.fetches, id)
	case ListOp:
		p.lists = append(p.lists, id)
	case TrimOp:
		p.trims = append(p.trims, id)
	}
}

func (p *part) row(id ID) *row { return &p.h.rows[id] }

func (p *part) blame(name string, ops []ID, format string, args ...any) {
	p.r.add(Anomaly{Name: name, At: p.tp, Ops: ops, Detail: fmt.Sprintf(format, args...)})
}

func (p *part) sweep() {
	slices.SortStableFunc(p.ops, func(a, b ID) int { return compare(p.row(a).invoke, p.row(b).invoke) })
	p.place()
	p.readings()
	p.ends()
	p.consumers()
	p.senderOrder()
	p.starts()
	p.lookups()
	p.finalRead()
}

// acked tells whether a produce was acknowledged in a way that binds.
func (p *part) acked(r *row) bool {
	return r.outcome == OK && r.offset != Unknown && r.acks != 0 && (r.acks == -1 || !p.o.AcksOneMayBeLost)
}

// place gathers what was told of each offset.
func (p *part) place() {
	for _, id := range p.produces {
		r := p.row(id)
		if r.outcome != OK || r.offset == Unknown {
			continue
		}
		for i, rec := range p.h.recordsOf(r) {
			p.tell(r.offset+int64(i), rec, id)
		}
	}
	for _, id := range p.fetches {
		for _, rec := range p.h.recordsOf(p.row(id)) {
			p.tell(rec.Offset, rec, id)
		}
	}
}

func (p *part) tell(offset int64, rec Record, id ID) {
	old, known := p.at[offset]
	switch {
	case !known:
		p.at[offset] = cell{rec.Value, rec.Timestamp, id}
	case old.value != rec.Value:
		p.blame("inconsistent-offsets", []ID{old.op, id}, "offset %d holds %d and %d", offset, old.value, rec.Value)
		return
	case old.timestamp != rec.Timestamp && old.timestamp != Unknown && rec.Timestamp != Unknown:
		p.blame("inconsistent-timestamp", []ID{old.op, id}, "offset %d has %d and %d", offset, old.timestamp, rec.Timestamp)
	}
	first, seen := p.where[rec.Value]
	if !seen {
		p.where[rec.Value] = offset
		return
	}
	if first != offset && !known && !p.maySendTwice(rec.Value) {
		p.blame("duplicate", []ID{p.at[first].op, id}, "value %d lies at %d and %d", rec.Value, first, offset)
	}
}

func (p *part) maySendTwice(v Value) bool {
	id, ok := p.senders[v]
	return ok && p.row(id).has(Resends) && p.row(id).producer == Unknown
}

func (c *check) count(partitions int) {
	s := &c.r.Stats
	s.Ops, s.Partitions = len(c.h.rows), partitions
	for i := range c.h.rows {
		r := &c.h.rows[i]
		if r.outcome == Corrupt {
			s.Corrupt++
			if !c.o.CorruptAllowed {
				c.r.add(Anomaly{Name: "corrupt-read", At: c.h.tps.list[r.tp], Ops: []ID{ID(i)}, Detail: c.h.texts.list[r.reason]})
			}
		}
		switch r.kind {
		case ProduceOp:
			c.countProduce(r)
		case FetchOp:
			s.Fetches++
			s.Records += int(r.count)
		}
	}
}

func (c *check) countProduce(r *row) {
	s := &c.r.Stats
	s.Produces++
	switch r.outcome {
	case OK:
		s.Acked++
	case Fail:
		s.Failed++
	default:
		s.Maybes++
	}
}
