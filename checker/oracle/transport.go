package oracle

// Transport opens connections to the broker that a script is played against.
type Transport interface {
	Dial() (Conn, error)
}

// Conn is one connection. A frame is header and body, without the size before
// it. RoundTrip sends one and returns the next one that comes back, or closed
// when the broker ended the connection instead. With wantReply unset it returns
// once the frame is sent: nothing is to come back.
type Conn interface {
	RoundTrip(frame []byte, wantReply bool) (reply []byte, closed bool, err error)
	Close()
}

// Settler is implemented by a transport whose broker may answer a change of
// metadata before that change is seen by the next request, as Kafka does. Settle
// returns once all changes answered so far are in force.
type Settler interface {
	Settle() error
}
