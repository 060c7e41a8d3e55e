package storage

import "sort"

// ring remembers where the latest batches lie, so that readers near the end
// need no index.
type ring struct {
	list []place
	head int
}

const ringSize = 512

// place is where a batch lies.
type place struct {
	segment     *segment
	first, last int64
	position    int64
	size        int64
}

func (r *ring) add(p place) {
	if len(r.list)-r.head >= ringSize {
		r.list[r.head] = place{}
		r.head++
	}
	if r.head > ringSize {
		r.list = append(r.list[:0], r.list[r.head:]...)
		r.head = 0
	}
	r.list = append(r.list, p)
}

func (r *ring) reset() { r.list, r.head = nil, 0 }

func (r *ring) live() []place { return r.list[r.head:] }

// from is the places of the batch that holds an offset and of those that follow; ok is
// false when it is not remembered: it is older, or was damaged when the log was loaded.
func (r *ring) from(offset int64) (places []place, ok bool) {
	live := r.live()
	i := sort.Search(len(live), func(i int) bool { return live[i].last >= offset })
	if i == len(live) || live[i].first > offset {
		return nil, false
	}
	return live[i:], true
}

// at is the place of the batch that begins at an offset in a segment, nil if it is
// not remembered.
func (r *ring) at(s *segment, offset int64) *place {
	if places, ok := r.from(offset); ok && places[0].segment == s && places[0].first == offset {
		return &places[0]
	}
	return nil
}

// drop forgets the batches of a segment that is deleted: the oldest ones.
func (r *ring) drop(s *segment) {
	for r.head < len(r.list) && r.list[r.head].segment == s {
		r.list[r.head] = place{}
		r.head++
	}
}
