package sim

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestWhatIsQueuedHappensByTimeAndThenInOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q queue
		var want []item // all that is queued, sorted
		for _, step := range rapid.SliceOf(rapid.IntRange(-1, 9)).Draw(t, "steps") {
			if step >= 0 {
				q.push(time.Duration(step), nil)
				want = append(want, item{at: time.Duration(step), seq: q.seq})
				slices.SortStableFunc(want, func(a, b item) int { return int(a.at - b.at) })
				continue
			}
			got, ok := q.pop(5)
			if due := len(want) > 0 && want[0].at <= 5; ok != due || ok && (got.at != want[0].at || got.seq != want[0].seq) {
				t.Fatalf("got %v %v, of %v", got, ok, want)
			}
			if ok {
				want = want[1:]
			}
		}
		if len(q.items) != len(want) {
			t.Fatalf("%d are left, and not %d", len(q.items), len(want))
		}
	})
}
