package checker

// other is a second partition.
var other = TP{"t", 1}

// marked is for logs with transaction markers.
var marked = Options{Markers: func(string) bool { return true }}

// ended is a transaction, from its first operation to its end.
func (t tale) ended(txn, from, to int64, o Outcome) {
	switch id := t.InvokeTxn(int32(txn), from, txn); o {
	case OK:
		t.OK(id, to)
	case Fail:
		t.Fail(id, to, "aborted")
	default:
		t.Maybe(id, to, "timeout")
	}
}

// put is an acknowledged record, sent in a transaction (0: in none).
func (t tale) put(txn int64, at TP, from, to, base int64, value Value) {
	id := t.InvokeProduce(int32(txn), from, at, plainBatch(value))
	t.Within(id, txn)
	t.OKProduce(id, to, base)
}

// took is what a poll got, in a transaction; nobody told from where, or how far the log goes.
func (t tale) took(txn int64, at TP, from, to int64, records ...Record) {
	t.tookTo(txn, at, from, to, Unknown, records...)
}

// tookTo is a poll that was told where the log ends.
func (t tale) tookTo(txn int64, at TP, from, to, end int64, records ...Record) {
	id := t.InvokeFetch(int32(txn), from, at, Fetch{From: Unknown, ReadCommitted: true})
	t.Within(id, txn)
	t.OKFetch(id, to, Fetched{Records: records, HighWatermark: end, LogStart: Unknown})
}

// dirty is a poll that gets uncommitted records, too.
func (t tale) dirty(txn int64, at TP, from, to int64, records ...Record) {
	id := t.InvokeFetch(int32(txn), from, at, Fetch{From: Unknown})
	t.Within(id, txn)
	t.OKFetch(id, to, Fetched{Records: records, HighWatermark: Unknown, LogStart: Unknown})
}

func lies(offset int64, v Value) Record { return Record{offset, Unknown, v} }

// markerCases are about logs with transaction markers.
func markerCases() []anomalyCase {
	sent := func(t tale) { t.put(0, tp, 0, 1, 0, 10); t.put(0, tp, 0, 1, 2, 11); t.put(0, tp, 0, 1, 5, 12) }
	return []anomalyCase{{
		name: "poll-skip", o: marked, // over a record that is known
		wrong: func(t tale) { sent(t); t.took(0, tp, 2, 3, lies(0, 10)); t.took(0, tp, 4, 5, lies(5, 12)) },
		fine:  func(t tale) { sent(t); t.took(0, tp, 2, 3, lies(2, 11)); t.took(0, tp, 4, 5, lies(5, 12)) },
	}, {
		name: "poll-skip", o: marked, // below the first record, above the offset asked
		wrong: func(t tale) { sent(t); t.got(2, 2, 3, Fetch{From: 1}, Fetched{Records: at(5, 12), HighWatermark: 7}) },
		fine:  func(t tale) { sent(t); t.got(2, 2, 3, Fetch{From: 3}, Fetched{Records: at(5, 12), HighWatermark: 7}) },
	}, {
		name: "int-poll-skip", o: marked,
		wrong: func(t tale) { sent(t); t.took(0, tp, 2, 3, lies(0, 10), lies(5, 12)) },
		fine:  func(t tale) { sent(t); t.took(0, tp, 2, 3, lies(0, 10), lies(2, 11), lies(5, 12)) },
	}, {
		name: "nonmonotonic-poll", o: marked,
		wrong: func(t tale) { sent(t); t.took(0, tp, 2, 3, lies(2, 11)); t.took(0, tp, 4, 5, lies(2, 11)) },
		fine:  func(t tale) { sent(t); t.took(0, tp, 2, 3, lies(2, 11)); t.took(0, tp, 4, 5, lies(5, 12)) },
	}, {
		name: "lost-write", o: marked, // nobody read it, and somebody read beyond
		wrong: func(t tale) { sent(t); t.Mark(2, FinalRead, ""); t.took(0, tp, 3, 4, lies(2, 11), lies(5, 12)) },
		fine: func(t tale) {
			sent(t)
			t.Mark(2, FinalRead, "")
			t.took(0, tp, 3, 4, lies(0, 10), lies(2, 11), lies(5, 12))
		},
	}, {
		name: "unseen", o: marked, // and nobody did
		wrong: func(t tale) { sent(t); t.Mark(2, FinalRead, ""); t.took(0, tp, 3, 4, lies(0, 10), lies(2, 11)) },
		fine: func(t tale) {
			sent(t)
			t.Mark(2, FinalRead, "")
			t.took(0, tp, 3, 4, lies(0, 10), lies(2, 11), lies(5, 12))
		},
	}}
}

// txnCases are about single transactions.
func txnCases() []anomalyCase {
	return []anomalyCase{{
		name: "failed-read", o: marked, // of an aborted transaction
		wrong: func(t tale) {
			t.put(1, tp, 1, 2, 0, 10)
			t.ended(1, 0, 3, Fail)
			t.took(0, tp, 4, 5, lies(0, 10))
		},
		fine: func(t tale) {
			t.put(1, tp, 1, 2, 0, 10)
			t.ended(1, 0, 3, Maybe)
			t.took(0, tp, 4, 5, lies(0, 10))
		},
	}, {
		name: "precommitted-read", o: marked,
		wrong: func(t tale) {
			t.put(1, tp, 1, 2, 0, 10)
			t.took(1, tp, 3, 4, lies(0, 10))
			t.ended(1, 0, 5, OK)
		},
		fine: func(t tale) {
			t.put(1, tp, 1, 2, 0, 10)
			t.ended(1, 0, 3, OK)
			t.took(2, tp, 4, 5, lies(0, 10))
			t.ended(2, 4, 6, OK)
		},
	}, {
		name: "int-nonmonotonic-send", o: marked,
		wrong: func(t tale) { t.put(1, tp, 1, 3, 1, 10); t.put(1, tp, 1, 3, 0, 11); t.ended(1, 0, 4, OK) },
		fine:  func(t tale) { t.put(1, tp, 1, 3, 0, 10); t.put(1, tp, 1, 3, 1, 11); t.ended(1, 0, 4, OK) },
	}, {
		name: "int-send-skip", o: marked,
		wrong: func(t tale) {
			t.put(1, tp, 1, 3, 0, 10)
			t.put(2, tp, 1, 3, 1, 11)
			t.put(1, tp, 1, 3, 2, 12)
			t.ended(1, 0, 4, OK)
			t.ended(2, 0, 4, OK)
		},
		fine: func(t tale) {
			t.put(1, tp, 1, 3, 0, 10)
			t.put(2, tp, 1, 3, 1, 11)
			t.put(1, tp, 1, 3, 2, 12)
			t.ended(1, 0, 4, OK)
			t.ended(2, 0, 4, Fail)
		},
	}, {
		name: "lost-write", o: marked, // of a transaction of unknown end, another record of which was read
		wrong: func(t tale) {
			t.put(1, tp, 1, 2, 0, 10)
			t.put(1, other, 1, 2, 0, 11)
			t.ended(1, 0, 3, Maybe)
			t.put(0, other, 1, 2, 1, 12)
			t.Mark(4, FinalRead, "")
			t.took(0, tp, 5, 6, lies(0, 10))
			t.took(0, other, 7, 8, lies(1, 12))
		},
		fine: func(t tale) {
			t.put(1, tp, 1, 2, 0, 10)
			t.put(1, other, 1, 2, 0, 11)
			t.ended(1, 0, 3, Maybe)
			t.put(0, other, 1, 2, 1, 12)
			t.Mark(4, FinalRead, "")
			t.took(0, other, 7, 8, lies(1, 12))
		},
	}, {
		name: "inconsistent-offsets", o: marked, // the same: what was not committed binds no offset
		wrong: func(t tale) {
			t.put(1, tp, 1, 4, 0, 10)
			t.put(1, other, 1, 4, 0, 11)
			t.ended(1, 0, 4, Maybe)
			t.put(0, tp, 1, 4, 0, 12)
			t.took(0, other, 5, 6, lies(0, 11))
		},
		fine: func(t tale) {
			t.put(1, tp, 1, 4, 0, 10)
			t.put(1, other, 1, 4, 0, 11)
			t.ended(1, 0, 4, Maybe)
			t.put(0, tp, 1, 4, 0, 12)
		},
	}, {
		name: "poll-skip", o: marked, // a consumer whose transaction failed begins again
		wrong: func(t tale) { rewinds(t, lies(2, 12)) },
		fine:  func(t tale) { rewinds(t, lies(1, 11)) },
	}}
}

func rewinds(t tale, next Record) {
	t.put(0, tp, 0, 1, 0, 10)
	t.put(0, tp, 0, 1, 1, 11)
	t.put(0, tp, 0, 1, 2, 12)
	poll := func(txn, from int64, r Record) {
		id := t.InvokeFetch(7, from, tp, Fetch{From: Unknown, ReadCommitted: true})
		t.Within(id, txn)
		t.OKFetch(id, from+1, Fetched{Records: []Record{r}, HighWatermark: Unknown, LogStart: Unknown})
	}
	poll(0, 2, lies(0, 10))
	poll(1, 4, lies(1, 11))
	t.ended(1, 4, 5, Fail)
	poll(0, 6, next)
}
