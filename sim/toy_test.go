package sim

import (
	"encoding/binary"
	"time"

	"odradek/node/env"
)

// toy is a machine made of one function.
type toy struct {
	step      func(now env.Time, ev env.Event, out *env.Outbox)
	discarded int
}

func (m *toy) Step(now env.Time, ev env.Event, out *env.Outbox) { m.step(now, ev, out) }
func (m *toy) Discard()                                         { m.discarded++ }

// with makes a node's machines of functions.
func with(steps ...func(env.Time, env.Event, *env.Outbox)) Maker {
	return func(Boot) []env.Machine {
		var machines []env.Machine
		for _, s := range steps {
			machines = append(machines, &toy{step: s})
		}
		return machines
	}
}

// pass lets a world go on for a while.
func pass(w *World, d time.Duration) { w.Run(w.now+d, 1_000_000, func() bool { return false }) }

// alone is a world with one node that has begun.
func alone(seed uint64, make Maker) (*World, *Node) {
	w := NewWorld(seed)
	n := w.AddNode(make, "/d")
	pass(w, time.Second)
	return w, n
}

// tag hands a completion to a function.
type tag func(done *env.DiskDone, out *env.Outbox)

func (f tag) Completed(_ env.Time, done *env.DiskDone, out *env.Outbox) { f(done, out) }

// completes hands a completion to its tag, as real machines do.
func completes(now env.Time, ev env.Event, out *env.Outbox) {
	if done, ok := ev.(*env.DiskDone); ok && done.Tag != nil {
		done.Tag.Completed(now, done, out)
	}
}

// frame puts a size before a body.
func frame(body string) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(len(body))), body...)
}

// echo lets clients in and answers each frame with itself.
func echo(_ env.Time, ev env.Event, out *env.Outbox) {
	switch ev := ev.(type) {
	case env.Started:
		out.Emit(env.Ready{})
	case env.Request:
		whole := frame(string(ev.Frame))
		half := len(whole) / 2
		out.Emit(&env.Reply{Conn: ev.Conn, Parts: []env.Part{{Bytes: whole[:half]}, {Bytes: whole[half:]}}})
	}
}
