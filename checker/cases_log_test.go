package checker

// endCases are about where the log ended when.
func endCases() []anomalyCase {
	return []anomalyCase{{
		name:  "lost-write",
		wrong: func(t tale) { t.wrote(1, 0, 1, 0, 10); t.wrote(1, 2, 3, 1, 11); t.read(2, 4, 5, 0, 1, 10) },
		fine:  func(t tale) { t.wrote(1, 0, 1, 0, 10); t.wrote(1, 2, 4, 1, 11); t.read(2, 4, 5, 0, 1, 10) },
	}, {
		name:  "lost-write", // acknowledged without an offset, and there is no room for it
		wrong: func(t tale) { t.wrote(1, 0, 1, Unknown, 10); t.wrote(1, 2, 3, 0, 11) },
		fine:  func(t tale) { t.wrote(1, 0, 1, Unknown, 10); t.wrote(1, 2, 3, 1, 11) },
	}, {
		name: "lost-write", // two of them, and room for one
		wrong: func(t tale) {
			t.wrote(1, 0, 1, Unknown, 10)
			t.wrote(2, 0, 1, Unknown, 12)
			t.wrote(1, 2, 3, 1, 11)
		},
		fine: func(t tale) {
			t.wrote(1, 0, 1, Unknown, 10)
			t.wrote(2, 0, 2, Unknown, 12)
			t.wrote(1, 2, 3, 1, 11)
		},
	}, {
		name: "lost-write", // told by replicas that lag, but the final reading is complete
		o:    Options{EndMayLag: true},
		wrong: func(t tale) {
			t.wrote(1, 0, 1, 0, 10)
			t.wrote(1, 2, 3, 1, 11)
			t.Mark(4, FinalRead, "")
			t.read(2, 5, 6, 0, 1, 10)
		},
		fine: func(t tale) {
			t.wrote(1, 0, 1, 0, 10)
			t.wrote(1, 2, 3, 1, 11)
			t.read(3, 4, 5, 0, 1, 10)
			t.Mark(5, FinalRead, "")
			t.read(2, 6, 7, 0, 2, 10, 11)
		},
	}, {
		name: "stale-read",
		wrong: func(t tale) {
			t.wrote(1, 0, 1, 0, 10)
			t.read(2, 2, 3, 0, 0)
			t.read(2, 4, 5, 0, 1, 10)
		},
		fine: func(t tale) {
			t.wrote(1, 0, 2, 0, 10)
			t.read(2, 2, 3, 0, 0)
			t.read(2, 4, 5, 0, 1, 10)
		},
	}, {
		name: "end-went-back",
		wrong: func(t tale) {
			t.sent(1, 0, 9, 10)
			t.read(2, 2, 3, 0, 1, 10)
			t.listed(3, 4, 5, Latest, 0, Unknown)
			t.read(2, 6, 7, 0, 1, 10)
		},
		fine: func(t tale) {
			t.sent(1, 0, 9, 10)
			t.read(2, 2, 4, 0, 1, 10)
			t.listed(3, 4, 5, Latest, 0, Unknown)
		},
	}, {
		name:  "nonmonotonic-append",
		wrong: func(t tale) { t.wrote(1, 0, 1, 1, 10); t.wrote(2, 2, 3, 0, 11) },
		fine:  func(t tale) { t.wrote(1, 0, 2, 1, 10); t.wrote(2, 2, 3, 0, 11) },
	}, {
		name:  "append-below-end",
		wrong: func(t tale) { t.sent(1, 0, 1, 10); t.listed(2, 2, 3, Latest, 1, Unknown); t.wrote(3, 4, 5, 0, 11) },
		fine:  func(t tale) { t.sent(1, 0, 1, 10); t.listed(2, 2, 4, Latest, 1, Unknown); t.wrote(3, 4, 5, 0, 11) },
	}, {
		name:  "torn-batch",
		wrong: func(t tale) { t.wrote(1, 0, 5, 0, 10, 11); t.read(2, 2, 3, 0, 1, 10) },
		fine:  func(t tale) { t.wrote(1, 0, 5, 0, 10); t.wrote(1, 0, 5, 1, 11); t.read(2, 2, 3, 0, 1, 10) },
	}, {
		name:  "hole",
		wrong: func(t tale) { t.sent(1, 0, 1, 10, 11); t.wrote(1, 2, 3, 1, 12) },
		fine:  func(t tale) { t.sent(1, 0, 1, 10); t.wrote(1, 2, 3, 1, 12) },
	}, {
		name: "hole", // there are records enough, but no batches of fitting sizes
		wrong: func(t tale) {
			t.sent(1, 0, 1, 10, 11)
			t.sent(1, 0, 1, 12, 13)
			t.wrote(1, 2, 3, 3, 14)
		},
		fine: func(t tale) {
			t.sent(1, 0, 1, 10, 11)
			t.sent(1, 0, 1, 12, 13)
			t.wrote(1, 2, 3, 4, 14)
		},
	}, {
		name:  "hole", // what fits was sent too late
		wrong: func(t tale) { t.wrote(1, 0, 3, 1, 12); t.sent(1, 4, 5, 10) },
		fine:  func(t tale) { t.wrote(1, 0, 3, 1, 12); t.sent(1, 3, 5, 10) },
	}, {
		name: "porcupine-illegal",
		wrong: func(t tale) {
			t.wrote(1, 0, 1, 0, 10)
			t.read(2, 2, 3, 0, 0)
		},
		fine: func(t tale) {
			t.wrote(1, 0, 2, 0, 10)
			t.read(2, 2, 3, 0, 0)
		},
	}}
}

// recordCases are about which record lies where.
func recordCases() []anomalyCase {
	resent := func(t tale, resends bool) {
		p := plainBatch(10)
		p.Resends = resends
		t.OKProduce(t.InvokeProduce(1, 0, tp, p), 1, 0)
		t.read(2, 2, 3, 0, 2, 10, 10)
	}
	stream := func(t tale, producer int64, maybe bool) {
		p := Produce{Producer: producer, Acks: -1, Records: batch(10)}
		id := t.InvokeProduce(1, 0, tp, p)
		p.Records, p.Sequence = batch(11), 1
		t.OKProduce(t.InvokeProduce(1, 1, tp, p), 5, 0)
		if maybe {
			t.Maybe(id, 6, "connection lost")
		} else {
			t.OKProduce(id, 6, 1)
		}
		t.read(2, 7, 8, 0, 2, 11, 10)
	}
	return []anomalyCase{{
		name:  "inconsistent-offsets",
		wrong: func(t tale) { t.wrote(1, 0, 5, 0, 10); t.sent(1, 0, 5, 11); t.read(2, 6, 7, 0, 1, 11) },
		fine:  func(t tale) { t.wrote(1, 0, 5, 1, 10); t.sent(3, 0, 5, 11); t.read(2, 6, 7, 0, 2, 11) },
	}, {
		name:  "inconsistent-offsets", // seen by nobody, but two batches overlap
		wrong: func(t tale) { t.wrote(1, 0, 5, 0, 10, 11); t.sent(1, 0, 5, 12, 13); t.read(2, 6, 7, 2, 3, 13) },
		fine:  func(t tale) { t.wrote(1, 0, 5, 0, 10, 11); t.sent(1, 0, 5, 12, 13); t.read(2, 6, 7, 3, 4, 13) },
	}, {
		name:  "duplicate",
		wrong: func(t tale) { resent(t, false) },
		fine:  func(t tale) { resent(t, true) },
	}, {
		name:  "duplicate", // the application sent it twice, and it lies there three times
		wrong: func(t tale) { t.sent(1, 0, 1, 10); t.sent(1, 2, 3, 10); t.read(2, 4, 5, 0, 3, 10, 10, 10) },
		fine:  func(t tale) { t.sent(1, 0, 1, 10); t.sent(1, 2, 3, 10); t.read(2, 4, 5, 0, 2, 10, 10) },
	}, {
		name:  "split-batch",
		wrong: func(t tale) { t.sent(1, 0, 1, 10, 11); t.sent(1, 2, 3, 12); t.read(2, 4, 5, 0, 3, 10, 12, 11) },
		fine:  func(t tale) { t.sent(1, 0, 1, 10, 11); t.sent(1, 2, 3, 12); t.read(2, 4, 5, 0, 3, 12, 10, 11) },
	}, {
		name:  "phantom",
		wrong: func(t tale) { t.read(2, 0, 1, 0, 1, 10); t.sent(1, 2, 3, 10) },
		fine:  func(t tale) { t.read(2, 0, 2, 0, 1, 10); t.sent(1, 2, 3, 10) },
	}, {
		name: "phantom", // of another partition
		wrong: func(t tale) {
			t.OKProduce(t.InvokeProduce(1, 0, TP{"t", 1}, plainBatch(10)), 1, 0)
			t.read(2, 2, 3, 0, 1, 10)
		},
		fine: func(t tale) {
			t.OKProduce(t.InvokeProduce(1, 0, TP{"t", 1}, plainBatch(10)), 1, 0)
			t.wrote(1, 0, 1, 0, 11)
			t.read(2, 2, 3, 0, 1, 11)
		},
	}, {
		name:  "failed-read",
		wrong: func(t tale) { t.failed(1, 0, 1, 10); t.read(2, 2, 3, 0, 1, 10) },
		fine:  func(t tale) { t.failed(1, 0, 1, 10); t.sent(1, 2, 3, 10); t.read(2, 2, 3, 0, 1, 10) },
	}, {
		name:  "nonmonotonic-send", // idempotent: in order, whatever happens
		wrong: func(t tale) { stream(t, 7, true) },
		fine: func(t tale) {
			p := Produce{Producer: 7, Acks: -1, Records: batch(10)}
			id := t.InvokeProduce(1, 0, tp, p)
			p.Records, p.Sequence = batch(11), 1
			t.OKProduce(t.InvokeProduce(1, 1, tp, p), 5, 1)
			t.Maybe(id, 6, "connection lost")
			t.read(2, 7, 8, 0, 2, 10, 11)
		},
	}, {
		name:  "nonmonotonic-send", // on one connection; a new one may overtake the old
		wrong: func(t tale) { stream(t, Unknown, false) },
		fine:  func(t tale) { stream(t, Unknown, true) },
	}, {
		name: "unseen",
		wrong: func(t tale) {
			t.wrote(1, 0, 1, 0, 10)
			t.wrote(1, 0, 1, 1, 11)
			t.Mark(2, FinalRead, "")
			t.read(2, 3, 4, 0, 2, 10)
		},
		fine: func(t tale) {
			t.wrote(1, 0, 1, 0, 10)
			t.wrote(1, 0, 1, 1, 11)
			t.Mark(2, FinalRead, "")
			t.read(2, 3, 4, 0, 2, 10, 11)
		},
	}, {
		name:  "unseen", // nobody read at all
		wrong: func(t tale) { t.wrote(1, 0, 1, Unknown, 10); t.Mark(2, FinalRead, "") },
		fine:  func(t tale) { t.sent(1, 0, 1, 10); t.Mark(2, FinalRead, "") },
	}, {
		name: "unseen", // what a DeleteRecords may have removed need not be there
		wrong: func(t tale) {
			t.wrote(1, 0, 1, 0, 10)
			t.wrote(1, 0, 1, 1, 11)
			t.trimmed(1, 2, 3, 1, 1)
			t.Mark(4, FinalRead, "")
		},
		fine: func(t tale) {
			t.wrote(1, 0, 1, 0, 10)
			t.wrote(1, 0, 1, 1, 11)
			t.trimmed(1, 2, 3, 2, 2)
			t.Mark(4, FinalRead, "")
		},
	}, {
		name:  "too-many-maybes",
		o:     Options{MaxMaybe: 0.5},
		wrong: func(t tale) { t.sent(1, 0, 1, 10); t.sent(1, 0, 1, 11); t.wrote(1, 2, 3, 0, 12) },
		fine:  func(t tale) { t.sent(1, 0, 1, 10); t.wrote(1, 2, 3, 0, 12) },
	}}
}
