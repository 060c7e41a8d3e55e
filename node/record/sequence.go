package record

import (
	"math"

	"odradek/node/mutant"
)

// NextSequence is the sequence number delta records after seq. Numbers run
// from 0 to MaxInt32 and begin again at 0. Both arguments are not negative.
func NextSequence(seq, delta int32) int32 {
	// D2 (KAFKA-7692): the sum overflows to a negative number.
	if !mutant.On("D2") && seq > math.MaxInt32-delta {
		return delta - (math.MaxInt32 - seq) - 1
	}
	return seq + delta
}
