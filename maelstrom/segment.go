package maelstrom

// segment is what two nodes say to each other about one connection. It is the
// body of a message:
//
//	{"type":"stream","id":7,"dialer":true,"open":"9093","seq":1,...}   n1 -> n2: a connection to port 9093
//	{"type":"stream","id":7,"ack":1}                                   n2 -> n1: it stands
//	{"type":"stream","id":7,"dialer":true,"seq":2,"data":"AAAAEw.."}   n1 -> n2: bytes
//	{"type":"stream","id":7,"seq":1,"ack":2,"taken":23,"data":".."}    n2 -> n1: bytes the other way
//	{"type":"stream","id":7,"dialer":true,"seq":3,"end":true,"ack":1}  n1 -> n2: no more of them
//	{"type":"stream","id":7,"reset":true}                              there is no such connection (any more)
//
// A connection has two numbered sequences of segments, one each way. Segments are
// put into order by their numbers. None is sent twice: a number that stays
// missing, or is not acknowledged in time, ends the connection at that end, which
// tells the other one; if that is lost too, the other end finds out in the same
// way, or when it is told of a connection that is not there.
type segment struct {
	Type   string `json:"type"`
	ID     uint64 `json:"id"`
	Dialer bool   `json:"dialer,omitempty"` // of the end that dialed
	Open   string `json:"open,omitempty"`   // a port
	Seq    uint64 `json:"seq,omitempty"`    // from 1; 0: it carries nothing but ack and taken
	Ack    uint64 `json:"ack,omitempty"`    // all up to this have arrived
	Taken  uint64 `json:"taken,omitempty"`  // bytes that were read by the application
	Data   []byte `json:"data,omitempty"`
	End    bool   `json:"end,omitempty"`
	Reset  bool   `json:"reset,omitempty"`
}

// streamType is the type of a segment's message.
const streamType = "stream"

// Sizes, in bytes.
const (
	segmentMost = 64 << 10  // data of one segment
	windowMost  = 1 << 20   // sent, and not taken by the application at the other end
	unsentMost  = 256 << 10 // written by the application, and not sent
)
