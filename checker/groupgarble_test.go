package checker

import (
	"io"
	"math"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// What nobody can have recorded is judged, too, and by both checkers alike.
func TestAnyHistoryOfAGroupIsJudged(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		rng := rngOf(t)
		h := newClassicWorld(rng, 3, 30, "")
		if rapid.Bool().Draw(t, "epochs") {
			h = newEpochWorld(rng, 3, 30, false)
		}
		out := NewHistory()
		for id := range h.rows {
			op := h.Op(ID(id))
			garbleMember(rng, &op)
			out.Add(op)
		}
		out.Mark(strangeNumber(rng), GroupsSettled, "")
		r := CheckBoth(out, Options{Seconds: 1, CoordinatorMayBeDeposed: rapid.Bool().Draw(t, "deposed")})
		if r.Count("checkers-disagree") > 0 {
			t.Fatal(r)
		}
		if err := r.WriteReport(io.Discard); err != nil {
			t.Fatal(err)
		}
	})
}

func strangeNumber(rng *rand.Rand) int64 {
	return []int64{math.MinInt64, -2, -1, 0, 1, 5, 100, math.MaxInt64}[rng.IntN(8)]
}

// garbleMember makes anything of an operation.
func garbleMember(rng *rand.Rand, op *Op) {
	switch rng.IntN(15) {
	case 0:
		op.Kind = Kind(rng.IntN(len(kindNames)))
	case 1:
		op.Outcome = Outcome(rng.IntN(len(outcomeNames)))
	case 2:
		op.Offset = strangeNumber(rng)
	case 3:
		op.Extra = strangeNumber(rng)
	case 4:
		op.Answer = strangeNumber(rng)
	case 5:
		op.Invoke = max(strangeNumber(rng), math.MinInt64+1) // before that is the beginning
	case 6:
		op.Return = strangeNumber(rng)
	case 7:
		op.By.Generation = int32(rng.IntN(5) - 2)
	case 8:
		op.By.Group = "another"
	case 9:
		op.By.PerMember = !op.By.PerMember
	case 10:
		op.By.Instance = "i"
	case 11:
		op.Records = []Record{{strangeNumber(rng), 0, 1}}
	}
}
