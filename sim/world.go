package sim

import (
	"fmt"
	"io"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"odradek/node/env"
)

// World is everything: nodes, disks, connections, and the clock they share. It
// is made from a seed and runs in one thread.
type World struct {
	Rand  *rand.Rand
	nodes []*Node
	queue queue
	now   time.Duration
	trace trace
	conns int // dialed so far
	steps uint64
	crash error // a machine panicked
	logs  io.Writer

	resets map[int][]time.Duration // faults: the n-th connection dialed is reset at
}

// wallStart is the wall clock at virtual time 0, in ms.
const wallStart = 1_700_000_000_000

// NewWorld makes an empty world. Everything drawn in it comes from the seed.
func NewWorld(seed uint64) *World {
	return &World{Rand: env.Stream(seed, -1, "world"), resets: map[int][]time.Duration{}}
}

// Now is the virtual time.
func (w *World) Now() time.Duration { return w.now }

// Steps counts the steps of machines.
func (w *World) Steps() uint64 { return w.steps }

// Crash is why a machine panicked, or nil.
func (w *World) Crash() error { return w.crash }

// After calls f after a while, as an event of its own.
func (w *World) After(d time.Duration, f func()) { w.queue.push(w.now+max(d, 0), f) }

// Log makes the nodes' log lines visible.
func (w *World) Log(out io.Writer) { w.logs = out }

// TraceTo writes a line for each event and effect.
func (w *World) TraceTo(out io.Writer) { w.trace.out = out }

// Run goes on until done says so, nothing is left to happen, the virtual time
// or the number of steps is used up, or a machine panics. It tells whether done
// was reached.
func (w *World) Run(until time.Duration, most uint64, done func() bool) bool {
	last := w.steps + most
	for w.crash == nil && w.steps < last {
		if done() {
			return true
		}
		next, ok := w.queue.pop()
		if !ok || next.at > until {
			if ok {
				w.queue.push(next.at, next.do)
			}
			w.now = max(w.now, until)
			return done()
		}
		w.now = next.at
		next.do()
	}
	return false
}

// Hash is the digest of all that has happened, and of what the disks hold.
func (w *World) Hash() uint64 {
	t := w.trace
	t.out = nil
	for _, n := range w.nodes {
		t.bytes([]byte(n.disk.Summary()))
	}
	return t.state
}

// step runs one event through a machine; a panic ends the world.
func (w *World) step(m env.Machine, at env.Time, ev env.Event, out *env.Outbox) {
	defer func() {
		if p := recover(); p != nil {
			w.crash = fmt.Errorf("panic in a machine at %v: %v\n%s", w.now, p, debug.Stack())
		}
	}()
	w.steps++
	m.Step(at, ev, out)
}

// between draws a duration.
func (w *World) between(low, high time.Duration) time.Duration {
	return low + time.Duration(w.Rand.Int64N(int64(high-low)+1))
}
