package checker

import (
	"slices"
	"strings"
	"testing"
)

// detailOf is what a result says of its only anomaly of a name.
func detailOf(t *testing.T, r *Result, name string) string {
	t.Helper()
	i := slices.IndexFunc(r.Anomalies, func(a Anomaly) bool { return a.Name == name })
	if r.Count(name) != 1 || i < 0 {
		t.Fatalf("%s x%d: %v", name, r.Count(name), r)
	}
	return r.Anomalies[i].Detail
}

func TestACycleIsToldByItsShortestWay(t *testing.T) {
	h := tale{NewHistory()}
	ring(h, true)
	h.took(2, TP{"t", 2}, 1, 8, lies(0, 30)) // a shorter way, from 3 to 2
	want := "transaction 2 was read by (t-1) transaction 3 was read by (t-2) transaction 2"
	if got := detailOf(t, Check(h.History, marked), "G1c"); got != want {
		t.Errorf("%s, not %s", got, want)
	}
}

func TestACycleByTimeSaysWhoHadEnded(t *testing.T) {
	h := tale{NewHistory()}
	overtakes(h, 11, OK)
	r := Check(h.History, marked)
	want := "transaction 2 was read by (t-0) transaction 3 was read by (t-1) transaction 1 ended before transaction 2"
	if got := detailOf(t, r, "G1c-realtime"); got != want {
		t.Errorf("%s, not %s", got, want)
	}
	if a := r.Anomalies[0]; len(a.Ops) < 4 {
		t.Errorf("it is shown by %v", a.Ops)
	}
}

func TestATransactionsOwnRecordsAreNoneOfOthers(t *testing.T) {
	h := tale{NewHistory()}
	h.put(1, tp, 1, 3, 0, 10)
	h.put(1, tp, 1, 3, 2, 11)
	h.put(1, tp, 1, 3, 1, 12)
	h.ended(1, 0, 4, OK)
	if r := Check(h.History, marked); r.Count("int-nonmonotonic-send") != 1 || r.Count("int-send-skip") != 0 {
		t.Error(r)
	}
}

func TestWhatIsAllowedIsCountedAndNoMore(t *testing.T) {
	h := tale{NewHistory()}
	half(h, 0)
	o := marked
	o.Allow = AllowedByKafka()
	r := Check(h.History, o)
	if !r.Valid() || len(r.Anomalies) > 0 || len(r.Allowed) != 1 || r.Allowed[0] != (Counts{"G-single", 1}) || !strings.Contains(r.String(), "allowed G-single x1") {
		t.Error(r)
	}
}

// A cycle of a hundred thousand transactions is found as one, and quickly: each is
// read by the next, and the last by the first.
func TestALongCycleIsOne(t *testing.T) {
	const n = 100_000
	h := tale{NewHistory()}
	for i := range int64(n) {
		h.ended(i+1, 0, 9, OK)
		h.put(i+1, TP{"t", int32(i % 100)}, 1, 8, i/100, Value(i+1))
		before := (i + n - 1) % n
		h.took(i+1, TP{"t", int32(before % 100)}, 1, 8, lies(before/100, Value(before+1)))
	}
	o := marked
	o.Allow = AllowedByKafka()
	if text := detailOf(t, Check(h.History, o), "G1c"); len(text) > 2000 || !strings.Contains(text, "(100000 edges in all)") {
		t.Errorf("it is told at length: %d bytes", len(text))
	}
}
