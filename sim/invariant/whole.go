package invariant

// Whole looks at a cluster that is whole and idle: all replicas of all partitions
// that still exist hold all that is committed, and the same.
func (x *Watch) Whole() error {
	for _, p := range x.order {
		if p.newest == nil || len(p.newest.ISR) < len(p.newest.Replicas) {
			continue // it is deleted, and its metadata has stood still
		}
		if err := x.complete(p); err != nil {
			return err
		}
	}
	return x.compare()
}
