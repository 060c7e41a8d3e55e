package oracle

import (
	"encoding/binary"
	"errors"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// fake is a broker that answers from a list, one after the other, over
// whichever connection is asked.
type fake struct {
	t       *testing.T
	answers []any    // kmsg.Response, []byte (the body), "closed" or error
	got     [][]byte // frames that came
	over    []int    // the number of the connection that each came over, from 1
	dialled int
	hung    int
	settled int
}

func (f *fake) Dial() (Conn, error) {
	f.dialled++
	return &fakeConn{f, f.dialled}, nil
}

// Settle makes fake a Settler.
func (f *fake) Settle() error {
	f.settled++
	return nil
}

type fakeConn struct {
	f      *fake
	number int
}

func (c *fakeConn) Close() { c.f.hung++ }

func (c *fakeConn) RoundTrip(frame []byte, wantReply bool) ([]byte, bool, error) {
	f := c.f
	f.got, f.over = append(f.got, frame), append(f.over, c.number)
	if !wantReply {
		return nil, false, nil
	}
	return c.Receive()
}

func (c *fakeConn) Receive() ([]byte, bool, error) {
	f := c.f
	if len(f.answers) == 0 {
		f.t.Fatalf("nothing to answer to request %d", len(f.got))
	}
	next := f.answers[0]
	f.answers = f.answers[1:]
	switch next := next.(type) {
	case error:
		return nil, false, next
	case []byte:
		return next, false, nil
	case kmsg.Response:
		return replyFrame(next), false, nil
	}
	return nil, true, nil
}

var errFake = errors.New("the fake fails")

// replyFrame is a response as a broker sends it, without its size.
func replyFrame(resp kmsg.Response) []byte {
	frame := binary.BigEndian.AppendUint32(nil, correlationID)
	if resp.IsFlexible() && resp.Key() != apiVersionsKey {
		frame = append(frame, 0)
	}
	return resp.AppendTo(frame)
}

// created is the answer to CreateTopics v4 of a topic.
func created(topic string, code int16) kmsg.Response {
	resp := kmsg.NewPtrCreateTopicsResponse()
	t := kmsg.NewCreateTopicsResponseTopic()
	t.Topic, t.ErrorCode = topic, code
	resp.Topics = append(resp.Topics, t)
	resp.SetVersion(4)
	return resp
}

// producer is the answer to InitProducerID v0.
func producer(id int64, code int16) kmsg.Response {
	resp := kmsg.NewPtrInitProducerIDResponse()
	resp.ProducerID, resp.ErrorCode = id, code
	resp.SetVersion(0)
	return resp
}

// script parses lines.
func script(t *testing.T, text string) *Script {
	t.Helper()
	s, err := Parse("here", text)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
