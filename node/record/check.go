package record

import (
	"fmt"
	"iter"
	"math"
)

// PeekSize reads from the first Overhead bytes how long the whole batch is, at
// least HeaderSize; it may be more than b holds. ErrTruncated: fewer than
// Overhead bytes. ErrSize: no batch has the declared size.
func PeekSize(b []byte) (size int, err error) {
	if len(b) < Overhead {
		return 0, ErrTruncated
	}
	n := int32(be.Uint32(b[atLength:]))
	if n < HeaderSize-Overhead || int64(n)+Overhead > math.MaxInt {
		return 0, fmt.Errorf("declared length %d: %w", n, ErrSize)
	}
	return int(n) + Overhead, nil
}

// Batches walks a concatenation of batches by their declared sizes alone (Check
// looks inside). It ends at the first fault: a partial last batch is yielded
// as the rest of b with ErrTruncated, a size that cannot be with ErrSize.
func Batches(b []byte) iter.Seq2[Batch, error] {
	return func(yield func(Batch, error) bool) {
		for len(b) > 0 {
			size, err := PeekSize(b)
			if err == nil && size > len(b) {
				err = ErrTruncated
			}
			if err != nil {
				yield(Batch(b), err)
				return
			}
			if !yield(Batch(b[:size:size]), nil) {
				return
			}
			b = b[size:]
		}
	}
}

// Check tells whether b is one whole, uncorrupted batch as a log may hold it:
// sizes, magic, CRC, counts and offsets; not its records. The error is one of
// the faults, with context. A compacted batch, even an empty one, passes.
func Check(b Batch) error {
	if err := checkFrame(b); err != nil {
		return err
	}
	if got := b.computeCRC(); got != b.CRC() {
		return fmt.Errorf("stored %08x, computed %08x: %w", b.CRC(), got, ErrCRC)
	}
	return checkHeader(b)
}

// checkFrame makes the header readable: format and size.
func checkFrame(b Batch) error {
	if len(b) > atMagic && b.Magic() != Magic {
		return fmt.Errorf("magic %d: %w", b.Magic(), ErrMagic)
	}
	size, err := PeekSize(b)
	switch {
	case err != nil:
		return err
	case size > len(b):
		return fmt.Errorf("%d of %d bytes: %w", len(b), size, ErrTruncated)
	case size < len(b):
		return fmt.Errorf("%d bytes for a batch of %d: %w", len(b), size, ErrSize)
	}
	return nil
}

func checkHeader(b Batch) error {
	count, delta, base := b.Count(), b.LastOffsetDelta(), b.BaseOffset()
	switch {
	case count < 0 || delta < 0 || int64(count) > int64(delta)+1:
		return fmt.Errorf("%d records, last offset delta %d: %w", count, delta, ErrCount)
	case base < 0 || base > math.MaxInt64-1-int64(delta):
		return fmt.Errorf("base offset %d, last offset delta %d: %w", base, delta, ErrOffset)
	case !b.Codec().Known():
		return fmt.Errorf("codec %d: %w", b.Codec(), ErrCodec)
	}
	return nil
}
