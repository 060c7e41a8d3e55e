package maelstrom

import "fmt"

// Code is one of Maelstrom's error codes (resources/errors.edn). A definite one
// says that the operation did not happen and never will.
type Code int

// Those that this node gives. Timeout and Crash are indefinite.
const (
	Timeout                Code = 0
	NotSupported           Code = 10
	TemporarilyUnavailable Code = 11
	MalformedRequest       Code = 12
	Crash                  Code = 13
	Abort                  Code = 14
	KeyDoesNotExist        Code = 20
	PreconditionFailed     Code = 22
)

// Definite tells whether an operation that was answered so cannot happen any
// more. Codes that nobody knows leave it open.
func (c Code) Definite() bool {
	switch c {
	case 1, NotSupported, TemporarilyUnavailable, MalformedRequest, Abort, KeyDoesNotExist, 21, PreconditionFailed, 30:
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
