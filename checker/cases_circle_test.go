package checker

// circleCases are about several transactions, 1 and 2, at the same time.
func circleCases() []anomalyCase {
	both := func(t tale) { t.ended(1, 0, 9, OK); t.ended(2, 0, 9, OK) }
	return []anomalyCase{{
		name: "G0", o: marked,
		wrong: func(t tale) {
			both(t)
			t.put(1, tp, 1, 8, 0, 10)
			t.put(2, tp, 1, 8, 1, 20)
			t.put(1, other, 1, 8, 1, 11)
			t.put(2, other, 1, 8, 0, 21)
		},
		fine: func(t tale) {
			both(t)
			t.put(1, tp, 1, 8, 0, 10)
			t.put(2, tp, 1, 8, 1, 20)
			t.put(1, other, 1, 8, 0, 11)
			t.put(2, other, 1, 8, 1, 21)
		},
	}, {
		name: "G1c", o: marked,
		wrong: func(t tale) {
			both(t)
			t.put(1, tp, 1, 8, 0, 10)
			t.put(2, other, 1, 8, 0, 20)
			t.took(1, other, 1, 8, lies(0, 20))
			t.took(2, tp, 1, 8, lies(0, 10))
		},
		fine: func(t tale) {
			both(t)
			t.put(1, tp, 1, 8, 0, 10)
			t.put(2, other, 1, 8, 0, 20)
			t.took(2, tp, 1, 8, lies(0, 10))
		},
	}, {
		name: "G1c", o: marked, // of three
		wrong: func(t tale) { ring(t, true) },
		fine:  func(t tale) { ring(t, false) },
	}, {
		name: "G1c-realtime", o: marked, // 2 begins after 1 has ended, and 1 read what 3 sent, having read 2
		wrong: func(t tale) { overtakes(t, 11, OK) },
		fine:  func(t tale) { overtakes(t, 10, OK) },
	}, {
		name: "G1c-ww", o: marked,
		wrong: func(t tale) {
			both(t)
			t.put(1, tp, 1, 8, 0, 10)
			t.put(2, tp, 1, 8, 1, 20)
			t.put(2, other, 1, 8, 0, 21)
			t.took(1, other, 1, 8, lies(0, 21))
		},
		fine: func(t tale) {
			both(t)
			t.put(1, tp, 1, 8, 1, 10)
			t.put(2, tp, 1, 8, 0, 20)
			t.put(2, other, 1, 8, 0, 21)
			t.took(1, other, 1, 8, lies(0, 21))
		},
	}, {
		name: "G-single", o: marked, // 2 reads one half of 1, and is told that the other is not there
		wrong: func(t tale) { half(t, 0) },
		fine:  func(t tale) { half(t, 1) },
	}, {
		name: "G2", o: marked, // each looked for the other first
		wrong: func(t tale) {
			both(t)
			t.tookTo(1, other, 1, 8, 0)
			t.tookTo(2, tp, 1, 8, 0)
			t.put(1, tp, 1, 8, 0, 10)
			t.put(2, other, 1, 8, 0, 20)
		},
		fine: func(t tale) {
			both(t)
			t.took(1, other, 1, 8) // nobody said that it read to the end
			t.tookTo(2, tp, 1, 8, 0)
			t.put(1, tp, 1, 8, 0, 10)
			t.put(2, other, 1, 8, 0, 20)
		},
	}}
}

// ring: 2 reads from 1, 3 from 2, and, if closed, 1 from 3.
func ring(t tale, closed bool) {
	third := TP{"t", 2}
	for txn := range int64(3) {
		t.ended(txn+1, 0, 9, OK)
	}
	t.put(1, tp, 1, 8, 0, 10)
	t.put(2, other, 1, 8, 0, 20)
	t.put(3, third, 1, 8, 0, 30)
	t.took(2, tp, 1, 8, lies(0, 10))
	t.took(3, other, 1, 8, lies(0, 20))
	if closed {
		t.took(1, third, 1, 8, lies(0, 30))
	}
}

// overtakes: 3 reads what 2 sent, and 1, which is over at 10, what 3 sent.
func overtakes(t tale, begins int64, first Outcome) {
	t.ended(1, 0, 10, first)
	t.ended(2, begins, 20, OK)
	t.ended(3, 0, 20, OK)
	t.put(2, tp, begins, 19, 0, 20)
	t.took(3, tp, 1, 19, lies(0, 20))
	t.put(3, other, 1, 19, 0, 30)
	t.took(1, other, 1, 10, lies(0, 30))
}

func half(t tale, end int64) {
	t.ended(1, 0, 9, OK)
	t.ended(2, 0, 9, OK)
	t.put(1, tp, 1, 8, 0, 10)
	t.put(1, other, 1, 8, 0, 11)
	t.took(2, tp, 1, 8, lies(0, 10))
	t.tookTo(2, other, 1, 8, end)
}
