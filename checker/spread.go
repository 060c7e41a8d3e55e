package checker

// spread maps numbers that mostly lie close together (offsets, values of a
// counter) to things: those near the smallest in a slice, outliers in a map.
type spread[V any] struct {
	low  uint64
	near []V
	far  map[uint64]*V
}

// newSpread makes room for about count numbers of which low is the smallest
// and high the largest. No outlier can make it large.
func newSpread[V any](low, high uint64, count int) *spread[V] {
	room := uint64(4*count + 64)
	if high < low {
		return &spread[V]{}
	}
	if width := high - low; width < room {
		room = width + 1
	}
	return &spread[V]{low: low, near: make([]V, room)}
}

// get is the thing at k, or nil if it is outside and was never put.
func (s *spread[V]) get(k uint64) *V {
	if i := k - s.low; i < uint64(len(s.near)) {
		return &s.near[i]
	}
	return s.far[k]
}

// put is the thing at k, made if need be.
func (s *spread[V]) put(k uint64) *V {
	if v := s.get(k); v != nil {
		return v
	}
	if s.far == nil {
		s.far = map[uint64]*V{}
	}
	s.far[k] = new(V)
	return s.far[k]
}
