package oracle

import (
	"encoding/hex"
	"fmt"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// outcome is what came back for a call.
type outcome struct {
	resp  kmsg.Response // nil when the script gave bytes, or nothing came
	lines []string      // as the script shows it
}

func (n *normalizer) outcome(c call, reply []byte, closed bool) (outcome, error) {
	switch {
	case closed:
		return outcome{lines: []string{"closed"}}, nil
	case c.noReply:
		return outcome{lines: []string{"nothing"}}, nil
	case c.req == nil:
		return outcome{lines: []string{"hex " + hex.EncodeToString(reply)}}, nil
	}
	resp, err := decode(c.req, reply)
	if err != nil {
		return outcome{}, err
	}
	shown := show(resp)
	return outcome{resp, printLines(n.normalize(kmsg.NameForKey(c.req.Key()), shown))}, nil
}

// decode reads a response. One to a version of ApiVersions that does not exist
// is in version 0, as the sender could read no other.
func decode(req kmsg.Request, reply []byte) (kmsg.Response, error) {
	resp := req.ResponseKind()
	if req.Key() == apiVersionsKey && req.GetVersion() > req.MaxVersion() {
		resp.SetVersion(0)
	}
	body, err := responseBody(reply, resp)
	if err != nil {
		return nil, err
	}
	if err := resp.ReadFrom(body); err != nil {
		return nil, fmt.Errorf("response cannot be decoded: %w (%x)", err, body)
	}
	if n := len(resp.AppendTo(nil)); n != len(body) {
		return nil, fmt.Errorf("response has %d bytes, its fields take %d (%x)", len(body), n, body)
	}
	return resp, nil
}
