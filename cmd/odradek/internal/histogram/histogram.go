package histogram

import (
	"math/bits"
	"time"
)

const (
	precision = 7 // bits of a value that are kept
	steps     = 1 << precision
	buckets   = (64 - precision) * steps
)

// Histogram is a count of durations; the zero value is empty. It belongs to one
// goroutine.
type Histogram struct {
	counts [buckets]uint64
	n      uint64
	sum    time.Duration
	max    time.Duration
}

// Add counts one duration; a negative one counts as 0.
func (h *Histogram) Add(d time.Duration) {
	d = max(d, 0)
	h.counts[bucket(uint64(d))]++
	h.n++
	h.sum += d
	h.max = max(h.max, d)
}

// Merge adds what other has counted.
func (h *Histogram) Merge(other *Histogram) {
	for i, n := range other.counts {
		h.counts[i] += n
	}
	h.n += other.n
	h.sum += other.sum
	h.max = max(h.max, other.max)
}

// Count is how many were added.
func (h *Histogram) Count() uint64 { return h.n }

// Max is the longest, exactly; 0 when there are none.
func (h *Histogram) Max() time.Duration { return h.max }

// Mean is the arithmetic mean, exactly; 0 when there are none.
func (h *Histogram) Mean() time.Duration {
	if h.n == 0 {
		return 0
	}
	return h.sum / time.Duration(h.n)
}

// Quantile is a duration that the given part (0 to 1) of all do not exceed,
// rounded up to the end of its bucket; 0 when there are none.
func (h *Histogram) Quantile(part float64) time.Duration {
	want := uint64(part * float64(h.n))
	if float64(want) < part*float64(h.n) {
		want++
	}
	want = max(want, 1)
	seen := uint64(0)
	for i, n := range h.counts {
		if seen += n; seen >= want {
			return min(time.Duration(last(i)), h.max)
		}
	}
	return h.max
}

// bucket is where v belongs.
func bucket(v uint64) int {
	shift := max(bits.Len64(v)-precision-1, 0)
	return shift*steps + int(v>>shift)
}

// last is the largest value of a bucket.
func last(i int) uint64 {
	shift := max(i/steps-1, 0)
	return (uint64(i-shift*steps)+1)<<shift - 1
}
