package checker

// mostSteps bounds the search; what it cannot settle counts as possible.
const mostSteps = 1 << 20

// fitting searches for a way to fill all gaps, one after another.
type fitting struct {
	gaps     []gap
	fillers  []filler
	used     []bool
	release  int64 // the last invocation of all that has its place
	steps    int
	deepest  int // the last gap that the search came to
	homeless ID  // a filler that must lie somewhere, and can nowhere
}

// begin fills gap i and those behind it. floor is the last invocation of the
// fillers before it: one that had returned earlier cannot come behind them.
func (f *fitting) begin(i int, floor int64) bool {
	f.deepest = max(f.deepest, i)
	if i == len(f.gaps) {
		return f.housed(floor)
	}
	return f.fill(i, 0, f.gaps[i].size(), floor, floor)
}

// fill fills the last need offsets of gap i with fillers from the given one on;
// risen is the floor for the gap behind.
func (f *fitting) fill(i, from int, need, floor, risen int64) bool {
	if need == 0 {
		return f.begin(i+1, risen)
	}
	for k := from; k < len(f.fillers) && f.steps > 0; k++ {
		f.steps--
		b := &f.fillers[k]
		if f.used[k] || b.n > need || b.ret < floor || !f.gaps[i].takes(b) {
			continue
		}
		next := k
		if !b.repeats {
			f.used[k], next = true, k+1
		}
		if f.fill(i, next, need-b.n, floor, max(risen, b.inv)) {
			return true
		}
		f.used[k] = false
	}
	return false
}

// housed holds if every batch that surely lies somewhere is in a gap, or can
// lie behind all that is known.
func (f *fitting) housed(floor int64) bool {
	for k := range f.fillers {
		if b := &f.fillers[k]; !f.used[k] && b.ret < max(f.release, floor) {
			f.homeless = b.id
			return false
		}
	}
	return true
}
