package checker

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// rewritten reads what was written.
func rewritten(t interface{ Fatal(...any) }, h *History) *History {
	var lines bytes.Buffer
	if err := h.WriteLines(&lines); err != nil {
		t.Fatal(err)
	}
	back, err := ReadLines(&lines)
	if err != nil {
		t.Fatal(err)
	}
	return back
}

func sameHistory(a, b *History) string {
	if d := cmp.Diff(dump(a), dump(b)); d != "" {
		return d
	}
	for id := range a.rows {
		x, y := a.Op(ID(id)), b.Op(ID(id))
		x.Records, y.Records = nil, nil // values of texts may have other numbers; dump compares them
		if d := cmp.Diff(x, y); d != "" {
			return d
		}
	}
	return cmp.Diff(a.marks, b.marks)
}

func TestLinesHoldAWholeHistory(t *testing.T) {
	h := tale{NewHistory()}
	h.OKProduce(h.InvokeProduce(1, -5, tp, Produce{Producer: 7, Epoch: 2, Sequence: 9, Acks: -1, Resends: true, Records: batch(10)}), 1, 0)
	h.got(2, 2, 3, Fetch{From: Unknown, Seek: true, ReadCommitted: true}, Fetched{Records: []Record{{0, 5, h.Text("ä\"\\\n<x>")}, {1, 5, h.Text("")}}, HighWatermark: 1})
	h.outOfRange(2, 4, 5, 77)
	h.listed(3, 6, 7, MaxTimestamp, 0, 1010)
	h.OK(h.InvokeCreate(4, 8, "other", 3), 9)
	h.OKMetadata(h.InvokeMetadata(4, 8, "other"), 9, true)
	h.OK(h.InvokeDelete(4, 8, "other"), 9)
	h.trimmed(5, 10, 11, Unknown, 1)
	h.sent(6, 12, 13, 11)
	h.InvokeFetch(6, 14, tp, Fetch{From: 3})
	m := Membership{Group: "g", Member: "m-1", Instance: "i", Generation: 3, PerMember: true}
	h.OKAssign(h.InvokeAssign(7, 14, Membership{Group: "g", Generation: -1}, 2), 15, Assigned{"m-1", 3, []TP{tp, {"ä", 7}}})
	h.InvokeFetch(7, 14, tp, Fetch{From: 3, By: m})
	h.OKCommitted(h.InvokeCommitted(7, 14, tp, m, 2), 15, 4, "c1")
	h.OKCommitted(h.InvokeCommitted(7, 14, tp, m, Unknown), 15, Unknown, "")
	h.OK(h.InvokeCommit(7, 14, tp, Commit{By: m, Node: 2, Offset: 5, Metadata: "c\"2"}), 15)
	h.OK(h.InvokeHeartbeat(7, 14, m, 1), 15)
	h.Released(7, 15, m, tp)
	h.Released(7, 15, m)
	h.OK(h.InvokeLeave(7, 14, m, 1), 15)
	h.Fail(h.InvokeForget(7, 14, tp, "g"), 15, "no")
	h.OK(h.InvokeTxn(8, 14, 77), 16)
	h.Within(h.sent(8, 14, 15, 12), 77)
	h.Within(h.InvokeFetch(8, 14, tp, Fetch{From: 3}), 77)
	h.Mark(15, PowerCut, "all")
	h.Mark(16, FinalRead, "")
	if d := sameHistory(h.History, rewritten(t, h.History)); d != "" {
		t.Fatal(d)
	}
}

func TestLinesHoldAnyHistory(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := worldSize{clients: rapid.IntRange(1, 5).Draw(t, "clients"), ops: rapid.IntRange(1, 60).Draw(t, "ops"), batch: 3, maybes: true, trims: true, pipes: true, resends: true}
		h := newWorld(rngOf(t), size, nothing).run()
		if d := sameHistory(h, rewritten(t, h)); d != "" {
			t.Fatal(d)
		}
	})
}

func TestALineIsWhatTheDocumentationSays(t *testing.T) {
	h := tale{NewHistory()}
	h.OKProduce(h.InvokeProduce(1, 5, tp, Produce{Producer: Unknown, Acks: -1, Records: []Record{{Unknown, 70, 1}}}), 9, 0)
	h.got(2, 11, 12, Fetch{From: 0}, Fetched{Records: []Record{{0, 70, 1}}, HighWatermark: 1})
	m := Membership{Group: "g", Member: "m", Generation: 1}
	h.OKAssign(h.InvokeAssign(3, 13, Membership{Group: "g", Generation: -1}, 1), 14, Assigned{"m", 1, []TP{tp}})
	h.OK(h.InvokeCommit(3, 15, tp, Commit{By: m, Node: 1, Offset: 1, Metadata: "c7"}), 16)
	h.Mark(17, Crash, "node 2")
	var lines strings.Builder
	if err := h.WriteLines(&lines); err != nil {
		t.Fatal(err)
	}
	want := `{"op":"produce","is":"ok","process":1,"topic":"t","partition":0,"invoke":5,"return":9,"base":0,"acks":-1,"records":[[-1,70,1]]}
{"op":"fetch","is":"ok","process":2,"topic":"t","partition":0,"invoke":11,"return":12,"from":0,"high":1,"start":0,"records":[[0,70,1]]}
{"op":"assign","is":"ok","process":3,"topic":"","partition":-1,"invoke":13,"return":14,"node":1,"group":"g","member":"m","generation":1,"owned":[["t",0]]}
{"op":"commit","is":"ok","process":3,"topic":"t","partition":0,"invoke":15,"return":16,"offset":1,"node":1,"group":"g","member":"m","generation":1,"data":"c7"}
{"mark":"crash","at":17,"text":"node 2"}
`
	if d := cmp.Diff(want, lines.String()); d != "" {
		t.Fatal(d)
	}
}

func TestWhatIsNoHistoryIsRefusedWithItsLine(t *testing.T) {
	cases := map[string]string{
		`{"op":"fetch","is":"ok","frm":3}`:                                 `a fetch has no field "frm"`,
		`{"is":"ok"}`:                                                      `begins with op or mark`,
		`{"op":"sing"}`:                                                    `no such operation`,
		`{"op":"fetch","is":"fine"}`:                                       `no such outcome`,
		`{"op":"fetch"`:                                                    `ends too early`,
		`{"op":"fetch"} x`:                                                 `something behind the end`,
		`{"op":"fetch","invoke":5,"return":4}`:                             `returns before it begins`,
		`{"op":"fetch","process":9999999999}`:                              `a number outside`,
		`{"op":"fetch","invoke":99999999999999999999}`:                     `more than 64 bits`,
		`{"op":"fetch","invoke":1.5}`:                                      `'.' where ',' belongs`,
		`{"op":"fetch","seek":1}`:                                          `neither true nor false`,
		`{"op":"fetch","records":[[1,2]]}`:                                 `']' where ',' belongs`,
		`{"op":"fetch","records":[[1,2,"\x"]]}`:                            `a bad string`,
		`{"op":"produce","records":[[1,2,` + "9223372036854775808" + `]]}`: `more than 63 bits`,
		`{"op":"produce","records":[[1,2,3],]}`:                            `where '[' belongs`,
		`{"op":"produce","group":"g"}`:                                     `a produce has no field "group"`,
		`{"op":"assign","owned":[["t"]]}`:                                  `']' where ',' belongs`,
		`{"mark":"crash","on":1}`:                                          `a mark has no field "on"`,
		`{"op":"produce","from":1}`:                                        `a produce has no field "from"`,
	}
	for line, want := range cases {
		_, err := ReadLines(strings.NewReader("\n" + line + "\n"))
		if err == nil || !strings.HasPrefix(err.Error(), "line 2: ") || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want line 2 and %q", line, err, want)
		}
	}
}

func FuzzReadLines(f *testing.F) {
	h := busyHistory(24)
	h.Mark(5, Crash, "x")
	var lines bytes.Buffer
	if err := h.WriteLines(&lines); err != nil {
		f.Fatal(err)
	}
	f.Add(lines.Bytes())
	f.Add([]byte(`{"op":"fetch","is":"ok","from":-9223372036854775808,"high":9223372036854775807,"records":[[9223372036854775807,1,"a"],[-5,0,1]]}`))
	f.Add([]byte(`{"op":"produce","is":"ok","base":9223372036854775806,"acks":1,"records":[[-1,1,1],[-1,1,1],[-1,1,3]]}` + "\n" +
		`{"op":"list","is":"ok","asked":7,"offset":3,"timestamp":4}` + "\n" + `{"op":"trim","is":"maybe"}` + "\n" + `{"mark":"final-read","at":-3}`))
	var groups bytes.Buffer
	if err := newClassicWorld(rand.New(rand.NewPCG(1, 1)), 3, 12, "").WriteLines(&groups); err != nil {
		f.Fatal(err)
	}
	f.Add(groups.Bytes())
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := ReadLines(bytes.NewReader(data))
		if err != nil {
			return
		}
		if d := sameHistory(h, rewritten(t, h)); d != "" {
			t.Fatal(d)
		}
		r := CheckBoth(h, Options{Seconds: 1, EndMayLag: len(data)%2 == 0})
		if r.Count("checkers-disagree") > 0 {
			t.Fatal(r)
		}
		if err := r.WriteReport(&bytes.Buffer{}); err != nil {
			t.Fatal(err)
		}
	})
}
