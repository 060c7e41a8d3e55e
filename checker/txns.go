package checker

import "slices"

// txns are the transactions of a history, by number.
type txns struct {
	index *spread[int32] // of list, counted from 1
	list  []txn
}

// txn is how a transaction ended.
type txn struct {
	id      ID // of its TxnOp; -1: there is none
	outcome Outcome
	seen    bool // a reader of committed records got one of its records
}

// noTxn stands for operations that are in no transaction: they count by themselves.
var noTxn = txn{id: -1, outcome: OK}

// of is the transaction of an operation.
func (t *txns) of(r *row) *txn {
	if r.txn == 0 {
		return &noTxn
	}
	return &t.list[*t.index.get(uint64(r.txn))-1]
}

// findTxns collects the transactions. One of unknown end was committed if a reader of
// committed records got any record of it: all of it must then be there.
func (c *check) findTxns() {
	var numbers extent
	for i := range c.h.rows {
		if r := &c.h.rows[i]; r.txn != 0 {
			numbers.add(uint64(r.txn))
		}
	}
	c.txns.index = spreadOver[int32](numbers)
	for i := range c.h.rows {
		if r := &c.h.rows[i]; r.txn != 0 {
			t := c.txns.meet(r)
			if r.kind == TxnOp {
				t.id, t.outcome = ID(i), r.outcome
			}
		}
	}
	if !slices.ContainsFunc(c.txns.list, func(t txn) bool { return t.outcome != OK && t.outcome != Fail }) {
		return
	}
	for i := range c.h.rows {
		if r := &c.h.rows[i]; r.kind == FetchOp && answered(r) && r.has(ReadCommitted) {
			c.proves(r)
		}
	}
}

func (t *txns) meet(r *row) *txn {
	i := t.index.put(uint64(r.txn))
	if *i == 0 {
		t.list = append(t.list, txn{id: -1})
		*i = int32(len(t.list))
	}
	return &t.list[*i-1]
}

// proves notes the transactions that a reading shows to be committed.
func (c *check) proves(r *row) {
	for _, rec := range c.h.recordsOf(r) {
		if from, ok := c.senders.only(rec.Value); ok {
			if s := c.row(from.op); s.txn != 0 && s.txn != r.txn && s.tp == r.tp {
				c.txns.of(s).seen = true
			}
		}
	}
}

// committed tells whether what an operation did in its transaction counts.
func (c *check) committed(r *row) bool {
	t := c.txns.of(r)
	return t.outcome == OK || t.outcome != Fail && t.seen
}

// refused tells whether a reading must not show a record of a produce.
func (c *check) refused(from, reading *row) bool {
	return from.outcome == Fail || reading.has(ReadCommitted) && c.txns.of(from).outcome == Fail
}
