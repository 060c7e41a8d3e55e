package config

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
)

// Refusal is why configs are not taken: an error of the protocol, and words.
type Refusal struct {
	Code    *kerr.Error
	Message string
}

func (r *Refusal) Error() string { return r.Message }

// Unwrap is the error of the protocol.
func (r *Refusal) Unwrap() error { return r.Code }

func refuse(code *kerr.Error, format string, args ...any) error {
	return &Refusal{code, fmt.Sprintf(format, args...)}
}
