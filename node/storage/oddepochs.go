package storage

import "odradek/node/record"

// oddEpochs finds, from a position on, the batches whose leader epoch does not lie
// between those of their neighbours. The epoch is under no CRC, and epochs never
// descend in a log: of such a batch it has changed at rest.
//
//	epochs:  3 3 [7] 3 4    5 5 [1] 5
func (r *recovery) oddEpochs(s *segment, at, size int64) (positions map[int64]bool, err error) {
	positions = map[int64]bool{}
	before := r.l.epochs.Latest()
	epoch, position := int32(NoEpoch), int64(-1) // of the batch that waits for its next one
	err = r.l.eachHeader(r.t, s, at, size, func(b record.Batch, at int64) bool {
		next := b.PartitionLeaderEpoch()
		if position >= 0 {
			if epoch < before || epoch > next && next >= before {
				positions[position] = true
			} else {
				before = epoch
			}
		}
		epoch, position = next, at
		return true
	})
	if isCorrupt(err) {
		err = nil
	}
	return positions, err
}
