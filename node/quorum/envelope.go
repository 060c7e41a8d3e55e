package quorum

import (
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kbin"
)

// envelope is a frame between voters:
//
//	int8 kind | int8 version 0 | compact string cluster id
//	int32 node id, uuid directory id (sender)
//	int32 node id, uuid directory id (receiver; zero: whichever it has)
//	payload: kind 1, raft's message (protocol buffers); kind 2, a hello
type envelope struct {
	kind    int8
	cluster string
	from    Voter // without endpoints
	to      Voter
	payload []byte
}

const (
	raftKind  = 1
	helloKind = 2
)

var errFrame = errors.New("quorum frame")

func (e *envelope) encode() []byte {
	b := make([]byte, 0, 64+len(e.cluster)+len(e.payload))
	b = kbin.AppendCompactString(append(b, byte(e.kind), 0), e.cluster)
	for _, v := range []Voter{e.from, e.to} {
		b = kbin.AppendUuid(kbin.AppendInt32(b, v.ID), v.Dir)
	}
	return append(b, e.payload...)
}

// decodeEnvelope reads a frame; the payload aliases it.
func decodeEnvelope(frame []byte) (e envelope, err error) {
	r := kbin.Reader{Src: frame}
	e.kind = r.Int8()
	version := r.Int8()
	e.cluster = r.CompactString()
	e.from = Voter{ID: r.Int32(), Dir: r.Uuid()}
	e.to = Voter{ID: r.Int32(), Dir: r.Uuid()}
	e.payload = r.Src
	switch err := r.Complete(); {
	case err != nil:
		return e, fmt.Errorf("%w: %w", errFrame, err)
	case version != 0 || e.kind != raftKind && e.kind != helloKind:
		return e, fmt.Errorf("%w of kind %d, version %d", errFrame, e.kind, version)
	case e.from.ID < 0 || e.to.ID < 0 || e.from.Dir.IsZero():
		return e, fmt.Errorf("%w from %v to %v", errFrame, e.from, e.to)
	}
	return e, nil
}

// hello is what voters tell one another while nobody knows who they are:
//
//	int8 flags: 1 asks for an answer, 2 the sender is empty
//	compact array of int32: the node ids that it takes for the voters
type hello struct {
	asks  bool
	empty bool
	ids   []int32
}

func (h *hello) encode() []byte {
	flags := int8(0)
	if h.asks {
		flags |= 1
	}
	if h.empty {
		flags |= 2
	}
	b := kbin.AppendCompactArrayLen(kbin.AppendInt8(nil, flags), len(h.ids))
	for _, id := range h.ids {
		b = kbin.AppendInt32(b, id)
	}
	return b
}

func decodeHello(payload []byte) (h hello, err error) {
	r := kbin.Reader{Src: payload}
	flags := r.Int8()
	h.asks, h.empty = flags&1 != 0, flags&2 != 0
	for n := r.CompactArrayLen(); n > 0 && r.Ok(); n-- {
		h.ids = append(h.ids, r.Int32())
	}
	if err := r.Complete(); err != nil {
		return h, fmt.Errorf("%w: hello: %w", errFrame, err)
	}
	return h, nil
}
