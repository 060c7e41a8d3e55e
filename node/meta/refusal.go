package meta

import (
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/config"
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

// because makes a refusal of the error of a validation; nil of nil.
func because(err error) *refusal {
	var why *config.Refusal
	switch {
	case err == nil:
		return nil
	case errors.As(err, &why):
		return refuse(why.Code, "%s", why.Message)
	}
	return refuse(kerr.InvalidConfig, "%v", err)
}

// fill puts the refusal, or that there is none, into a response.
func (r *refusal) fill(code *int16, message **string) {
	if r == nil {
		*code, *message = 0, nil
		return
	}
	*code, *message = r.code.Code, r.message
}
