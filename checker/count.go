package checker

func (c *check) count() {
	s := &c.r.Stats
	s.Ops, s.Partitions = len(c.h.rows), len(c.parts)
	for i := range c.h.rows {
		r := c.row(ID(i))
		if r.outcome == Corrupt {
			c.countCorrupt(ID(i), r)
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

func (c *check) countCorrupt(id ID, r *row) {
	c.r.Stats.Corrupt++
	if !c.o.CorruptAllowed {
		c.r.add(Anomaly{Name: "corrupt-read", At: c.h.tps.list[r.tp], Ops: []ID{id}, Detail: c.h.texts.list[r.reason]})
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
