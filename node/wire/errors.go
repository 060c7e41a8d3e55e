package wire

import (
	"errors"
	"fmt"
)

// Reasons for which ParseRequest and ParseControllerRequest refuse a frame. All but an unsupported
// ApiVersions end the connection in Kafka (SocketServer.processCompletedReceives);
// the header is filled as far as it could be read.
var (
	ErrUnknownKey         = errors.New("unknown api key")
	ErrUnsupportedVersion = errors.New("unsupported version")
	ErrMalformed          = errors.New("malformed message")
	ErrBudget             = errors.New("decodes to more memory than a request may take")
)

// FrameError says that a frame's size is outside what its API may have. The
// stream cannot be read on: the connection has to be closed.
type FrameError struct {
	Size  int32 // as announced
	Least int   // of any frame
	Key   int16 // -1 when the size alone was refused
	Limit int   // the cap in force, 0 when the size is below every header
}

func (e *FrameError) Error() string {
	if e.Key < 0 {
		return fmt.Sprintf("frame of %d bytes is outside [%d, %d]", e.Size, e.Least, e.Limit)
	}
	return fmt.Sprintf("frame of %d bytes for api key %d exceeds %d", e.Size, e.Key, e.Limit)
}
