package sim

import (
	"encoding/binary"
	"fmt"
	"time"

	"odradek/checker/oracle"
)

// OracleTransport lets golden scripts be played against a node in a world: the
// world runs until each answer is there.
type OracleTransport struct {
	World *World
	Node  *Node
}

// Bounds of one exchange.
const (
	oracleWait   = 60 * time.Second // virtual
	oracleEvents = 1_000_000
)

// Dial waits until the node lets clients in, and connects.
func (t OracleTransport) Dial() (oracle.Conn, error) {
	w := t.World
	if !w.Run(w.now+oracleWait, oracleEvents, t.Node.Up) {
		return nil, w.gaveUp("the node does not let clients in")
	}
	c := &oracleConn{w: w}
	c.conn = w.Dial(t.Node, func(f []byte) { c.frames = append(c.frames, f) }, func() { c.closed = true })
	return c, nil
}

// Pause lets the world run for a moment.
func (t OracleTransport) Pause() { t.World.pass(oraclePause) }

// gaveUp is why an exchange ended without its answer.
func (w *World) gaveUp(what string) error {
	if w.crash != nil {
		return fmt.Errorf("%s: %w", what, w.crash)
	}
	return fmt.Errorf("%s until %v of virtual time", what, w.now)
}

type oracleConn struct {
	w      *World
	conn   *Conn
	frames [][]byte
	closed bool
}

// RoundTrip sends a frame and, if there is to be one, receives the reply.
func (c *oracleConn) RoundTrip(frame []byte, wantReply bool) (reply []byte, closed bool, err error) {
	b := binary.BigEndian.AppendUint32(nil, uint32(len(frame)))
	c.conn.Send(append(b, frame...))
	if !wantReply {
		return nil, false, nil
	}
	return c.Receive()
}

// Receive runs the world until something comes back.
func (c *oracleConn) Receive() (reply []byte, closed bool, err error) {
	arrived := func() bool { return len(c.frames) > 0 || c.closed }
	if !c.w.Run(c.w.now+oracleWait, oracleEvents, arrived) {
		return nil, false, c.w.gaveUp("no answer came")
	}
	if len(c.frames) == 0 {
		return nil, true, nil
	}
	reply = c.frames[0]
	c.frames = c.frames[1:]
	return reply, false, nil
}

// Close hangs up.
func (c *oracleConn) Close() { c.conn.Close() }
