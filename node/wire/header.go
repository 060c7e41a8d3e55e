package wire

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Header is what precedes the body of a request:
//
//	v1: key int16 | version int16 | correlation int32 | client id nullable string
//	v2: the same, then tagged fields; the client id stays in the old encoding
//
// v2 goes with the flexible versions of each API (KIP-482). v0 went with
// ControlledShutdown v0, which Kafka 4 has removed.
type Header struct {
	Key           int16
	Version       int16
	CorrelationID int32
	ClientID      string // "" also when the client sent null, as in Kafka
}

// header reads the header of a frame and returns the bytes of the body.
// Errors are ErrMalformed, ErrUnknownKey and ErrUnsupportedVersion; the fields
// that could be read are set in each case.
func (l listener) header(frame []byte) (Header, []byte, error) {
	r := kbin.Reader{Src: frame}
	h := Header{Key: r.Int16(), Version: r.Int16(), CorrelationID: r.Int32()}
	if !r.Ok() {
		return h, nil, fmt.Errorf("%w: header of %d bytes", ErrMalformed, len(frame))
	}
	if !l.knows(h.Key) {
		return h, nil, fmt.Errorf("%w: %d", ErrUnknownKey, h.Key)
	}
	err := readClient(&r, &h)
	if !l.serves(h.Key, h.Version) {
		return h, nil, fmt.Errorf("%w: %d of %s", ErrUnsupportedVersion, h.Version, KeyName(h.Key))
	}
	return h, r.Src, err
}

func readClient(r *kbin.Reader, h *Header) error {
	if n := r.Int16(); n >= 0 {
		h.ClientID = string(r.Span(int(n)))
	} else if n < -1 {
		return fmt.Errorf("%w: client id of %d bytes", ErrMalformed, n)
	}
	if h.Version >= flexibleFrom(h.Key) {
		skipTags(r)
	}
	if !r.Ok() {
		return fmt.Errorf("%w: header ends too early", ErrMalformed)
	}
	return nil
}

// skipTags passes tagged fields, of which there are nearly always none: r then
// stays off the heap.
func skipTags(r *kbin.Reader) {
	if r.Ok() && len(r.Src) > 0 && r.Src[0] == 0 {
		r.Src = r.Src[1:]
		return
	}
	rest := *r
	kmsg.SkipTags(&rest)
	*r = rest
}

// flexibleFrom is the first flexible version of an API.
func flexibleFrom(key int16) int16 { return schemas[key].flexible }

// flexibleResponse tells whether a response has header v1 (correlation id and
// tagged fields) and not v0. ApiVersions keeps v0, since its client may not yet
// know which versions the broker speaks (KIP-511).
func flexibleResponse(resp kmsg.Response) bool {
	return resp.IsFlexible() && resp.Key() != ApiVersions
}
