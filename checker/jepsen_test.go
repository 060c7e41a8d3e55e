package checker

import (
	"bytes"
	"io"
	"os"
	"strings"
	"testing"
)

// jepsenCase is a history that shows an anomaly, and one that just does not. Where
// Jepsen's own name is another, it is given.
type jepsenCase struct {
	name, jepsen string
	wrong, fine  string
}

func readJepsen(t *testing.T, text string) *History {
	t.Helper()
	h, err := ReadJepsen(strings.NewReader(text))
	if err != nil {
		t.Fatalf("%v\n%s", err, text)
	}
	return h
}

// script fills in what the cases leave out. A line is
//
//	process type f value
//
// and everything happens a moment after what is above it.
func script(lines string) string {
	var b strings.Builder
	for _, line := range strings.Split(strings.TrimSpace(lines), "\n") {
		words := strings.SplitN(strings.TrimSpace(line), " ", 4)
		b.WriteString("{:process " + words[0] + ", :type :" + words[1] + ", :f :" + words[2] + ", :value " + words[3] + "}\n")
	}
	return b.String()
}

func TestEveryAnomalyOfJepsenIsFoundWhereItIsAndOnlyThere(t *testing.T) {
	for _, c := range jepsenCases {
		o := JepsenOptions()
		o.Allow = nil
		t.Run(c.name, func(t *testing.T) {
			wrong, fine := readJepsen(t, script(c.wrong)), readJepsen(t, script(c.fine))
			if r := CheckBoth(wrong, o); r.Count(c.name) == 0 || r.Count("checkers-disagree") > 0 {
				t.Errorf("the wrong history: %v\n%s", r, dump(wrong))
			}
			if r := CheckBoth(fine, o); !r.Valid() {
				t.Errorf("the right history: %v\n%s", r, dump(fine))
			}
		})
	}
}

var jepsenCases = []jepsenCase{{
	name: "duplicate",
	wrong: `0 invoke send [[:send 1 5]]
		0 info send [[:send 1 5]]
		1 invoke poll [[:poll]]
		1 ok poll [[:poll {1 [[0 5] [2 5]]}]]`,
	fine: `0 invoke send [[:send 1 5]]
		0 info send [[:send 1 5]]
		1 invoke poll [[:poll]]
		1 ok poll [[:poll {1 [[2 5]]}]]`,
}, {
	name: "inconsistent-offsets", // an operation of unknown end binds if something of it was seen
	wrong: `0 invoke send [[:send :x 1] [:send :y 1]]
		0 info send [[:send :x [0 1]] [:send :y 1]]
		1 invoke send [[:send :x 2]]
		1 ok send [[:send :x [0 2]]]
		2 invoke poll [[:poll]]
		2 ok poll [[:poll {:y [[5 1]]}]]`,
	fine: `0 invoke send [[:send :x 1] [:send :y 1]]
		0 info send [[:send :x [0 1]] [:send :y 1]]
		1 invoke send [[:send :x 2]]
		1 ok send [[:send :x [0 2]]]`,
}, {
	name: "failed-read", jepsen: "G1a",
	wrong: `0 invoke send [[:send :x 2] [:send :y 3]]
		0 fail send [[:send :x 2] [:send :y 3]]
		1 invoke poll [[:poll]]
		1 ok poll [[:poll {:x [[0 2]]}]]`,
	fine: `0 invoke send [[:send :x 2] [:send :y 3]]
		0 info send [[:send :x 2] [:send :y 3]]
		1 invoke poll [[:poll]]
		1 ok poll [[:poll {:x [[0 2]]}]]`,
}, {
	name: "lost-write",
	wrong: `0 invoke send [[:send :x :a]]
		0 ok send [[:send :x [0 :a]]]
		1 invoke send [[:send :x :c]]
		1 info send [[:send :x :c]]
		2 invoke assign [:x] :seek-to-beginning? true
		2 ok assign [:x] :seek-to-beginning? true
		2 invoke poll [[:poll]]
		2 ok poll [[:poll {:x [[2 :c]]}]]`,
	fine: `0 invoke send [[:send :x :a]]
		0 ok send [[:send :x [0 :a]]]
		1 invoke send [[:send :x :c]]
		1 info send [[:send :x :c]]
		3 invoke poll [[:poll]]
		3 ok poll [[:poll {:x [[0 :a]]}]]
		2 invoke assign [:x] :seek-to-beginning? true
		2 ok assign [:x] :seek-to-beginning? true
		2 invoke poll [[:poll]]
		2 ok poll [[:poll {:x [[2 :c]]}]]`,
}, {
	name: "lost-write", // of an operation of unknown end, something else of which was read
	wrong: `0 invoke send [[:send :x :a] [:send :y :b]]
		0 info send [[:send :x :a] [:send :y [0 :b]]]
		1 invoke send [[:send :y :c]]
		1 info send [[:send :y :c]]
		2 invoke poll [[:poll]]
		2 ok poll [[:poll {:x [[0 :a]]}]]
		3 invoke assign [:y] :seek-to-beginning? true
		3 ok assign [:y] :seek-to-beginning? true
		3 invoke poll [[:poll]]
		3 ok poll [[:poll {:y [[1 :c]]}]]`,
	fine: `0 invoke send [[:send :x :a] [:send :y :b]]
		0 info send [[:send :x :a] [:send :y [0 :b]]]
		1 invoke send [[:send :y :c]]
		1 info send [[:send :y :c]]
		3 invoke assign [:y] :seek-to-beginning? true
		3 ok assign [:y] :seek-to-beginning? true
		3 invoke poll [[:poll]]
		3 ok poll [[:poll {:y [[1 :c]]}]]`,
}, {
	name:  "unseen",
	wrong: letters + seekTo + "\n2 invoke poll [[:poll]]\n2 ok poll [[:poll {:x [[0 :a] [1 :b]]}]]",
	fine:  letters + seekTo + "\n2 invoke poll [[:poll]]\n2 ok poll [[:poll {:x [[0 :a] [1 :b] [3 :c]]}]]",
}, {
	name:  "poll-skip",
	wrong: letters + polls("[0 :a]", "[3 :c]"),
	fine:  letters + polls("[1 :b]", "[3 :c]"),
}, {
	name:  "poll-skip", // after an assignment that still has the key; after one without it all is allowed
	wrong: letters + polls("[0 :a]") + "\n2 invoke assign [:x :y]\n2 ok assign [:x :y]" + polls("[3 :c]"),
	fine:  letters + polls("[0 :a]") + "\n2 invoke assign [:y]\n2 ok assign [:y]" + polls("[3 :c]"),
}, {
	name:  "poll-skip", // and while it is subscribed
	wrong: letters + "\n2 invoke assign [:x]\n2 ok assign [:x]" + polls("[0 :a]", "[3 :c]"),
	fine:  letters + "\n2 invoke subscribe [:x]\n2 ok subscribe [:x]" + polls("[0 :a]", "[3 :c]"),
}, {
	name:  "poll-skip", // an operation that failed does not move the consumer
	wrong: letters + polls("[0 :a]") + failedPoll("[1 :b]") + polls("[3 :c]"),
	fine:  letters + polls("[0 :a]") + failedPoll("[1 :b]") + polls("[1 :b]"),
}, {
	name:  "poll-skip", // a logged rebalance may lead anywhere, an assignment that failed nowhere
	wrong: letters + polls("[0 :a]") + "\n2 invoke assign [:y]\n2 fail assign [:y]" + polls("[3 :c]"),
	fine:  letters + polls("[0 :a]") + "\n2 invoke poll [[:poll]]\n2 ok poll [[:poll {:x [[3 :c]]}]] :rebalance-log [{:keys [:x]}]",
}, {
	name:  "nonmonotonic-poll",
	wrong: letters + polls("[1 :b]", "[1 :b] [3 :c]"),
	fine:  letters + polls("[1 :b]", "[3 :c]"),
}, {
	name:  "int-poll-skip",
	wrong: letters + polls("[0 :a] [3 :c]"),
	fine:  letters + polls("[0 :a] [1 :b] [3 :c]"),
}, {
	name:  "int-poll-skip", // where a rebalance was logged, anything goes
	wrong: letters + polls("[0 :a] [3 :c]"),
	fine:  letters + "\n2 invoke poll [[:poll]]\n2 ok poll [[:poll {:x [[0 :a] [3 :c]]}]] :rebalance-log [{:keys [:x]}]",
}, {
	name:  "int-nonmonotonic-poll",
	wrong: letters + polls("[1 :b] [0 :a]"),
	fine:  letters + polls("[0 :a] [1 :b]"),
}, {
	name: "int-nonmonotonic-poll", // over two polls of one operation
	wrong: letters + `
		2 invoke txn [[:poll] [:poll]]
		2 ok txn [[:poll {:x [[0 :a] [1 :b]]}] [:poll {:x [[1 :b]]}]]`,
	fine: letters + `
		2 invoke txn [[:poll] [:poll]]
		2 ok txn [[:poll {:x [[0 :a] [1 :b]]}] [:poll {:x [[3 :c]]}]]`,
}, {
	name: "nonmonotonic-send", // while another's is later
	wrong: `0 invoke send [[:send :x :a]]
		0 ok send [[:send :x [1 :a]]]
		0 invoke send [[:send :x :b]]
		0 ok send [[:send :x [0 :b]]]`,
	fine: `0 invoke send [[:send :x :a]]
		0 ok send [[:send :x [0 :a]]]
		0 invoke send [[:send :x :b]]
		0 ok send [[:send :x [1 :b]]]`,
}, {
	name: "int-nonmonotonic-send",
	wrong: `0 invoke txn [[:send :x :a] [:send :x :b]]
		0 ok txn [[:send :x [1 :a]] [:send :x [0 :b]]]`,
	fine: `0 invoke txn [[:send :x :a] [:send :x :b]]
		0 ok txn [[:send :x [0 :a]] [:send :x [1 :b]]]`,
}, {
	name: "int-send-skip",
	wrong: `0 invoke txn [[:send :x :a] [:send :x :b]]
		1 invoke send [[:send :x :c]]
		1 ok send [[:send :x [1 :c]]]
		0 ok txn [[:send :x [0 :a]] [:send :x [2 :b]]]`,
	fine: `0 invoke txn [[:send :x :a] [:send :x :b]]
		1 invoke send [[:send :x :c]]
		1 ok send [[:send :x [3 :c]]]
		0 ok txn [[:send :x [0 :a]] [:send :x [2 :b]]]`,
}, {
	name: "precommitted-read",
	wrong: `0 invoke txn [[:send :x :a] [:poll]]
		0 ok txn [[:send :x [0 :a]] [:poll {:x [[0 :a]]}]]`,
	fine: `0 invoke txn [[:send :x :a] [:poll]]
		0 ok txn [[:send :x [0 :a]] [:poll {}]]`,
}, {
	name: "precommitted-read", // in one that was aborted
	wrong: `0 invoke txn [[:send :x :a] [:poll]]
		0 fail txn [[:send :x [0 :a]] [:poll {:x [[0 :a]]}]]`,
	fine: `0 invoke txn [[:send :x :a] [:poll]]
		0 fail txn [[:send :x [0 :a]] [:poll {}]]`,
}, {
	name: "G0",
	wrong: `0 invoke send [[:send :x 1] [:send :y 1]]
		1 invoke send [[:send :x 2] [:send :y 2]]
		0 ok send [[:send :x [0 1]] [:send :y [1 1]]]
		1 ok send [[:send :x [1 2]] [:send :y [0 2]]]`,
	fine: `0 invoke send [[:send :x 1] [:send :y 1]]
		1 invoke send [[:send :x 2] [:send :y 2]]
		0 ok send [[:send :x [0 1]] [:send :y [0 1]]]
		1 ok send [[:send :x [1 2]] [:send :y [1 2]]]`,
}, {
	name: "G1c",
	wrong: `0 invoke txn [[:send :x 1] [:poll]]
		1 invoke txn [[:send :y 2] [:poll]]
		0 ok txn [[:send :x [0 1]] [:poll {:y [[0 2]]}]]
		1 ok txn [[:send :y [0 2]] [:poll {:x [[0 1]]}]]`,
	fine: `0 invoke txn [[:send :x 1] [:poll]]
		1 invoke txn [[:send :y 2] [:poll]]
		0 ok txn [[:send :x [0 1]] [:poll {:y [[0 2]]}]]
		1 ok txn [[:send :y [0 2]] [:poll {}]]`,
}, {
	name: "G1c-ww", jepsen: "G1c, with ww-deps",
	wrong: `0 invoke txn [[:send :x 1] [:poll]]
		1 invoke txn [[:send :x 2] [:send :y 3]]
		1 ok txn [[:send :x [1 2]] [:send :y [0 3]]]
		0 ok txn [[:send :x [0 1]] [:poll {:y [[0 3]]}]]`,
	fine: `0 invoke txn [[:send :x 1] [:poll]]
		1 invoke txn [[:send :x 2] [:send :y 3]]
		1 ok txn [[:send :x [0 2]] [:send :y [0 3]]]
		0 ok txn [[:send :x [1 1]] [:poll {:y [[0 3]]}]]`,
}, {
	name: "G1c-realtime",
	wrong: `0 invoke txn [[:send :z 1] [:poll]]
		2 invoke txn [[:send :y 3] [:poll]]
		0 ok txn [[:send :z [0 1]] [:poll {:y [[0 3]]}]]
		1 invoke txn [[:send :x 2] [:send :x 4]]
		1 ok txn [[:send :x [0 2]] [:send :x [1 4]]]
		2 ok txn [[:send :y [0 3]] [:poll {:x [[0 2]]}]]`,
	fine: `0 invoke txn [[:send :z 1] [:poll]]
		2 invoke txn [[:send :y 3] [:poll]]
		1 invoke txn [[:send :x 2] [:send :x 4]]
		0 ok txn [[:send :z [0 1]] [:poll {:y [[0 3]]}]]
		1 ok txn [[:send :x [0 2]] [:send :x [1 4]]]
		2 ok txn [[:send :y [0 3]] [:poll {:x [[0 2]]}]]`,
}, {
	name: "phantom", jepsen: "an exception",
	wrong: `0 invoke poll [[:poll]]
		0 ok poll [[:poll {7 [[0 5]]}]]
		1 invoke send [[:send 7 5]]
		1 ok send [[:send 7 [0 5]]]`,
	fine: `0 invoke poll [[:poll]]
		1 invoke send [[:send 7 5]]
		0 ok poll [[:poll {7 [[0 5]]}]]
		1 ok send [[:send 7 [0 5]]]`,
}, {
	name: "phantom", jepsen: "an exception", // the value was sent to another key
	wrong: `0 invoke send [[:send 8 5]]
		0 ok send [[:send 8 [0 5]]]
		1 invoke poll [[:poll]]
		1 ok poll [[:poll {7 [[0 5]]}]]`,
	fine: `0 invoke send [[:send 8 5] [:send 7 5]]
		0 ok send [[:send 8 [0 5]] [:send 7 [0 5]]]
		1 invoke poll [[:poll]]
		1 ok poll [[:poll {7 [[0 5]]}]]`,
}, {
	name: "nonmonotonic-append", jepsen: "G0-realtime",
	wrong: `0 invoke send [[:send 7 5]]
		0 ok send [[:send 7 [4 5]]]
		1 invoke send [[:send 7 6]]
		1 ok send [[:send 7 [3 6]]]`,
	fine: `0 invoke send [[:send 7 5]]
		1 invoke send [[:send 7 6]]
		0 ok send [[:send 7 [4 5]]]
		1 ok send [[:send 7 [3 6]]]`,
}}

// letters are three records, with a hole between two of them.
const letters = `0 invoke send [[:send :x :a]]
	0 ok send [[:send :x [0 :a]]]
	0 invoke send [[:send :x :b]]
	0 ok send [[:send :x [1 :b]]]
	0 invoke send [[:send :x :c]]
	0 ok send [[:send :x [3 :c]]]`

const seekTo = `
	2 invoke assign [:x] :seek-to-beginning? true
	2 ok assign [:x] :seek-to-beginning? true`

// polls are what process 2 polls, poll by poll.
func polls(each ...string) string {
	var b strings.Builder
	for _, records := range each {
		b.WriteString("\n2 invoke poll [[:poll]]\n2 ok poll [[:poll {:x [" + records + "]}]]")
	}
	return b.String()
}

func failedPoll(records string) string {
	return "\n2 invoke txn [[:poll]]\n2 fail txn [[:poll {:x [" + records + "]}]]"
}

func TestWhatWasSentCountsWhateverBecomesOfTheAnswer(t *testing.T) {
	read := "\n1 invoke poll [[:poll]]\n1 ok poll [[:poll {7 [[0 5]]}]]"
	for name, lines := range map[string]string{
		"never answered":             "0 invoke send [[:send 7 5]]",
		"the process went on":        "0 invoke send [[:send 7 5]]\n0 invoke send [[:send 7 6]]\n0 ok send [[:send 7 [1 6]]]",
		"answered without its value": "0 invoke send [[:send 7 5]]\n0 info send nil",
	} {
		if r := Check(readJepsen(t, script(lines+read)), JepsenOptions()); !r.Valid() {
			t.Errorf("%s: %v", name, r)
		}
	}
}

// The sample is written by hand after Jepsen's documentation: all that its workload
// does, and a nemesis.
func TestASampleOfJepsensIsRead(t *testing.T) {
	text, err := os.ReadFile("testdata/jepsen.edn")
	if err != nil {
		t.Fatal(err)
	}
	h := readJepsen(t, string(text))
	r := CheckBoth(h, JepsenOptions())
	if !r.Valid() {
		t.Errorf("%v\n%s", r, dump(h))
	}
	if s := r.Stats; s.Produces != 8 || s.Acked != 4 || s.Fetches != 8 || s.Records != 10 {
		t.Errorf("%+v\n%s", s, dump(h))
	}
	spoilt := readJepsen(t, strings.ReplaceAll(string(text), "[4 13]", "[4 14]"))
	if r := CheckBoth(spoilt, JepsenOptions()); r.Count("inconsistent-offsets") == 0 && r.Count("phantom") == 0 {
		t.Error(r)
	}
}

func TestWhatIsNoHistoryOfJepsensIsRefusedWithItsLine(t *testing.T) {
	cases := map[string]string{
		"[:a]\n:b": "line 1: an operation is a map",
		"{:type :invoke, :f :send, :value [[:send 1 2]], :process 0}\n{:type :good, :process 0}": "line 2: its :type is none of",
		"{:type :ok, :f :send, :value [[:sing 1 2]], :process 0}":                                "line 1: what is done is neither",
		"{:type :ok, :f :send, :value [[:send 1 [2]]], :process 0}":                              "line 1: a record is [offset value]",
		"{:type :ok, :f :send, :value [[:send 1 [:a 2]]], :process 0}":                           `line 1: "a" is no offset`,
		"{:type :ok, :f :send, :value [[:send [] 2]], :process 0}":                               "line 1: a vector is no key",
		"{:type :ok, :f :send, :value [[:send 1 {}]], :process 0}":                               "line 1: a map is no value",
		"{:type :ok, :f :poll, :value [[:poll {1 [[nil 2]]}]], :process 0}":                      "line 1: 2@1 was polled without",
		"{:type :ok, :f :crash}":                       "line 1: it has no :process",
		"{:type :ok, :f :crash, :process 99999999999}": "line 1: process 99999999999",
		"\n{:type :ok, :f :poll, :value [[:poll {1":    "line 2: it ends too early",
	}
	for text, want := range cases {
		if _, err := ReadJepsen(strings.NewReader(text)); err == nil || !strings.HasPrefix(err.Error(), want) {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// Any text is a history or is refused; what is a history is judged, by both checkers
// alike, and survives as lines.
func FuzzReadJepsen(f *testing.F) {
	text, err := os.ReadFile("testdata/jepsen.edn")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(text)
	for _, c := range jepsenCases {
		f.Add([]byte(script(c.wrong)))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		h, err := ReadJepsen(bytes.NewReader(data))
		if err != nil {
			return
		}
		if d := sameHistory(h, rewritten(t, h)); d != "" {
			t.Fatal(d)
		}
		r := CheckBoth(h, JepsenOptions())
		if r.Count("checkers-disagree") > 0 {
			t.Fatal(r)
		}
		if err := r.WriteReport(io.Discard); err != nil {
			t.Fatal(err)
		}
	})
}
