package wire

import (
	"encoding/binary"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// AppendResponse appends a whole response in the response's version:
//
//	size int32 | correlation id int32 | [tags: 0] | body
//
// The tags are there in flexible versions of all APIs but ApiVersions.
func AppendResponse(dst []byte, corrID int32, resp kmsg.Response) []byte {
	start := len(dst)
	dst = appendResponseHeader(dst, corrID, flexibleResponse(resp))
	dst = resp.AppendTo(dst)
	setSize(dst[start:], len(dst)-start)
	return dst
}

// appendResponseHeader appends a size to be set later, and the header.
func appendResponseHeader(dst []byte, corrID int32, flexible bool) []byte {
	dst = append(dst, 0, 0, 0, 0)
	dst = kbin.AppendInt32(dst, corrID)
	if flexible {
		dst = append(dst, 0)
	}
	return dst
}

// setSize writes the prefix of a message of n bytes, prefix included.
func setSize(msg []byte, n int) {
	binary.BigEndian.PutUint32(msg, uint32(n-sizeLen))
}
