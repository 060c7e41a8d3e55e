package maelstrom

import (
	"fmt"

	jepsen "github.com/jepsen-io/maelstrom/demo/go"
)

// Code is one of Maelstrom's error codes (resources/errors.edn). A definite one
// says that the operation did not happen and never will.
type Code int

// Those that this node gives. Timeout and Crash are indefinite.
const (
	Timeout                Code = jepsen.Timeout
	NotSupported           Code = jepsen.NotSupported
	TemporarilyUnavailable Code = jepsen.TemporarilyUnavailable
	MalformedRequest       Code = jepsen.MalformedRequest
	Crash                  Code = jepsen.Crash
	Abort                  Code = jepsen.Abort
	KeyDoesNotExist        Code = jepsen.KeyDoesNotExist
	PreconditionFailed     Code = jepsen.PreconditionFailed
)

// nodeNotFound is Maelstrom's own answer for a node that there is not.
const nodeNotFound = 1

// Definite tells whether an operation that was answered so cannot happen any
// more. Codes that nobody knows leave it open.
func (c Code) Definite() bool {
	switch c {
	case nodeNotFound, NotSupported, TemporarilyUnavailable, MalformedRequest, Abort, KeyDoesNotExist, jepsen.KeyAlreadyExists, PreconditionFailed, jepsen.TxnConflict:
		return true
	}
	return false
}

// Error is the answer to a request that did not go well.
type Error struct {
	Code Code   `json:"code"`
	Text string `json:"text"`
}

func (e *Error) Error() string { return fmt.Sprintf("%s (error %d)", e.Text, e.Code) }

func failure(code Code, format string, args ...any) *Error {
	return &Error{code, fmt.Sprintf(format, args...)}
}
