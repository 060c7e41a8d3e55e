package wire

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// AppendRequest appends a whole request, with its size prefix and header, in
// the version that is set in req.
func AppendRequest(dst []byte, corrID int32, clientID string, req kmsg.Request) []byte {
	start := len(dst)
	dst = append(dst, 0, 0, 0, 0)
	dst = kbin.AppendInt16(dst, req.Key())
	dst = kbin.AppendInt16(dst, req.GetVersion())
	dst = kbin.AppendInt32(dst, corrID)
	dst = kbin.AppendString(dst, clientID)
	if req.IsFlexible() {
		dst = append(dst, 0)
	}
	dst = req.AppendTo(dst)
	setSize(dst[start:], len(dst)-start)
	return dst
}

// ParseResponse reads the response to req from a frame (without the size). The
// correlation id is returned even if the body is malformed. Bytes in the
// response (fetched records) alias the frame. The peer is trusted as to memory:
// this is the client's side, for tools and the simulator.
//
// An ApiVersions answer is read as v0 when it is the answer to an unsupported
// version, which a broker gives in v0 whatever was asked.
func ParseResponse(frame []byte, req kmsg.Request) (kmsg.Response, int32, error) {
	resp := req.ResponseKind()
	if resp == nil {
		return nil, 0, fmt.Errorf("%w: an answer to %s, which has none", ErrMalformed, KeyName(req.Key()))
	}
	resp.SetVersion(req.GetVersion())
	corrID, body, err := responseBody(frame, flexibleResponse(resp))
	if err != nil {
		return nil, corrID, err
	}
	if req.Key() == ApiVersions && refusesVersion(body) {
		resp.SetVersion(0)
	}
	if err := resp.ReadFrom(body); err != nil {
		return nil, corrID, fmt.Errorf("%w: response to %s v%d: %w",
			ErrMalformed, KeyName(req.Key()), req.GetVersion(), err)
	}
	return resp, corrID, nil
}

func responseBody(frame []byte, flexible bool) (int32, []byte, error) {
	r := kbin.Reader{Src: frame}
	corrID := r.Int32()
	if flexible {
		kmsg.SkipTags(&r)
	}
	if !r.Ok() {
		return corrID, nil, fmt.Errorf("%w: response header of %d bytes", ErrMalformed, len(frame))
	}
	return corrID, r.Src, nil
}

// unsupportedVersion is Kafka's error code UNSUPPORTED_VERSION.
const unsupportedVersion = 35

func refusesVersion(body []byte) bool {
	return len(body) >= 2 && body[0] == 0 && body[1] == unsupportedVersion
}
