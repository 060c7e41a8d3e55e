package record

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
)

// smallestLegacy is the least length that any format ever declared (format 0).
const smallestLegacy = 14

// peel cuts the first message of any format off b, as Kafka's reader does: a
// partial one counts as none, a size or magic that cannot be is corruption.
func peel(b []byte) (first, rest []byte, err error) {
	if len(b) < Overhead {
		return nil, nil, nil
	}
	n := int64(int32(be.Uint32(b[atLength:])))
	if n < smallestLegacy {
		return nil, nil, refuseFault(fmt.Errorf("declared length %d: %w", n, ErrSize))
	}
	if len(b) <= atMagic {
		return nil, nil, nil
	}
	if b[atMagic] > Magic {
		return nil, nil, &Refusal{Code: kerr.CorruptMessage.Code, Cause: ErrMagic,
			Message: fmt.Sprintf("magic %d: %v", int8(b[atMagic]), ErrMagic)}
	}
	if n+Overhead > int64(len(b)) {
		return nil, nil, nil
	}
	size := int(n) + Overhead
	return b[:size:size], b[size:], nil
}

// onlyBatch is the one batch of format 2 that a produce request may have per
// partition. Formats 0 and 1, which brokers once converted, are refused as
// invalid; what follows the batch and is not whole is left out.
func onlyBatch(b []byte, noZstd bool) (Batch, error) {
	first, rest, err := peel(b)
	if err != nil {
		return nil, err
	}
	if first == nil {
		return nil, refuse(kerr.InvalidRecord, "no whole record batch in %d bytes", len(b))
	}
	if magic := first[atMagic]; magic != Magic {
		return nil, &Refusal{Code: kerr.InvalidRecord.Code, Cause: ErrMagic,
			Message: fmt.Sprintf("message format %d is not accepted, only %d", magic, Magic)}
	}
	if len(first) < HeaderSize {
		return nil, refuseFault(fmt.Errorf("%d bytes: %w", len(first), ErrSize))
	}
	if noZstd && Batch(first).Codec() == Zstd {
		return nil, refuse(kerr.UnsupportedCompressionType, "zstd needs produce version 7 or later")
	}
	if next, _, err := peel(rest); err != nil {
		return nil, err
	} else if next != nil {
		return nil, refuse(kerr.InvalidRecord, "more than one record batch for the partition")
	}
	return first, nil
}
