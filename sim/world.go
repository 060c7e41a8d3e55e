package sim

import (
	"fmt"
	"io"
	"math/rand/v2"
	"runtime/debug"
	"time"

	"odradek/faults"
	"odradek/node/env"
)

// World is everything: nodes, disks, connections, and the clock they share. It
// is made from a seed and runs in one thread.
type World struct {
	Rand *rand.Rand
	// SlowReaders says that one connection in so many takes its answers slowly;
	// 0: none does.
	SlowReaders int
	// Suffered is told of each fault when it happens; it may be nil.
	Suffered func(faults.Fault)
	// Permit tells whether a fault may happen now that loses storage; else it waits.
	// nil: each may.
	Permit func(faults.Fault) bool
	// Watch looks inside the nodes; it may be nil.
	Watch Watch
	// Recorder is told what passes between them; it may be nil.
	Recorder Recorder

	nodes  []*Node
	addrs  map[string]address
	net    network
	chance chance // for the code of nodes that reads crypto/rand
	queue  queue
	now    time.Duration
	trace  trace
	conns  int // dialed so far
	steps  uint64
	events uint64
	crash  error // a machine panicked, or broke a rule of env
	wrong  error // what Watch found
	logs   io.Writer

	season int                     // times healed: faults of an earlier season no longer happen
	resets map[int][]time.Duration // faults: the n-th connection dialed is reset at
}

// Watch looks inside the nodes of a world. An error ends the world.
type Watch interface {
	Stepped(*Node, env.Machine) error // a machine has made a step, and its effects were taken
	Ended(*Node)                      // the node's process is gone
	Whole() error                     // everything is healed, all replicas are in sync, clients are silent
	Version() int64                   // of the newest metadata that any node has replayed
	Reached() map[string]int          // how often the world came to what a campaign has to come to
}

// wallStart is the wall clock at virtual time 0, in ms.
const wallStart = 1_700_000_000_000

// NewWorld makes an empty world. Everything drawn in it comes from the seed.
func NewWorld(seed uint64) *World {
	return &World{
		Rand: env.Stream(seed, -1, "world"), resets: map[int][]time.Duration{},
		addrs: map[string]address{}, net: newNetwork(), chance: chance{env.Stream(seed, -1, "crypto")},
	}
}

// Now is the virtual time.
func (w *World) Now() time.Duration { return w.now }

// Nodes are the world's nodes, by their place.
func (w *World) Nodes() []*Node { return w.nodes }

// Steps counts the steps of machines.
func (w *World) Steps() uint64 { return w.steps }

// Crash is why a machine panicked, with its stack, or which rule of env it
// broke; nil if neither happened.
func (w *World) Crash() error { return w.crash }

// After calls f after a while, as an event of its own.
func (w *World) After(d time.Duration, f func()) { w.queue.push(w.now+max(d, 0), f) }

// Log makes the nodes' log lines visible.
func (w *World) Log(out io.Writer) { w.logs = out }

// TraceTo writes a line for each event and effect.
func (w *World) TraceTo(out io.Writer) { w.trace.out = out }

// Run goes on until done says so, nothing is left to happen, the virtual time
// or the number of events is used up, or a machine panics. It tells whether
// done was reached.
func (w *World) Run(until time.Duration, most uint64, done func() bool) bool {
	for last := w.events + most; w.crash == nil && w.wrong == nil && w.events < last; w.events++ {
		if done() {
			return true
		}
		next, ok := w.queue.pop(until)
		if !ok {
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
	for _, n := range w.nodes {
		t.bytes([]byte(n.disk.Summary()))
	}
	return t.state
}

// End frees what the machines have suspended. The world is not used afterwards.
func (w *World) End() {
	w.Recorder = nil // what is under way is not lost
	for _, n := range w.nodes {
		if n.process != nil {
			n.process.end(false)
		}
	}
}

// guard runs code of a node; a panic in it ends the world.
func (w *World) guard(code func()) {
	was := lend(w.chance)
	defer func() {
		lend(was)
		if p := recover(); p != nil {
			w.fail("panic in a machine: %v\n%s", p, debug.Stack())
		}
	}()
	code()
}

// fail ends the world because of what a machine did.
func (w *World) fail(format string, args ...any) {
	if w.crash == nil {
		w.crash = fmt.Errorf("at %v: %w", w.now, fmt.Errorf(format, args...))
	}
}

// between draws a duration.
func (w *World) between(low, high time.Duration) time.Duration {
	return low + time.Duration(w.Rand.Int64N(int64(high-low)+1))
}
