package record

// Reason says which rule of the format some bytes break.
type Reason uint8

// The reasons, with what they mean for a log: Truncated is what a torn write
// leaves at the end; all others are corruption.
const (
	Truncated      Reason = iota + 1 // fewer bytes than declared
	BadSize                          // a declared size that no batch can have
	BadMagic                         // not format 2
	BadCRC                           // the checksum differs
	BadCount                         // count of records and offsets contradict each other
	BadOffset                        // negative, or beyond the largest offset
	BadCodec                         // a compression that does not exist
	BadRecords                       // the records do not fill the batch as declared
	BadCompression                   // the codec's own format is violated
	TooLarge                         // decompressed, beyond the caller's limit
)

var reasonTexts = [...]string{
	Truncated:      "record batch: truncated",
	BadSize:        "record batch: impossible size",
	BadMagic:       "record batch: unsupported magic",
	BadCRC:         "record batch: CRC mismatch",
	BadCount:       "record batch: inconsistent count of records",
	BadOffset:      "record batch: offset out of range",
	BadCodec:       "record batch: unknown compression codec",
	BadRecords:     "record batch: malformed records",
	BadCompression: "record batch: malformed compressed data",
	TooLarge:       "record batch: decompressed size over the limit",
}

// Error is the fault as an error value; errors.Is finds it below any context.
func (r Reason) Error() string {
	if int(r) < len(reasonTexts) && r > 0 {
		return reasonTexts[r]
	}
	return "record batch: unknown fault"
}

// The faults as plain errors, for errors.Is.
var (
	ErrTruncated   error = Truncated
	ErrSize        error = BadSize
	ErrMagic       error = BadMagic
	ErrCRC         error = BadCRC
	ErrCount       error = BadCount
	ErrOffset      error = BadOffset
	ErrCodec       error = BadCodec
	ErrRecords     error = BadRecords
	ErrCompression error = BadCompression
	ErrTooLarge    error = TooLarge
)
