package oracle

// Transport opens connections to the broker that a script is played against.
type Transport interface {
	Dial() (Conn, error)
}

// Conn is one connection. A frame is header and body, without the size before
// it. RoundTrip sends one and returns the next one that comes back, or closed
// when the broker ended the connection instead. With wantReply unset it returns
// once the frame is sent: nothing is to come back, or Receive of a Receiver returns it.
type Conn interface {
	RoundTrip(frame []byte, wantReply bool) (reply []byte, closed bool, err error)
	Close()
}

// Receiver is a Conn whose answers can be taken later than the requests are sent.
// Receive returns the next one, or closed.
type Receiver interface {
	Receive() (reply []byte, closed bool, err error)
}

// Pauser is implemented by a transport whose broker needs time, between two
// questions of the same.
type Pauser interface {
	Pause() // lets a moment pass
}

// Settler is implemented by a transport whose broker may answer a change of
// metadata before that change is seen by the next request, as Kafka does. Settle
// returns once all changes answered so far are in force.
type Settler interface {
	Settle() error
}
