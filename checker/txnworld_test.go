package checker

import (
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// txnWorld is a few logs with transactions as Kafka has them, and clients that send
// and poll within them:
//
//	offset   0   1   2   3   4        records of an open transaction end what a reader
//	         a1  b1  a2  C1  b2       of committed records gets; the marker of each log
//	                 ^ end, as long   comes by itself, some time after the decision
//	                 as a is open
type txnWorld struct {
	rng     *rand.Rand
	h       *History
	now     int64
	logs    [][]txnEntry
	state   map[int64]txnState
	markers [][2]int64 // transaction and log, to be written
	clients []*txnClient
	values  Value
	txns    int64
	plant   txnPlant
	planted bool
}

type txnEntry struct {
	value Value // 0: a marker, or one of an aborted transaction
	txn   int64
}

type txnState int

const (
	txnOpen txnState = iota
	txnCommitted
	txnAborted
)

// txnPlant is what goes wrong, once.
type txnPlant int

const (
	noTxnPlant txnPlant = iota
	readAborted
	readOwn
	skipCommitted
	readTwice
	txnPlants
)

// txnClient is a process; it is in a transaction, or not.
type txnClient struct {
	process   int32
	txn       int64
	op        ID
	touched   map[int]bool
	at, began []int64 // where it reads on, by log; and where it did when the transaction began
	sought    []bool
	beganSo   []bool
}

func newTxnWorld(rng *rand.Rand, plant txnPlant) *txnWorld {
	w := &txnWorld{rng: rng, h: NewHistory(), logs: make([][]txnEntry, 1+rng.IntN(3)), state: map[int64]txnState{0: txnCommitted}, plant: plant}
	for i := range 2 + rng.IntN(3) {
		w.clients = append(w.clients, &txnClient{process: int32(i), at: make([]int64, len(w.logs)), sought: make([]bool, len(w.logs))})
	}
	return w
}

func (w *txnWorld) tick() int64 {
	w.now += w.rng.Int64N(3)
	return w.now
}

func (w *txnWorld) run(steps int) *History {
	for range steps {
		w.writeMarkers(2)
		w.step(w.clients[w.rng.IntN(len(w.clients))])
	}
	for _, c := range w.clients {
		if c.txn != 0 {
			w.end(c)
		}
	}
	w.writeMarkers(1)
	w.h.Mark(w.tick()+1, FinalRead, "")
	w.now += 2
	last := &txnClient{process: 99, at: make([]int64, len(w.logs)), sought: make([]bool, len(w.logs))}
	for log := range w.logs {
		w.poll(last, log)
	}
	return w.h
}

// writeMarkers writes those that are decided: all of them, or each with a chance.
func (w *txnWorld) writeMarkers(chance int) {
	w.markers = slices.DeleteFunc(w.markers, func(m [2]int64) bool {
		if w.rng.IntN(chance) > 0 {
			return false
		}
		w.logs[m[1]] = append(w.logs[m[1]], txnEntry{0, -m[0]})
		return true
	})
}

func (w *txnWorld) step(c *txnClient) {
	log := w.rng.IntN(len(w.logs))
	switch k := w.rng.IntN(10); {
	case k < 4:
		w.send(c, log)
	case k < 8:
		w.poll(c, log)
	case c.txn != 0:
		w.end(c)
	case !slices.ContainsFunc(w.markers, func(m [2]int64) bool { return w.h.rows[c.op].txn == m[0] }):
		w.txns++
		c.txn, c.op, c.touched = w.txns, w.h.InvokeTxn(c.process, w.tick(), w.txns), map[int]bool{}
		c.began, c.beganSo = slices.Clone(c.at), slices.Clone(c.sought)
	}
}

func (w *txnWorld) send(c *txnClient, log int) {
	w.values++
	id := w.h.InvokeProduce(c.process, w.tick(), TP{"t", int32(log)}, plainBatch(w.values))
	w.h.Within(id, c.txn)
	base := int64(len(w.logs[log]))
	w.logs[log] = append(w.logs[log], txnEntry{w.values, c.txn})
	if c.txn != 0 {
		c.touched[log] = true
	}
	if w.rng.IntN(10) == 0 {
		w.h.Maybe(id, w.tick(), "timeout")
	} else {
		w.h.OKProduce(id, w.tick(), base)
	}
}

// stable is where the first open transaction of a log begins, or its end.
func (w *txnWorld) stable(log int) int {
	for i, e := range w.logs[log] {
		if e.value != 0 && e.txn != 0 && !slices.Contains(w.logs[log], txnEntry{0, -e.txn}) {
			return i
		}
	}
	return len(w.logs[log])
}

func (w *txnWorld) poll(c *txnClient, log int) {
	f := Fetch{From: c.at[log], Seek: !c.sought[log], ReadCommitted: true}
	id := w.h.InvokeFetch(c.process, w.tick(), TP{"t", int32(log)}, f)
	w.h.Within(id, c.txn)
	to := w.stable(log)
	if c.process != 99 && w.rng.IntN(3) == 0 {
		to = min(to, int(c.at[log])+w.rng.IntN(3))
	}
	got := w.spoil(c, log, to, w.committed(log, int(c.at[log]), to))
	high := int64(len(w.logs[log]))
	if w.rng.IntN(3) == 0 {
		high = Unknown
	}
	w.h.OKFetch(id, w.tick(), Fetched{Records: got, HighWatermark: high, LogStart: Unknown})
	if n := len(got); n > 0 {
		c.at[log] = got[n-1].Offset + 1
	}
	c.sought[log] = true
}

func (w *txnWorld) committed(log, from, to int) (rs []Record) {
	for i := from; i < to; i++ {
		if e := w.logs[log][i]; e.value != 0 && w.state[e.txn] == txnCommitted {
			rs = append(rs, Record{int64(i), Unknown, e.value})
		}
	}
	return rs
}

// spoil does to a reading what is to go wrong.
func (w *txnWorld) spoil(c *txnClient, log, to int, got []Record) []Record {
	if w.planted || w.plant == noTxnPlant {
		return got
	}
	add := func(i int) []Record {
		w.planted = true
		got = append(got, Record{int64(i), Unknown, w.logs[log][i].value})
		slices.SortFunc(got, func(a, b Record) int { return compare(a.Offset, b.Offset) })
		return got
	}
	for i := int(c.at[log]); i < len(w.logs[log]); i++ {
		switch e := w.logs[log][i]; {
		case w.plant == readAborted && i < to && e.value != 0 && w.failed(e.txn):
			return add(i)
		case w.plant == readOwn && e.value != 0 && e.txn != 0 && e.txn == c.txn:
			return add(i)
		}
	}
	switch n := len(got); {
	case w.plant == skipCommitted && n > 1 && slices.ContainsFunc(got[:n-1], w.known):
		w.planted = true
		return slices.Delete(got, 0, n-1)
	case w.plant == readTwice && n > 0 && int(got[n-1].Offset)+1 < len(w.logs[log]):
		w.planted = true
		return append(got, Record{got[n-1].Offset + 1, Unknown, got[n-1].Value})
	}
	return got
}

// failed holds for a transaction that its client knows to be aborted.
func (w *txnWorld) failed(txn int64) bool {
	return w.ended(txn) == Fail
}

// known holds for a record that must be there, by what its sender was told.
func (w *txnWorld) known(rec Record) bool {
	return slices.ContainsFunc(w.h.rows, func(r row) bool {
		return r.kind == ProduceOp && w.h.recordsOf(&r)[0].Value == rec.Value && r.outcome == OK && (r.txn == 0 || w.ended(r.txn) == OK)
	})
}

func (w *txnWorld) ended(txn int64) Outcome {
	i := slices.IndexFunc(w.h.rows, func(r row) bool { return r.kind == TxnOp && r.txn == txn })
	if i < 0 {
		return Pending
	}
	return w.h.rows[i].outcome
}

func (w *txnWorld) end(c *txnClient) {
	decided := []txnState{txnCommitted, txnCommitted, txnAborted}[w.rng.IntN(3)]
	w.state[c.txn] = decided
	for log := range w.logs {
		if c.touched[log] {
			w.markers = append(w.markers, [2]int64{c.txn, int64(log)})
		}
	}
	switch at := w.tick(); {
	case w.rng.IntN(8) == 0:
		w.h.Maybe(c.op, at, "timeout")
		c.at, c.sought = c.began, c.beganSo
	case decided == txnAborted:
		w.h.Fail(c.op, at, "aborted")
		c.at, c.sought = c.began, c.beganSo
	default:
		w.h.OK(c.op, at)
	}
	c.txn = 0
}

func inTxnWorld(o Options) Options { o.Markers = marked.Markers; return o }

func TestCorrectTransactionsAreValid(t *testing.T) {
	seen := map[string]int{}
	rapid.Check(t, func(t *rapid.T) {
		w := newTxnWorld(rngOf(t), noTxnPlant)
		h := w.run(rapid.IntRange(1, 120).Draw(t, "steps"))
		r := CheckBoth(h, inTxnWorld(Options{Allow: AllowedByKafka()}))
		if !r.Valid() {
			t.Fatalf("%v\n%s", r, dump(h))
		}
		for _, c := range r.Allowed {
			seen[c.Name]++
		}
	})
	for _, name := range AllowedByKafka() {
		if seen[name] == 0 && name != "G2" { // which is rare: where many look on, one is behind by itself
			t.Errorf("%s is allowed, and was never seen", name)
		}
	}
}

func TestWhatGoesWrongWithTransactionsIsFound(t *testing.T) {
	names := map[txnPlant][]string{
		readAborted:   {"failed-read"},
		readOwn:       {"precommitted-read"},
		skipCommitted: {"poll-skip", "int-poll-skip"},
		readTwice:     {"duplicate", "inconsistent-offsets", "nonmonotonic-append", "split-batch"},
	}
	for plant := noTxnPlant + 1; plant < txnPlants; plant++ {
		planted := 0
		rapid.Check(t, func(t *rapid.T) {
			w := newTxnWorld(rngOf(t), plant)
			h := w.run(rapid.IntRange(20, 120).Draw(t, "steps"))
			if !w.planted {
				return
			}
			planted++
			r := CheckBoth(h, inTxnWorld(Options{Allow: AllowedByKafka()}))
			if !slices.ContainsFunc(names[plant], func(name string) bool { return r.Count(name) > 0 }) {
				t.Fatalf("plant %d: %v\n%s", plant, r, dump(h))
			}
		})
		if planted < 10 {
			t.Errorf("plant %d happened only %d times", plant, planted)
		}
	}
}
