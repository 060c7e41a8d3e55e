// Package histogram counts durations in buckets whose width grows with the
// value, so that every percentile is right within one part in 128:
//
//	bucket  0 .. 127   one nanosecond each
//	then, for each power of two above, 128 of equal width:
//	        128..255 in steps of 1, 256..511 in steps of 2, 512..1023 in steps of 4, ...
package histogram
