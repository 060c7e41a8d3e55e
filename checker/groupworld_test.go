package checker

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"

	"github.com/anishathalye/porcupine"
	"pgregory.net/rapid"

	"odradek/models"
)

// groupWorld is a committed offset that does what it should, and clients that
// commit and ask: each operation takes effect at one moment between its
// question and its answer, or, if nobody learned of it, some time later or never.
type groupWorld struct {
	rng  *rand.Rand
	now  models.Position
	used int
}

type groupStep struct {
	Op
	point int64
	never bool
}

func newGroupHistory(rng *rand.Rand, clients, ops int, alike bool) *History {
	w := &groupWorld{rng: rng, now: models.Uncommitted}
	var steps []*groupStep
	for c := range clients {
		at := rng.Int64N(20)
		for range ops / clients {
			s := w.step(int32(c), at, alike)
			steps = append(steps, s)
			at = s.Return + rng.Int64N(20)
		}
	}
	slices.SortStableFunc(steps, func(a, b *groupStep) int { return cmp.Compare(a.point, b.point) })
	for _, s := range steps {
		w.happen(s)
	}
	slices.SortStableFunc(steps, func(a, b *groupStep) int { return cmp.Compare(a.Invoke, b.Invoke) })
	h := NewHistory()
	for _, s := range steps {
		h.Add(s.Op)
	}
	return h
}

func (w *groupWorld) step(process int32, at int64, alike bool) *groupStep {
	s := &groupStep{point: at + w.rng.Int64N(30)}
	s.Op = Op{Kind: CommittedOp, Outcome: OK, Process: process, At: tp, Invoke: at, By: nobody, Extra: 1, Answer: Unknown, Producer: Unknown}
	s.Return = s.point + w.rng.Int64N(30)
	switch k := w.rng.IntN(20); {
	case k < 10:
		w.used++
		s.Kind, s.Offset = CommitOp, w.rng.Int64N(5)
		if !alike {
			s.Metadata = fmt.Sprint("c", w.used)
		}
	case k == 10 && alike:
		s.Kind = ForgetOp
	}
	if s.Kind == CommittedOp {
		return s
	}
	switch w.rng.IntN(5) {
	case 0:
		s.Outcome, s.never = Fail, true
	case 1:
		s.Outcome, s.never = Maybe, w.rng.IntN(2) == 0
		s.point += w.rng.Int64N(100)
	}
	return s
}

func (w *groupWorld) happen(s *groupStep) {
	switch {
	case s.never:
	case s.Kind == CommitOp:
		w.now = models.Position{Offset: s.Offset, Metadata: s.Metadata}
	case s.Kind == ForgetOp:
		w.now = models.Uncommitted
	default:
		s.Offset, s.Metadata = w.now.Offset, w.now.Metadata
	}
}

func TestWhatACorrectGroupCommitsIsValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newGroupHistory(rngOf(t), rapid.IntRange(1, 6).Draw(t, "clients"), rapid.IntRange(6, 300).Draw(t, "ops"), rapid.Bool().Draw(t, "alike"))
		o := Options{CoordinatorMayBeDeposed: rapid.Bool().Draw(t, "deposed"), Window: rapid.IntRange(4, 64).Draw(t, "window")}
		if r := CheckBoth(h, o); !r.Valid() {
			t.Fatalf("%v\n%s", r, dump(h))
		}
	})
}

// allCommits asks Porcupine for the whole history, with nothing that the sweep knows.
func allCommits(h *History) porcupine.CheckResult {
	var ops []porcupine.Operation
	for id := range h.rows {
		op := h.Op(ID(id))
		p := porcupine.Operation{ClientId: int(op.Process), Call: op.Invoke, Return: op.Return}
		at := models.Position{Offset: op.Offset, Metadata: op.Metadata}
		switch {
		case op.Kind == CommittedOp:
			p.Input, p.Output = models.AskPosition{}, at
		case op.Outcome == Fail:
			continue
		case op.Kind == ForgetOp:
			p.Input = models.SetPosition{To: models.Uncommitted, Optional: op.Outcome == Maybe}
		default:
			p.Input = models.SetPosition{To: at, Optional: op.Outcome == Maybe}
		}
		if op.Outcome == Maybe {
			p.Return = 1 << 40
		}
		ops = append(ops, p)
	}
	return porcupine.CheckOperationsTimeout(models.Committed(true), ops, time.Second)
}

func TestSweepAndPorcupineAgreeOnCommits(t *testing.T) {
	wrong, right := 0, 0
	rapid.Check(t, func(t *rapid.T) {
		rng := rngOf(t)
		h := newGroupHistory(rng, rapid.IntRange(1, 4).Draw(t, "clients"), rapid.IntRange(8, 20).Draw(t, "ops"), rapid.IntRange(0, 3).Draw(t, "alike") == 3)
		if rapid.IntRange(0, 3).Draw(t, "garbled") > 0 {
			h = garbleCommits(rng, h)
		}
		c := newCheck(h, Options{})
		for _, g := range c.groups() {
			p := g.places[0]
			p.register()
			judged := allCommits(h)
			switch {
			case judged == porcupine.Unknown:
			case p.illegal && judged == porcupine.Ok, !p.illegal && !p.vague && judged == porcupine.Illegal:
				t.Fatalf("the sweep says illegal = %v, and Porcupine %v\n%v\n%s", p.illegal, judged, c.r, dump(h))
			case p.illegal:
				wrong++
			default:
				right++
			}
		}
		for _, window := range []int{4, 64} {
			r := CheckBoth(h, Options{Window: window})
			if r.Count("checkers-disagree") > 0 || r.Count("porcupine-illegal") > 0 && len(r.Counts) == 1 && allCommits(h) == porcupine.Ok {
				t.Fatalf("window %d: %v\n%s", window, r, dump(h))
			}
		}
	})
	if wrong < 5 || right < 5 {
		t.Fatalf("%d wrong and %d right histories show little", wrong, right)
	}
}

// garbleCommits changes an answer, a time or an outcome here and there.
func garbleCommits(rng *rand.Rand, h *History) *History {
	out := NewHistory()
	for id := range h.rows {
		op := h.Op(ID(id))
		other := h.Op(ID(rng.IntN(len(h.rows))))
		switch step := 10 * (rng.Int64N(5) - 2); rng.IntN(8) {
		case 0:
			if op.Kind == CommittedOp {
				op.Offset, op.Metadata = other.Offset, other.Metadata
			}
		case 1:
			op.Invoke += step
			op.Return = max(op.Return, op.Invoke)
		case 2:
			op.Return = max(op.Invoke, op.Return+step)
		case 3:
			if op.Kind == CommitOp {
				op.Outcome = []Outcome{OK, Maybe, Fail}[rng.IntN(3)]
			}
		}
		out.Add(op)
	}
	return out
}
