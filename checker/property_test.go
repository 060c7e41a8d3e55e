package checker

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"pgregory.net/rapid"

	"odradek/models"
)

func rngOf(t *rapid.T) *rand.Rand { return rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 1)) }

func TestWhatACorrectLogDoesIsValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		size := worldSize{clients: rapid.IntRange(1, 8).Draw(t, "clients"), ops: rapid.IntRange(1, 400).Draw(t, "ops"),
			batch: rapid.IntRange(1, 5).Draw(t, "batch"), maybes: rapid.Bool().Draw(t, "maybes"), trims: rapid.Bool().Draw(t, "trims"),
			pipes: rapid.Bool().Draw(t, "pipes"), resends: rapid.Bool().Draw(t, "resends"), lags: rapid.Bool().Draw(t, "lags")}
		h := newWorld(rngOf(t), size, nothing).run()
		if r := Check(h, Options{EndMayLag: size.lags}); !r.Valid() {
			t.Fatal(r)
		}
		if r := CheckBoth(h, Options{EndMayLag: size.lags, Window: rapid.IntRange(2, 64).Draw(t, "window")}); !r.Valid() {
			t.Fatal(r)
		}
	})
}

func TestOneThingWrongIsFound(t *testing.T) {
	for p := nothing + 1; p < plants; p++ {
		t.Run(plantNames[p], func(t *testing.T) {
			spoilt := 0
			rapid.Check(t, func(t *rapid.T) {
				size := worldSize{clients: rapid.IntRange(1, 4).Draw(t, "clients"), ops: rapid.IntRange(5, 60).Draw(t, "ops"),
					batch: rapid.IntRange(1, 4).Draw(t, "batch"), pipes: rapid.Bool().Draw(t, "pipes")}
				w := newWorld(rngOf(t), size, p)
				h := w.run()
				if !w.done {
					return
				}
				spoilt++
				if r := Check(h, Options{}); r.Valid() && !harmless(p, h) {
					t.Fatalf("not found: %v\n%s", r, dump(h))
				}
			})
			if spoilt < 10 {
				t.Fatalf("only %d runs had the fault", spoilt)
			}
		})
	}
}

// harmless tells that nobody can have noticed: the whole history, for a search
// through all orders, is one of a correct log.
func harmless(p plant, h *History) bool {
	return p != resurrectFailed && p != appendTwice && p != strangeRecord && wholeOrder(h) == porcupine.Ok
}

// wholeOrder asks Porcupine for the whole history, without any of the sweep's
// knowledge.
func wholeOrder(h *History) porcupine.CheckResult {
	var ops []porcupine.Operation
	for id := range h.rows {
		op := h.Op(ID(id))
		if in, out, ok := plain(op); ok {
			ret := op.Return
			if a, is := in.(models.Append); is && a.Optional {
				ret = 1 << 40
			}
			ops = append(ops, porcupine.Operation{ClientId: int(op.Process), Input: in, Output: out, Call: op.Invoke, Return: ret})
		}
	}
	return porcupine.CheckOperationsTimeout(models.Log(models.Empty()), ops, time.Second)
}

func plain(op Op) (in, out any, ok bool) {
	switch {
	case op.Kind == ProduceOp && op.Outcome != Fail:
		a := models.Append{Optional: op.Outcome != OK || op.Acks == 0}
		for _, r := range op.Records {
			a.Values = append(a.Values, uint64(r.Value))
		}
		return a, models.Appended{Base: op.Offset}, true
	case op.Kind == FetchOp && op.Outcome == OK && op.Flags&OutOfRange == 0:
		s := models.Seen{End: op.Answer}
		for _, r := range op.Records {
			s.Records = append(s.Records, models.Record{Offset: r.Offset, Value: uint64(r.Value)})
		}
		return models.Read{From: op.Offset}, s, true
	case op.Kind == ListOp && op.Answer == Latest && op.Outcome == OK:
		return models.Read{From: models.Untold}, models.Seen{End: op.Offset}, true
	case op.Kind == TrimOp && op.Outcome == OK:
		return models.Read{From: models.Untold, Lagging: true}, models.Seen{End: max(op.Offset, op.Answer)}, true
	case op.Kind == ListOp && op.Offset != Unknown && op.Outcome == OK:
		end := op.Offset
		if op.Answer != Earliest {
			end++
		}
		return models.Read{From: models.Untold, Lagging: true}, models.Seen{End: end}, true
	}
	return nil, nil, false
}

func TestSweepAndPorcupineAgree(t *testing.T) {
	wrong, right := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		p := plant(rapid.IntRange(0, int(plants)-1).Draw(t, "plant"))
		size := worldSize{clients: rapid.IntRange(1, 4).Draw(t, "clients"), ops: rapid.IntRange(1, 24).Draw(t, "ops"),
			batch: rapid.IntRange(1, 3).Draw(t, "batch"), maybes: rapid.Bool().Draw(t, "maybes"),
			trims: rapid.Bool().Draw(t, "trims"), pipes: rapid.Bool().Draw(t, "pipes")}
		h := newWorld(rngOf(t), size, p).run()
		if rapid.Bool().Draw(t, "garbled") {
			h = garble(rngOf(t), h)
		}
		c := newCheck(h, Options{})
		for _, part := range c.parts {
			part.sweep()
			judged := wholeOrder(h)
			if judged == porcupine.Unknown || part.vague {
				continue
			}
			if part.illegal != (judged == porcupine.Illegal) {
				t.Fatalf("%s: the sweep says illegal = %v, and Porcupine %v\n%v\n%s", plantNames[p], part.illegal, judged, c.r, dump(h))
			}
			if part.illegal {
				wrong++
			} else {
				right++
			}
		}
		for _, window := range []int{4, 64} {
			if r := CheckBoth(h, Options{Window: window}); r.Count("checkers-disagree") > 0 || r.Count("porcupine-unknown") > 0 && len(r.Counts) == 1 {
				t.Fatalf("window %d: %v\n%s", window, r, dump(h))
			}
		}
	})
	if wrong < 10 || right < 10 {
		t.Fatalf("%d wrong and %d right histories show little", wrong, right)
	}
}

// garble changes a number or two of a history at random.
func garble(rng *rand.Rand, h *History) *History {
	out := NewHistory()
	for id := range h.rows {
		op := h.Op(ID(id))
		if rng.IntN(10) == 0 {
			garbleOp(rng, &op)
		}
		out.Add(op)
	}
	out.marks = h.marks
	return out
}

func garbleOp(rng *rand.Rand, op *Op) {
	step := rng.Int64N(5) - 2
	switch rng.IntN(6) {
	case 0:
		op.Offset = max(-1, op.Offset+step)
	case 1:
		if op.Kind == FetchOp {
			op.Answer = max(-1, op.Answer+step)
		}
	case 2:
		op.Invoke += 10 * step
		op.Return = max(op.Return, op.Invoke)
	case 3:
		op.Return = max(op.Invoke, op.Return+10*step)
	case 4:
		if op.Kind == ProduceOp {
			op.Outcome = []Outcome{OK, Maybe, Fail}[rng.IntN(3)]
		}
	case 5:
		if op.Kind == ProduceOp && op.Outcome == OK {
			op.Offset = Unknown
		}
	}
}

func dump(h *History) string {
	text := ""
	for id := range h.rows {
		text += fmt.Sprintln(h.Describe(ID(id)))
	}
	return text
}
