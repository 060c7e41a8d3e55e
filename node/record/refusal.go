package record

import (
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
)

// Refusal is why produced records are not taken, as the Produce response says
// it: an error code of the protocol, a message and (from version 8 on) the
// records at fault.
type Refusal struct {
	Code    int16
	Message string
	Records []RecordError
	Cause   error // the fault of the format, if it is one
	Framing bool  // there is no single batch to be judged
}

// RecordError is one record at fault: its index in the batch, from 0.
type RecordError struct {
	Index   int32
	Message string
}

// MaxRecordErrors bounds what one refused batch can make a response grow to.
const MaxRecordErrors = 1000

func (r *Refusal) Error() string { return r.Message }

// Unwrap is the fault of the format, if it is one.
func (r *Refusal) Unwrap() error { return r.Cause }

func refuse(code *kerr.Error, format string, args ...any) *Refusal {
	return &Refusal{Code: code.Code, Message: fmt.Sprintf(format, args...)}
}

// refuseFault turns a fault into a refusal. CORRUPT_MESSAGE lets the client
// send the batch again, so it is for damage on the way alone (the CRC); what
// is wrong under a right CRC would be as wrong the next time.
func refuseFault(err error) *Refusal {
	code := kerr.InvalidRecord
	switch {
	case errors.Is(err, ErrCRC), errors.Is(err, ErrSize), errors.Is(err, ErrTruncated):
		code = kerr.CorruptMessage
	case errors.Is(err, ErrCodec):
		code = kerr.UnsupportedCompressionType
	case errors.Is(err, ErrTooLarge):
		code = kerr.MessageTooLarge
	}
	return &Refusal{Code: code.Code, Message: err.Error(), Cause: err}
}

// complaints gathers the records at fault.
type complaints struct {
	list      []RecordError
	total     int
	timestamp bool // one at least is about its timestamp
}

func (c *complaints) add(index int32, message string) {
	if c.total++; len(c.list) < MaxRecordErrors {
		c.list = append(c.list, RecordError{Index: index, Message: message})
	}
}

// refusal is nil if no record is at fault. A single bad timestamp decides the
// code for all, as in Kafka.
func (c *complaints) refusal() error {
	if c.total == 0 {
		return nil
	}
	code := kerr.InvalidRecord
	if c.timestamp {
		code = kerr.InvalidTimestamp
	}
	first := c.list[0]
	return &Refusal{
		Code:    code.Code,
		Message: fmt.Sprintf("%d records refused, the first at index %d: %s", c.total, first.Index, first.Message),
		Records: c.list,
	}
}
