package histogram

import (
	"math"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestBucketsFollowEachOtherWithoutGap(t *testing.T) {
	for i := range buckets - 1 {
		end := last(i)
		if bucket(end) != i || bucket(end+1) != i+1 {
			t.Fatalf("bucket %d ends at %d, which is in %d, and %d is in %d", i, end, bucket(end), end+1, bucket(end+1))
		}
	}
	if got := bucket(math.MaxInt64); got >= buckets {
		t.Errorf("the longest duration is in bucket %d of %d", got, buckets)
	}
}

func TestAQuantileIsRightWithinOnePartIn128(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		all := rapid.SliceOfN(rapid.Int64Range(0, int64(time.Hour)), 1, 200).Draw(t, "durations")
		part := rapid.Float64Range(0, 1).Draw(t, "part")
		var h Histogram
		for _, d := range all {
			h.Add(time.Duration(d))
		}
		slices.Sort(all)
		exact := all[max(int(math.Ceil(part*float64(len(all))))-1, 0)]
		got := int64(h.Quantile(part))
		if got < exact || got > exact+exact/128+1 {
			t.Fatalf("quantile %v of %v is %d, not %d", part, all, got, exact)
		}
	})
}

func TestMergedHistogramsAreAsOne(t *testing.T) {
	var a, b, both Histogram
	for i := range 1000 {
		d := time.Duration(i*i) * time.Microsecond
		both.Add(d)
		if i%3 == 0 {
			a.Add(d)
		} else {
			b.Add(d)
		}
	}
	a.Merge(&b)
	if a != both {
		t.Errorf("%d, mean %v, max %v; wanted %d, mean %v, max %v", a.Count(), a.Mean(), a.Max(), both.Count(), both.Mean(), both.Max())
	}
}

func TestAnEmptyHistogramSaysNothing(t *testing.T) {
	var h Histogram
	if h.Quantile(0.5) != 0 || h.Max() != 0 || h.Mean() != 0 || h.Count() != 0 {
		t.Error("it says something")
	}
}

func TestATimeThatWentBackCountsAsNone(t *testing.T) {
	var h Histogram
	h.Add(-time.Second)
	if h.Quantile(1) != 0 || h.Count() != 1 {
		t.Errorf("%v of %d", h.Quantile(1), h.Count())
	}
}
