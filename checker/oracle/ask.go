package oracle

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	clientID      = "oracle"
	correlationID = 7
)

// requestFrame is header and body of a request, without its size.
func requestFrame(req kmsg.Request) []byte {
	f := kmsg.NewRequestFormatter(kmsg.FormatterClientID(clientID))
	return f.AppendRequest(nil, req, correlationID)[4:]
}

// ask sends one request with fresh bytes of its own, and decodes its answer.
func ask(c Conn, req kmsg.Request) (kmsg.Response, error) {
	reply, closed, err := c.RoundTrip(requestFrame(req), true)
	if err != nil || closed {
		return nil, fmt.Errorf("%s v%d: closed=%v: %w", kmsg.NameForKey(req.Key()), req.GetVersion(), closed, err)
	}
	resp := req.ResponseKind()
	body, err := responseBody(reply, resp)
	if err != nil {
		return nil, err
	}
	return resp, resp.ReadFrom(body)
}

// answers tells whether a broker at addr is ready for requests.
func answers(addr string) bool {
	c, err := TCP{addr}.Dial()
	if err != nil {
		return false
	}
	defer c.Close()
	_, err = ask(c, kmsg.NewPtrApiVersionsRequest())
	return err == nil
}
