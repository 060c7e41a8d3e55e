package wire

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Request is one parsed frame.
type Request struct {
	Header
	// Body is nil when ParseRequest failed. Bytes in it (a produce request's
	// records) alias the frame; strings are copies.
	Body kmsg.Request
}

// Limits bound the memory that one request may decode to:
// min(Most, Base + PerByte*len(frame)) bytes beside the frame itself.
type Limits struct {
	PerByte int64
	Base    int64
	Most    int64
}

// DefaultLimits let every sensible request pass: a topic's or partition's entry
// decodes to three to seven times its size on the wire.
var DefaultLimits = Limits{PerByte: 8, Base: 1 << 20, Most: 64 << 20}

func (l Limits) of(frame []byte) int64 {
	return min(l.Most, l.Base+l.PerByte*int64(len(frame)))
}

// ParseRequest parses a frame that came to a broker's listener. The errors wrap ErrUnknownKey,
// ErrUnsupportedVersion, ErrMalformed or ErrBudget; the header is returned as
// far as it could be read. To an ApiVersions of an unsupported version Kafka
// answers UNSUPPORTED_VERSION in the form of v0; all the others end the
// connection. Bytes after the body are ignored, as in Kafka.
func ParseRequest(frame []byte, limits Limits) (Request, error) { return ofBroker.parse(frame, limits) }

// ParseControllerRequest is ParseRequest for a controller's listener, which takes
// ControllerVersions and the requests of our own: Raft, MetadataPull, ReplicaLost.
func ParseControllerRequest(frame []byte, limits Limits) (Request, error) {
	return ofController.parse(frame, limits)
}

func (l listener) parse(frame []byte, limits Limits) (Request, error) {
	h, body, err := l.header(frame)
	req := Request{Header: h}
	if err != nil {
		return req, err
	}
	if err := check(h.Key, h.Version, body, limits.of(frame)); err != nil {
		return req, fmt.Errorf("%s v%d: %w", KeyName(h.Key), h.Version, err)
	}
	msg := newRequest(h.Key)
	msg.SetVersion(h.Version)
	if err := msg.ReadFrom(body); err != nil {
		return req, fmt.Errorf("%w: %s v%d: %w", ErrMalformed, KeyName(h.Key), h.Version, err)
	}
	req.Body = msg
	return req, nil
}

// Response makes the empty response to this request, with its version set. It is
// nil for a RaftRequest, which has none.
func (r *Request) Response() kmsg.Response {
	resp := r.Body.ResponseKind()
	if resp != nil {
		resp.SetVersion(r.Version)
	}
	return resp
}
