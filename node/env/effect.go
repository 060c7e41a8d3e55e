package env

import "time"

// Effect is what a machine asks of the world.
type Effect interface{ effect() }

type (
	// Dial connects to a machine of another node, at "host:port". Conn comes from
	// Outbox.NewConn. The answer is Dialed, or ConnClosed alone if nobody was
	// reached; CloseConn before it gives up, and ConnClosed follows. From Dialed
	// on the connection is like an accepted one, but for the frames (Request)
	// being the peer's answers, of which a world takes up to wire.MaxResponse
	// bytes. A Reply before Dialed goes nowhere: the simulator calls it a fault
	// of the machine.
	Dial struct {
		Conn ConnID
		Addr string
	}

	// Reply sends bytes to a client, or to the peer that was dialed. Replies of one connection leave in the
	// order of their emission. The frame's size prefix is part of it.
	// Frame, if not nil, is that of a Request which nobody needs any more, no
	// disk operation either: the world reads other requests into it, the simulator
	// overwrites it.
	Reply struct {
		Conn  ConnID
		Parts []Part
		Frame []byte
	}

	// Pause stops reading from a connection, Resume starts it again; a frame
	// already read may still arrive.
	Pause  struct{ Conn ConnID }
	Resume struct{ Conn ConnID }

	// CloseConn ends a connection after the replies emitted before it. Reason
	// goes to the log; "" is an ordinary end.
	CloseConn struct {
		Conn   ConnID
		Reason string
	}

	// WakeAt asks for one Wake at a time of the monotonic clock; it replaces
	// the machine's earlier WakeAt.
	WakeAt struct{ At time.Duration }

	// Send passes an immutable value to another machine of this node. Messages
	// from one machine to another arrive in order.
	Send struct {
		To   int
		Body any
	}

	// Log is a line for the operator.
	Log struct {
		Level Level
		Text  string
	}

	// Ready says that clients may be let in. Only machine 0 emits it, once.
	Ready struct{}

	// Stopped says that the node has ended; Err is nil after a clean Shutdown.
	// Only machine 0 emits it, as its last effect.
	Stopped struct{ Err error }
)

func (*Disk) effect()     {}
func (Dial) effect()      {}
func (*Reply) effect()    {}
func (Pause) effect()     {}
func (Resume) effect()    {}
func (CloseConn) effect() {}
func (WakeAt) effect()    {}
func (Send) effect()      {}
func (Log) effect()       {}
func (Ready) effect()     {}
func (Stopped) effect()   {}

// Part is a piece of a reply: bytes, or (when Len > 0) a range of a file which
// is read as late as the last byte leaves and pins the file until then.
type Part struct {
	Bytes []byte
	File  FileID
	Off   int64
	Len   int
}

// Size is the number of bytes that the part puts on the wire.
func (p Part) Size() int {
	if p.Len > 0 {
		return p.Len
	}
	return len(p.Bytes)
}

// Level is the weight of a log line.
type Level uint8

// Levels of a log line.
const (
	Debug Level = iota
	Info
	Warn
	Error
)
