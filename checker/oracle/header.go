package oracle

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kmsg"
)

const apiVersionsKey = 18

// responseBody checks a response's header and cuts it off:
//
//	int32 correlation id | flexible versions: tag section (here always empty)
//
// ApiVersions never has the tag section, for its sender may know no more of the
// broker than that.
func responseBody(reply []byte, resp kmsg.Response) ([]byte, error) {
	if len(reply) < 4 {
		return nil, fmt.Errorf("response of %d bytes has no correlation id", len(reply))
	}
	if id := int32(binary.BigEndian.Uint32(reply)); id != correlationID {
		return nil, fmt.Errorf("correlation id is %d, want %d", id, correlationID)
	}
	reply = reply[4:]
	if !resp.IsFlexible() || resp.Key() == apiVersionsKey {
		return reply, nil
	}
	if len(reply) == 0 || reply[0] != 0 {
		return nil, errors.New("header of a flexible response lacks its empty tag section")
	}
	return reply[1:], nil
}
