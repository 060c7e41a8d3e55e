package broker

import (
	"slices"
	"testing"

	"pgregory.net/rapid"
)

func TestAQueueGivesWhatCameFirst(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var q queue[int]
		var want []int
		for i := range rapid.IntRange(0, 200).Draw(t, "steps") {
			if len(want) > 0 && rapid.Bool().Draw(t, "pop") {
				if x := q.pop(); x != want[0] {
					t.Fatalf("%d came, and %d was first", x, want[0])
				}
				want = want[1:]
			} else {
				q.push(i)
				want = append(want, i)
			}
			if q.len() != len(want) || !slices.Equal(q.waiting(), want) {
				t.Fatalf("%v waits, and %v should", q.waiting(), want)
			}
		}
	})
}

func TestAQueueThatIsEmptiedAgainAndAgainCostsNoAllocation(t *testing.T) {
	var q queue[*int]
	x := new(int)
	if cost := testing.AllocsPerRun(100, func() { q.push(x); q.push(x); q.pop(); q.pop() }); cost != 0 {
		t.Fatalf("%v allocations", cost)
	}
}
