package group

import (
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Token names a request that was handed in and awaits its reply.
type Token uint64

// Caller is whose request it is, as Kafka shows members: the host is an address
// with a slash before it.
type Caller struct{ ClientID, Host string }

// Record is one of __consumer_offsets. A nil Value is a tombstone.
type Record struct{ Key, Value []byte }

// Reply answers the request of a token, once.
type Reply struct {
	To       Token
	Response kmsg.Response
}

// Outcome is what a step of the coordinator leads to. The Records are appended
// as one batch; the Replies are given out when it is committed (without Records:
// when everything appended before is).
type Outcome struct {
	Records []Record
	Replies []Reply
}

// reply answers a request.
func (o *Outcome) reply(to Token, resp kmsg.Response) {
	o.Replies = append(o.Replies, Reply{to, resp})
}
