package checker

import (
	"strings"
	"testing"
)

// What a correct Kafka may do under the conditions that Options state.
func TestWhatIsAllowedIsNoAnomaly(t *testing.T) {
	cases := []struct {
		name string
		o    Options
		tell func(t tale)
	}{
		{"a high watermark that lags behind", Options{EndMayLag: true}, func(t tale) {
			t.wrote(1, 0, 1, 0, 10)
			t.read(2, 2, 3, 0, 0)
			t.read(2, 4, 5, 0, 1, 10)
		}},
		{"a log start that lags on a new leader", Options{EndMayLag: true, Retention: true}, func(t tale) {
			t.wrote(1, 0, 1, 0, 10, 11)
			t.got(2, 2, 3, Fetch{From: 1}, Fetched{HighWatermark: 2, LogStart: 1})
			t.got(3, 4, 5, Fetch{From: 0}, Fetched{Records: at(0, 10), HighWatermark: 2, LogStart: 0})
		}},
		{"an acks=1 record that is lost", Options{AcksOneMayBeLost: true}, func(t tale) {
			t.OKProduce(t.InvokeProduce(1, 0, tp, Produce{Producer: Unknown, Acks: 1, Records: batch(10)}), 1, 0)
			t.wrote(1, 2, 3, 0, 11)
			t.read(2, 4, 5, 0, 1, 11)
		}},
		{"holes where topics may have them", Options{Gaps: func(string) bool { return true }}, func(t tale) {
			t.wrote(1, 0, 1, 3, 10)
			t.read(2, 2, 3, 0, 4)
			t.got(2, 4, 5, Fetch{From: 2}, Fetched{Records: at(3, 10), HighWatermark: 5})
			t.Mark(5, FinalRead, "")
		}},
		{"retention that moves the start unasked", Options{Retention: true}, func(t tale) {
			t.wrote(1, 0, 1, 0, 10)
			t.wrote(1, 2, 3, 1, 11)
			t.outOfRange(2, 4, 5, 0)
			t.listed(2, 6, 7, Earliest, 1, Unknown)
			t.listed(2, 6, 7, 1000, 1, 1011)
			t.Mark(8, FinalRead, "")
			t.got(2, 9, 10, Fetch{From: 1, Seek: true}, Fetched{Records: at(1, 11), HighWatermark: 2, LogStart: 1})
		}},
		{"corrupt bytes where bits were flipped", Options{CorruptAllowed: true}, func(t tale) {
			t.wrote(1, 0, 1, 0, 10)
			t.Corrupt(t.InvokeFetch(2, 2, tp, Fetch{From: 0}), 3, "crc")
			t.got(2, 4, 5, Fetch{From: 1}, Fetched{HighWatermark: 1})
		}},
		{"an unknown outcome that happens much later", Options{}, func(t tale) {
			t.sent(1, 0, 1, 10)
			t.wrote(2, 5, 6, 0, 11)
			t.read(3, 7, 8, 0, 1, 11)
			t.read(3, 9, 10, 1, 2, 10)
		}},
		{"an acks=0 batch that happens, and one that does not", Options{}, func(t tale) {
			for i := range int64(2) {
				t.OK(t.InvokeProduce(1, 2*i, tp, Produce{Producer: Unknown, Records: batch(Value(10 + i))}), 2*i+1)
			}
			t.read(2, 5, 6, 0, 1, 11)
		}},
		{"a retry by the application, of which the second send is acknowledged", Options{}, func(t tale) {
			t.sent(1, 0, 1, 10, 11)
			t.wrote(1, 2, 3, 2, 10, 11)
			t.read(2, 4, 5, 0, 4, 10, 11, 10, 11)
		}},
		{"a retry by the application, both sends unknown, one seen in part", Options{}, func(t tale) {
			t.sent(1, 0, 1, 10, 11)
			t.sent(1, 2, 3, 10, 11)
			t.read(2, 4, 5, 1, 2, 11)
		}},
		{"two epochs of one producer", Options{}, func(t tale) {
			p := Produce{Producer: 1, Acks: -1, Records: batch(10)}
			t.OKProduce(t.InvokeProduce(1, 0, tp, p), 9, 1)
			p.Epoch, p.Records = 1, batch(11)
			t.OKProduce(t.InvokeProduce(1, 1, tp, p), 9, 0)
		}},
		{"pending operations", Options{}, func(t tale) {
			t.InvokeProduce(1, 0, tp, plainBatch(10))
			t.InvokeFetch(2, 0, tp, Fetch{From: 0})
			t.InvokeTrim(2, 0, tp, 1)
			t.read(3, 1, 2, 0, 1, 10)
		}},
		{"a largest timestamp that is not visible yet", Options{}, func(t tale) {
			t.wrote(1, 0, 1, 0, 10)
			t.listed(2, 2, 3, MaxTimestamp, Unknown, Unknown)
		}},
		{"an aborted record that only a reader of uncommitted records gets", marked, func(t tale) {
			t.put(1, tp, 1, 2, 0, 10)
			t.ended(1, 0, 3, Fail)
			t.put(0, tp, 4, 5, 2, 11)
			t.dirty(0, tp, 6, 7, lies(0, 10), lies(2, 11))
			t.Mark(8, FinalRead, "")
			t.got(3, 9, 10, Fetch{From: 0, ReadCommitted: true}, Fetched{Records: []Record{lies(2, 11)}, HighWatermark: 3})
		}},
		{"transactions that read one another's uncommitted records, and their own", marked, func(t tale) {
			t.put(1, tp, 1, 8, 0, 10)
			t.put(2, other, 1, 8, 0, 20)
			t.dirty(1, other, 1, 8, lies(0, 20))
			t.dirty(2, tp, 1, 8, lies(0, 10))
			t.dirty(1, tp, 1, 8, lies(0, 10))
			t.ended(1, 0, 9, OK)
			t.ended(2, 0, 9, OK)
		}},
		{"orders of sends that only an aborted transaction contradicts", marked, func(t tale) {
			t.put(1, tp, 1, 7, 0, 10)
			t.put(2, tp, 1, 7, 1, 20)
			t.put(1, other, 1, 7, 1, 11)
			t.put(2, other, 1, 7, 0, 21)
			t.ended(1, 0, 9, OK)
			t.ended(2, 0, 9, Fail)
			t.dirty(0, tp, 8, 9, lies(0, 10), lies(1, 20))
			t.dirty(0, other, 8, 9, lies(0, 21), lies(1, 11))
		}},
		{"a transaction of unknown end that ended after all", marked, func(t tale) { overtakes(t, 11, Maybe) }},
		{"a deposed leader with its old start", Options{LeaderMayBeDeposed: true, EndMayLag: true}, func(t tale) { startsBehind(t, 9) }},
		{"an older end, told no lower than a start inside a batch", Options{LeaderMayBeDeposed: true, EndMayLag: true}, func(t tale) {
			t.wrote(1, 0, 1, 0, 10, 11)
			t.trimmed(1, 2, 3, 1, 1)
			t.got(2, 4, 5, Fetch{From: 2}, Fetched{HighWatermark: 1, LogStart: 1})
		}},
		{"a batch of no records", Options{}, func(t tale) {
			t.wrote(1, 0, 1, 0)
			t.wrote(1, 2, 3, 0, 10)
		}},
		{"nothing at all", Options{}, func(tale) {}},
	}
	for _, c := range cases {
		h := tale{NewHistory()}
		c.tell(h)
		if r := CheckBoth(h.History, c.o); !r.Valid() {
			t.Errorf("%s: %v\n%s", c.name, r, dump(h.History))
		}
	}
}

// startsBehind deletes records, and reads them afterwards.
func startsBehind(t tale, final int64) {
	t.wrote(1, 0, 1, 0, 10, 11)
	t.trimmed(1, 2, 3, 2, 2)
	t.Mark(final, FinalRead, "")
	t.got(2, 5, 6, Fetch{From: 0}, Fetched{Records: []Record{{0, Unknown, 10}, {1, Unknown, 11}}, HighWatermark: 2, LogStart: 0})
}

func TestNoLeaderIsBehindWithItsStartAtTheFinalRead(t *testing.T) {
	h := tale{NewHistory()}
	startsBehind(h, 4)
	r := Check(h.History, Options{LeaderMayBeDeposed: true})
	for _, name := range []string{"log-start-went-back", "read-below-log-start"} {
		if r.Count(name) == 0 {
			t.Errorf("%s was not found: %v", name, r)
		}
	}
}

// The same histories, where the options do not allow them.
func TestWhatAnOptionAllowsIsAnAnomalyWithoutIt(t *testing.T) {
	h := tale{NewHistory()}
	h.OKProduce(h.InvokeProduce(1, 0, tp, Produce{Producer: Unknown, Acks: 1, Records: batch(10)}), 1, 0)
	h.wrote(1, 2, 3, 0, 11)
	h.read(2, 4, 5, 0, 2, 11)
	r := Check(h.History, Options{})
	for _, name := range []string{"inconsistent-offsets", "lost-write", "hole"} {
		if r.Count(name) == 0 {
			t.Errorf("%s was not found: %v", name, r)
		}
	}
}

func TestTextsAreValuesToo(t *testing.T) {
	h := tale{NewHistory()}
	a, b := h.Text("a"), h.Text("b")
	h.wrote(1, 0, 1, 0, a)
	h.wrote(1, 2, 3, 1, b)
	h.got(2, 4, 5, Fetch{From: 0}, Fetched{Records: []Record{{0, Unknown, b}}, HighWatermark: 2})
	r := Check(h.History, Options{})
	if text := r.String(); !strings.Contains(text, `offset 0 holds "a" and "b"`) {
		t.Fatal(text)
	}
}

func TestHistoriesOfSeveralThreadsAreJoined(t *testing.T) {
	a, b := tale{NewHistory()}, tale{NewHistory()}
	va, vb := a.Text("a"), b.Text("b")
	a.wrote(1, 0, 1, 0, va)
	a.Mark(9, Heal, "")
	b.wrote(2, 2, 3, 1, vb)
	b.Mark(4, Crash, "")
	b.got(2, 4, 5, Fetch{From: 1}, Fetched{Records: []Record{{1, Unknown, vb}}, HighWatermark: 2})
	h := Merge(b.History, a.History)
	if r := CheckBoth(h, Options{}); !r.Valid() || r.Stats.Acked != 2 {
		t.Fatal(r)
	}
	if h.Op(0).Process != 1 || h.Marks()[0].Kind != Crash || h.show(h.Op(1).Records[0].Value) != `"b"` {
		t.Fatalf("joined in a wrong order: %v\n%s", h.Marks(), dump(h))
	}
}
