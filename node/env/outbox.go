package env

import (
	"fmt"
	"time"
)

// Outbox gathers one machine's effects in order, and numbers its operations,
// files and dialed connections. The world makes one per machine and empties it after each step.
//
// Numbers are spread so that no two machines of a node share one:
// machine index in the top 16 bits.
type Outbox struct {
	Effects []Effect
	ops     Op
	files   FileID
	conns   ConnID
}

// NewOutbox makes the outbox of the machine with this index.
func NewOutbox(machine int) *Outbox {
	base := uint64(machine) << 48
	return &Outbox{ops: Op(base), files: FileID(base), conns: ConnID(base) | dialed}
}

// Take returns the gathered effects and starts anew; the slice is valid until
// the machine's next step.
func (o *Outbox) Take() []Effect {
	e := o.Effects
	o.Effects = o.Effects[:0]
	return e
}

// NewFile names a file that is about to be opened.
func (o *Outbox) NewFile() FileID {
	o.files++
	return o.files
}

// NewConn names a connection that is about to be dialed.
func (o *Outbox) NewConn() ConnID {
	o.conns++
	return o.conns
}

// Dial connects to another node and returns the connection's name.
func (o *Outbox) Dial(addr string) ConnID {
	id := o.NewConn()
	o.Emit(Dial{Conn: id, Addr: addr})
	return id
}

// Disk emits a disk operation and returns its number.
func (o *Outbox) Disk(d Disk) Op {
	o.ops++
	d.Op = o.ops
	o.Effects = append(o.Effects, &d)
	return d.Op
}

// Emit appends any other effect.
func (o *Outbox) Emit(e Effect) { o.Effects = append(o.Effects, e) }

// Send passes a value to another machine of the node.
func (o *Outbox) Send(to int, body any) { o.Emit(Send{To: to, Body: body}) }

// WakeAt asks for the next Wake.
func (o *Outbox) WakeAt(at time.Duration) { o.Emit(WakeAt{At: at}) }

// Logf writes a line for the operator.
func (o *Outbox) Logf(level Level, format string, args ...any) {
	o.Emit(Log{Level: level, Text: fmt.Sprintf(format, args...)})
}
