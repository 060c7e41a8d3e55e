package broker

import (
	"errors"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/wire"
)

// call is one request under way. It is finished exactly once: by a reply, by
// nothing (acks=0), or by ending the connection.
type call struct {
	s        *shard
	conn     *conn
	req      wire.Request
	finished bool
	ending   bool
	reason   string
	parts    []env.Part // of the answer
	whole    []byte     // the answer, if it is in one piece
	frame    []byte     // that the request came in
	spent    bool       // nobody needs its bytes any more
	givenUp  []func()   // what is to be undone when the client is gone
}

// startCall parses a frame and hands it to its API.
func (s *shard) startCall(c *conn, frame []byte) {
	k := &call{s: s, conn: c, frame: frame}
	c.calls.push(k)
	c.running++
	c.exclusive = !isProduce(frame)
	var err error
	k.req, err = wire.ParseRequest(frame, s.node.limits)
	switch {
	case err == nil:
		s.dispatch(k)
	case k.req.Key == wire.ApiVersions && errors.Is(err, wire.ErrUnsupportedVersion):
		k.refuseApiVersions()
	default:
		k.end(err.Error())
	}
}

// commonReply is the room for a response to begin with; that to a Produce fits.
const commonReply = 128

// reply finishes the call with a response.
func (k *call) reply(resp kmsg.Response) {
	if k.finished || k.conn.closed {
		k.finish()
		return
	}
	resp.SetVersion(k.req.Version)
	k.whole = wire.AppendResponse(make([]byte, 0, commonReply), k.req.CorrelationID, resp)
	k.finish()
}

func (k *call) replyParts(parts []env.Part) {
	k.parts = parts
	k.finish()
}

// replyNothing finishes a call that has no answer.
func (k *call) replyNothing() { k.finish() }

// makeReply is the effect that answers; nil: there is nothing to say.
func (k *call) makeReply() *env.Reply {
	var r *env.Reply
	switch {
	case k.whole != nil:
		one := &struct {
			env.Reply
			part [1]env.Part // in the same piece of memory
		}{part: [1]env.Part{{Bytes: k.whole}}}
		r, one.Parts = &one.Reply, one.part[:]
	case len(k.parts) > 0:
		r = &env.Reply{Parts: k.parts}
	default:
		return nil
	}
	if r.Conn = k.conn.id; k.spent {
		r.Frame = k.frame
	}
	return r
}

// end finishes the call by ending its connection.
func (k *call) end(reason string) {
	k.ending, k.reason = true, reason
	k.finish()
}

func (k *call) finish() {
	if k.finished {
		return
	}
	k.finished = true
	k.conn.running--
	if k.conn.closed {
		return
	}
	k.s.flush(k.conn)
	k.s.advance(k.conn)
}

// abandon is called when the client is gone.
func (k *call) abandon() {
	undo := k.givenUp
	k.givenUp = nil
	for _, f := range undo {
		f()
	}
}
