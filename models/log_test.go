package models

import (
	"bytes"
	"strings"
	"testing"

	"github.com/anishathalye/porcupine"
)

func op(call, ret int64, in, out any) porcupine.Operation {
	return porcupine.Operation{Input: in, Output: out, Call: call, Return: ret}
}

func seen(end int64, offset int64, values ...uint64) Seen {
	s := Seen{End: end}
	for i, v := range values {
		s.Records = append(s.Records, Record{Offset: offset + int64(i), Value: v})
	}
	return s
}

func TestTheLogAcceptsWhatKafkaMayAnswerAndNothingElse(t *testing.T) {
	ab := Append{Values: []uint64{10, 11}}
	maybe := Append{Values: []uint64{12}, Optional: true}
	cases := []struct {
		name string
		ops  []porcupine.Operation
		want bool
	}{
		{"an append then a read of it", []porcupine.Operation{op(1, 2, ab, Appended{0}), op(3, 4, Read{From: 0}, seen(2, 0, 10, 11))}, true},
		{"a read that misses an earlier append", []porcupine.Operation{op(1, 2, ab, Appended{0}), op(3, 4, Read{From: 0}, seen(0, 0))}, false},
		{"a read beside an append may miss it", []porcupine.Operation{op(1, 5, ab, Appended{0}), op(3, 4, Read{From: 0}, seen(0, 0))}, true},
		{"an append at a wrong offset", []porcupine.Operation{op(1, 2, ab, Appended{1})}, false},
		{"an append whose offset was not told", []porcupine.Operation{op(1, 2, ab, Appended{Untold}), op(3, 4, Read{From: Untold}, seen(2, 1, 11))}, true},
		{"an unknown append may happen", []porcupine.Operation{op(1, 9, maybe, Appended{Untold}), op(3, 4, Read{From: 0}, seen(1, 0, 12))}, true},
		{"an unknown append may not happen", []porcupine.Operation{op(1, 9, maybe, Appended{Untold}), op(3, 4, Read{From: 0}, seen(0, 0))}, true},
		{"an unknown append does not unhappen", []porcupine.Operation{op(1, 9, maybe, Appended{Untold}), op(3, 4, Read{From: 0}, seen(1, 0, 12)), op(5, 6, Read{From: 0}, seen(0, 0))}, false},
		{"a wrong value", []porcupine.Operation{op(1, 2, ab, Appended{0}), op(3, 4, Read{From: 0}, seen(2, 0, 10, 12))}, false},
		{"a read with a hole", []porcupine.Operation{op(1, 2, ab, Appended{0}), op(3, 4, Read{From: 0}, seen(2, 1, 11))}, false},
		{"records past the end it states", []porcupine.Operation{op(1, 2, ab, Appended{0}), op(3, 4, Read{From: 0, Lagging: true}, seen(1, 0, 10, 11))}, false},
		{"a lagging reader is told an old end", []porcupine.Operation{op(1, 2, ab, Appended{0}), op(3, 4, Read{From: 0, Lagging: true}, seen(0, 0))}, true},
		{"nobody is told an end of the future", []porcupine.Operation{op(1, 2, ab, Appended{0}), op(3, 4, Read{From: 0, Lagging: true}, seen(3, 0))}, false},
		{"an end inside a batch", []porcupine.Operation{op(1, 2, ab, Appended{0}), op(1, 4, Read{From: Untold}, seen(1, 0))}, false},
	}
	for _, c := range cases {
		if got := porcupine.CheckOperations(Log(Empty()), c.ops); got != c.want {
			t.Errorf("%s: linearizable = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAWindowStartsFromTheKnownPrefix(t *testing.T) {
	known := Known{End: 3, Value: func(o int64) (uint64, bool) { return uint64(o) + 100, o != 1 && o != 4 }}
	cases := []struct {
		name string
		op   porcupine.Operation
		want bool
	}{
		{"a record of the prefix", op(1, 2, Read{From: 2}, seen(3, 2, 102)), true},
		{"a record of which nobody knows who sent it", op(1, 2, Read{From: 0}, seen(3, 0, 100, 7, 102)), false},
		{"a record that differs from the prefix", op(1, 2, Read{From: 2}, seen(3, 2, 9)), false},
		{"the next append comes behind it", op(1, 2, Append{Values: []uint64{1}}, Appended{3}), true},
		{"an append into the prefix", op(1, 2, Append{Values: []uint64{1}}, Appended{2}), false},
	}
	for _, c := range cases {
		if got := porcupine.CheckOperations(Log(known), []porcupine.Operation{c.op}); got != c.want {
			t.Errorf("%s: linearizable = %v, want %v", c.name, got, c.want)
		}
	}
}

func TestAnUnseenAppendCannotLieWhereAnotherRecordWasSeen(t *testing.T) {
	known := Known{Value: func(o int64) (uint64, bool) { return 5, o == 0 }}
	ops := []porcupine.Operation{
		op(1, 9, Append{Values: []uint64{7}, Optional: true}, Appended{Untold}),
		op(2, 3, Append{Values: []uint64{8}}, Appended{1}),
	}
	if porcupine.CheckOperations(Log(known), ops) {
		t.Fatal("the unseen append filled offset 0, where the value 5 was read")
	}
}

func TestAnOptionalAppendMayLieWhereItsOwnValuesWereSeen(t *testing.T) {
	known := Known{Value: func(o int64) (uint64, bool) { return 7, o == 0 }}
	ops := []porcupine.Operation{
		op(1, 9, Append{Values: []uint64{7}, Optional: true}, Appended{Untold}),
		op(2, 3, Append{Values: []uint64{8}}, Appended{1}),
	}
	if !porcupine.CheckOperations(Log(known), ops) {
		t.Fatal("the append was refused at offset 0, where its value was read")
	}
}

func TestThePictureNamesOperationsAndStates(t *testing.T) {
	ops := []porcupine.Operation{
		op(1, 2, Append{Values: []uint64{1, 2, 3, 4, 5, 6, 7, 8, 9}}, Appended{0}),
		op(1, 9, Append{Values: []uint64{10}, Optional: true}, Appended{Untold}),
		op(3, 4, Read{From: 0}, seen(9, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)),
	}
	model := Log(Empty())
	_, info := porcupine.CheckOperationsVerbose(model, ops, 0)
	var page bytes.Buffer
	if err := porcupine.Visualize(model, info, &page); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"and 1 more", "unknown", "end 9", "... to 8"} {
		if !strings.Contains(page.String(), want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}
