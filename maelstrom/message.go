package maelstrom

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"

	jepsen "github.com/jepsen-io/maelstrom/demo/go"
)

// Message is one line, in either direction. Maelstrom's own module has its form, that of
// init and the error codes; its loop is not used, as a malformed line ends it.
type Message = jepsen.Message

// header are the fields that Maelstrom reserves in a body. Those that are not
// there are nil.
type header struct {
	Type      string `json:"type"`
	MsgID     *int64 `json:"msg_id"`
	InReplyTo *int64 `json:"in_reply_to"`
}

// errMessage is a line that is no message.
var errMessage = errors.New("not a message")

// decode reads a line. A message whose body is no object of the right form is
// returned all the same, with an error: its sender may be told.
func decode(line []byte) (m Message, h header, err error) {
	if err := json.Unmarshal(line, &m); err != nil {
		return Message{}, h, fmt.Errorf("%w: %w", errMessage, err)
	}
	if m.Src == "" || m.Dest == "" || !bytes.HasPrefix(m.Body, []byte("{")) {
		return Message{}, h, fmt.Errorf("%w: src, dest or body is missing", errMessage)
	}
	if err := json.Unmarshal(m.Body, &h); err != nil {
		return m, header{MsgID: h.MsgID, InReplyTo: h.InReplyTo}, fmt.Errorf("body: %w", err)
	}
	return m, h, nil
}

// asks tells whether the sender waits for an answer.
func (h header) asks() bool { return h.MsgID != nil && h.InReplyTo == nil }

// answer makes the body of an answer: fields is an object, or nil.
func answer(kind string, to int64, fields any) (json.RawMessage, error) {
	all := map[string]any{}
	if fields != nil {
		raw, err := json.Marshal(fields)
		if err != nil {
			return nil, err
		}
		if err := json.Unmarshal(raw, (*raws)(&all)); err != nil {
			return nil, err
		}
	}
	all["type"], all["in_reply_to"] = kind, to
	return json.Marshal(all)
}

// raws is an object whose values are left as they are.
type raws map[string]any

// UnmarshalJSON keeps each value's bytes, so that no number loses digits.
func (r *raws) UnmarshalJSON(b []byte) error {
	var fields map[string]json.RawMessage
	if err := json.Unmarshal(b, &fields); err != nil {
		return err
	}
	for name, value := range fields {
		(*r)[name] = value
	}
	return nil
}
