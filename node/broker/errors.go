package broker

import (
	"errors"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/record"
	"odradek/node/storage"
)

// codeOf is the protocol's code for an error; 0 for nil.
func codeOf(err error) int16 {
	if err == nil {
		return 0 // at no cost: it is nearly always so
	}
	var code *kerr.Error
	var refusal *record.Refusal
	var offset *storage.OffsetError
	switch {
	case errors.As(err, &code):
		return code.Code
	case errors.As(err, &refusal):
		return refusal.Code
	case errors.As(err, &offset):
		return kerr.OffsetOutOfRange.Code
	}
	return kerr.KafkaStorageError.Code
}
