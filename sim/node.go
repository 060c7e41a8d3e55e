package sim

import (
	"fmt"
	"math/rand/v2"
	"time"

	"odradek/node/env"
)

// Boot is what a node's process is given when it starts.
type Boot struct {
	Rand        *rand.Rand
	Incarnation int // 0, 1, 2, ...
}

// Maker makes the machines of a node's process.
type Maker func(Boot) []env.Machine

// Node is a computer: its disk stays, its processes come and go.
type Node struct {
	w           *World
	index       int
	make        Maker
	disk        *Disk
	slow        time.Duration // added to each disk operation
	full        int           // faults that take the disk's space
	skew        time.Duration // of the wall clock
	ops         uint64        // disk operations so far, through all incarnations
	atOp        map[uint64][]func()
	incarnation int
	process     *process // nil: down

	// Stopped is called when a process ends by itself; nil: it is started again
	// after a second.
	Stopped func(err error)
}

// process is one incarnation of a node.
type process struct {
	n       *Node
	born    time.Duration
	boxes   []*mailbox
	conns   map[env.ConnID]*Conn
	last    env.ConnID
	lanes   *lanes
	ready   bool
	dead    bool
	turn    int
	stopped bool
	sent    map[[2]int]time.Duration // when the last message from one machine to another arrives
}

// AddNode makes a node whose disk has these directories, and starts it.
func (w *World) AddNode(make Maker, dirs ...string) *Node {
	n := &Node{w: w, index: len(w.nodes), make: make, atOp: map[uint64][]func(){}}
	n.disk = NewDisk(rand.New(rand.NewPCG(w.Rand.Uint64(), uint64(n.index))), dirs...)
	w.nodes = append(w.nodes, n)
	n.Start()
	return n
}

// Disk is the node's disk.
func (n *Node) Disk() *Disk { return n.disk }

// Up tells whether a process runs and lets clients in.
func (n *Node) Up() bool { return n.process != nil && n.process.ready }

// Down tells whether no process runs.
func (n *Node) Down() bool { return n.process == nil }

// Incarnation counts the processes that ended.
func (n *Node) Incarnation() int { return n.incarnation }

// Start starts a process, if none runs.
func (n *Node) Start() {
	if n.process != nil {
		return
	}
	p := &process{n: n, born: n.w.now, conns: map[env.ConnID]*Conn{}, sent: map[[2]int]time.Duration{}}
	p.lanes = newLanes(p)
	n.process = p
	seed := rand.New(rand.NewPCG(n.w.Rand.Uint64(), uint64(n.incarnation)))
	var machines []env.Machine
	n.w.guard(func() { machines = n.make(Boot{Rand: seed, Incarnation: n.incarnation}) })
	for i, m := range machines {
		p.boxes = append(p.boxes, &mailbox{p: p, index: i, machine: m, out: env.NewOutbox(i)})
	}
	for _, b := range p.boxes {
		b.post(env.Started{})
	}
}

// Stop asks the process to end cleanly.
func (n *Node) Stop() {
	if p := n.process; p != nil {
		p.stopped = true
		p.boxes[0].post(env.Shutdown{})
	}
}

// Kill ends the process at once; the page cache lives on.
func (n *Node) Kill() {
	if n.process == nil {
		return
	}
	n.process.lanes.tear()
	n.process.end()
	n.disk.Crash()
}

// PowerCut ends the process and takes from the disk what was not synced.
func (n *Node) PowerCut() {
	if n.process != nil {
		n.process.lanes.tear()
		n.process.end()
	}
	n.disk.PowerCut()
}

// end takes the process off the world: nothing that it has under way arrives.
func (p *process) end() {
	p.dead = true
	p.n.process = nil
	p.n.incarnation++
	for _, b := range p.boxes {
		p.n.w.guard(b.machine.Discard)
	}
	for id := env.ConnID(1); id <= p.last; id++ {
		if c := p.conns[id]; c != nil {
			c.die()
		}
	}
}

// exited ends a process that said so itself.
func (p *process) exited(err error) {
	n := p.n
	p.end()
	n.disk.Crash()
	if n.Stopped != nil {
		n.Stopped(err)
		return
	}
	if !p.stopped {
		n.w.After(time.Second, n.Start)
	}
}

// clock is what a machine of the process sees of the time.
func (p *process) clock() env.Time {
	w := p.n.w
	return env.Time{Mono: w.now - p.born, Wall: wallStart + (w.now + p.n.skew).Milliseconds()}
}

// mailbox is a machine and the events on their way to it.
type mailbox struct {
	p       *process
	index   int
	machine env.Machine
	out     *env.Outbox
	events  []env.Event
	woken   bool   // draining is scheduled
	waking  uint64 // the WakeAt in force
}

func (b *mailbox) post(ev env.Event) {
	if b.p.dead {
		return
	}
	b.events = append(b.events, ev)
	if !b.woken {
		b.woken = true
		b.p.n.w.After(b.p.n.w.between(0, 40*time.Microsecond), b.drain)
	}
}

// drain delivers some of the waiting events, and ends the batch.
func (b *mailbox) drain() {
	if b.p.dead {
		return
	}
	w := b.p.n.w
	for left := 1 + w.Rand.IntN(32); left > 0 && len(b.events) > 0; left-- {
		ev := b.events[0]
		b.events[0] = nil
		b.events = b.events[1:]
		if !b.deliver(ev) {
			return
		}
	}
	if !b.deliver(env.Drained{}) {
		return
	}
	b.woken = len(b.events) > 0
	if b.woken {
		w.After(w.between(0, 20*time.Microsecond), b.drain)
	}
}

// deliver steps the machine; false if the process or the world ended by it.
func (b *mailbox) deliver(ev env.Event) bool {
	w := b.p.n.w
	w.trace.note(w.now, b.p.n.index, b.index, ev)
	w.steps++
	w.guard(func() { b.machine.Step(b.p.clock(), ev, b.out) })
	if w.crash != nil {
		return false
	}
	for _, e := range b.out.Take() {
		w.trace.note(w.now, b.p.n.index, b.index, e)
		b.p.carryOut(b, e)
		if b.p.dead || w.crash != nil {
			return false
		}
	}
	return true
}

func (p *process) carryOut(b *mailbox, e env.Effect) {
	w := p.n.w
	switch e := e.(type) {
	case *env.Disk:
		p.lanes.add(b, e)
	case *env.Reply:
		p.reply(e)
	case env.Pause:
		p.pause(e.Conn, true)
	case env.Resume:
		p.pause(e.Conn, false)
	case env.CloseConn:
		p.closeConn(e.Conn)
	case env.WakeAt:
		b.wake(e.At)
	case env.Send:
		p.send(b, e)
	case env.Log:
		if w.logs != nil {
			fmt.Fprintf(w.logs, "%v node %d: %s\n", w.now, p.n.index, e.Text)
		}
	case env.Ready:
		p.ready = true
	case env.Stopped:
		if e.Err != nil && w.logs != nil {
			fmt.Fprintf(w.logs, "%v node %d stopped: %v\n", w.now, p.n.index, e.Err)
		}
		p.exited(e.Err)
	}
}

// send delivers a message after a while, now and then a long one; those from one
// machine to another keep their order.
func (p *process) send(b *mailbox, e env.Send) {
	w := p.n.w
	if e.To < 0 || e.To >= len(p.boxes) {
		w.fail("machine %d sends to machine %d, and there are %d", b.index, e.To, len(p.boxes))
		return
	}
	takes := w.between(0, 20*time.Microsecond)
	if w.Rand.IntN(100) == 0 {
		takes = w.between(0, 2*time.Millisecond)
	}
	pair := [2]int{b.index, e.To}
	p.sent[pair] = max(p.sent[pair], w.now+takes)
	w.After(p.sent[pair]-w.now, func() { p.boxes[e.To].post(env.Message{From: b.index, Body: e.Body}) })
}

func (b *mailbox) wake(at time.Duration) {
	b.waking++
	mine := b.waking
	b.p.n.w.After(b.p.born+at-b.p.n.w.now, func() {
		if b.waking == mine {
			b.post(env.Wake{})
		}
	})
}
