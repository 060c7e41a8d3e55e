package meta

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
)

// refusal is why something is not done: an error code and, mostly, a message.
// nil means that nothing is refused.
type refusal struct {
	code    *kerr.Error
	message *string
}

func refuse(code *kerr.Error, format string, args ...any) *refusal {
	text := fmt.Sprintf(format, args...)
	return &refusal{code, &text}
}

// fill puts the refusal, or that there is none, into a response.
func (r *refusal) fill(code *int16, message **string) {
	if r == nil {
		*code, *message = 0, nil
		return
	}
	*code, *message = r.code.Code, r.message
}
