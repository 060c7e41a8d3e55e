package checker

import (
	"fmt"
	"math"
	"slices"
)

// Check sweeps a history: every partition's log must be one that grew at its
// end, batch by batch, and every answer must fit a moment between its question
// and itself. It takes time in proportion to n log n.
func Check(h *History, o Options) *Result {
	c := newCheck(h, o)
	for _, p := range c.parts {
		p.sweep()
	}
	for _, g := range c.groups() {
		g.judge()
	}
	c.finish()
	return c.r
}

// check is one run over a history.
type check struct {
	h       *History
	o       Options
	r       *Result
	senders *senders
	txns    txns
	base    []int64 // where a produce lies, or unplaced, by ID
	final   int64   // from when on everything is read to its end; never: not at all
	settled int64   // when groups must be at their end; never: not at all
	parts   []*part
}

// unplaced stands for the offset of a produce that nobody was told.
const unplaced = int64(math.MinInt64)

// part is one partition's operations, in order of invocation, and what the
// sweep learns of them.
type part struct {
	*check
	tp       TP
	produces []ID
	fetches  []ID
	others   []ID // lists and trims

	cells   *spread[cell] // what was told to lie at an offset
	copies  []spot        // batches that lie in the log once more
	guesses []spot        // single records of which one of several sends is the source
	stands  []stand       // all that says where the log ended when
	visible []int64       // under Markers: offsets of records that every reader must get, sorted
	gaps    []gap
	ends    *ladder // ends, by the time they were told
	asked   *ladder // starts that trims can have set, by the time they began

	lastRelease  int64 // the latest invocation of all that has its place
	illegal      bool  // the log has no linearization
	vague        bool  // it may have none, and the sweep could not tell
	contradicted bool  // two records or batches share an offset
}

func newCheck(h *History, o Options) *check {
	if o.Keep == 0 {
		o.Keep = 20
	}
	c := &check{h: h, o: o, r: &Result{h: h, keep: o.Keep, allow: o.Allow}, senders: h.findSenders(), final: never, settled: never}
	for _, m := range h.marks {
		if m.Kind == FinalRead {
			c.final = m.At
		}
		if m.Kind == GroupsSettled {
			c.settled = m.At
		}
	}
	c.base = make([]int64, len(h.rows))
	for i := range c.base {
		c.base[i] = unplaced
	}
	c.findTxns()
	c.split()
	return c
}

func (c *check) split() {
	byTP := make([]*part, len(c.h.tps.list))
	for i := range c.h.rows {
		row := &c.h.rows[i]
		if row.kind == CreateOp || row.kind == DeleteOp || row.kind == MetadataOp || row.kind > TrimOp {
			continue
		}
		p := byTP[row.tp]
		if p == nil {
			p = &part{check: c, tp: c.h.tps.list[row.tp]}
			byTP[row.tp] = p
			c.parts = append(c.parts, p)
		}
		p.file(ID(i), row.kind)
	}
	for _, p := range c.parts {
		p.sort(p.produces)
		p.sort(p.fetches)
		p.sort(p.others)
	}
}

func (p *part) file(id ID, kind Kind) {
	switch kind {
	case ProduceOp:
		p.produces = append(p.produces, id)
	case FetchOp:
		p.fetches = append(p.fetches, id)
	case ListOp, TrimOp:
		p.others = append(p.others, id)
	}
}

func (p *part) sort(ids []ID) {
	earlier := func(a, b ID) int { return compare(p.row(a).invoke, p.row(b).invoke) }
	if !slices.IsSortedFunc(ids, earlier) {
		slices.SortStableFunc(ids, earlier)
	}
}

func (p *part) sweep() {
	p.place()
	p.findVisible()
	p.readings()
	p.chain()
	p.fill()
	p.consumers()
	p.sends()
	p.sendSkips()
	p.ends, p.asked = p.endsTold(), p.startsAsked()
	p.starts()
	p.lookups()
	p.finalReading()
}

func (c *check) finish() {
	c.topics()
	c.circles()
	c.count()
	if share := c.r.Stats.MaybeShare(); c.o.MaxMaybe > 0 && share > c.o.MaxMaybe {
		c.r.add(Anomaly{Name: "too-many-maybes", Detail: fmt.Sprintf("%.1f %% of %d produces", 100*share, c.r.Stats.Produces)})
	}
}

func (c *check) row(id ID) *row { return &c.h.rows[id] }

// blame adds an anomaly. Operations below 0 stand for "before all".
func (p *part) blame(name string, ops []ID, format string, args ...any) {
	p.blameAt(name, p.tp, ops, format, args...)
}

func (c *check) blameAt(name string, at TP, ops []ID, format string, args ...any) {
	ops = slices.DeleteFunc(ops, func(id ID) bool { return id < 0 })
	c.r.add(Anomaly{Name: name, At: at, Ops: slices.Compact(ops), Detail: fmt.Sprintf(format, args...)})
}

// broken adds an anomaly that alone leaves the log without a linearization.
func (p *part) broken(name string, ops []ID, format string, args ...any) {
	p.illegal = true
	p.blame(name, ops, format, args...)
}

func (p *part) gapsAllowed() bool { return p.o.gaps(p.tp.Topic) }

// binds tells whether the acknowledgement of a produce is a promise.
func (c *check) binds(r *row) bool {
	return r.outcome == OK && r.acks != 0 && (r.acks == -1 || !c.o.AcksOneMayBeLost) && c.committed(r)
}

// mayRepeat tells whether a batch may rightly lie in the log more than once.
func mayRepeat(r *row) bool { return r.has(Resends) && r.producer == Unknown }

// answered tells whether a fetch gave a piece of the log.
func answered(r *row) bool { return r.outcome == OK && !r.has(OutOfRange) }

// past is the offset behind n records at base, however large base is.
func past(base int64, n int) int64 {
	if base > math.MaxInt64-int64(n) {
		return math.MaxInt64
	}
	return base + int64(n)
}

// before is the offset n below another, however small that is.
func before(offset int64, n int32) int64 {
	if offset <= math.MinInt64+int64(n) {
		return unplaced + 1
	}
	return offset - int64(n)
}
