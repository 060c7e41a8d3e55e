package sim

import (
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"time"

	"odradek/node/env"
)

// Boot is what a node's process is given when it starts.
type Boot struct {
	Rand        *rand.Rand
	Incarnation int // 0, 1, 2, ...
	Node        int // its place in the world
}

// Maker makes the machines of a node's process.
type Maker func(Boot) []env.Machine

// Node is a computer: its disk stays, its processes come and go.
type Node struct {
	w           *World
	index       int
	make        Maker
	dirs        []string
	disk        *Disk
	slow        time.Duration // added to each disk operation
	full        int           // faults that take the disk's space
	skew        time.Duration // of the wall clock
	drift       time.Duration // that the monotonic clock gains in each second
	dark        bool          // without power since the last process ended
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
	ticking ticking
	boxes   []*mailbox
	conns   map[env.ConnID]*end
	last    env.ConnID // accepted
	lanes   *lanes
	ready   bool
	dead    bool
	frozen  int // faults that let it stand still
	turn    int
	stopped bool
	sent    map[[2]int]time.Duration // when the last message from one machine to another arrives
}

// AddNode makes a node whose disk has these directories, and starts it. Nodes
// are numbered from 0; Addr is where they are reached.
func (w *World) AddNode(make Maker, dirs ...string) *Node {
	n := &Node{w: w, index: len(w.nodes), make: make, dirs: dirs, atOp: map[uint64][]func(){}}
	n.newDisk()
	w.nodes = append(w.nodes, n)
	for _, listener := range []string{Plaintext, Controller} {
		w.addrs[n.Addr(listener)] = address{n, listener}
	}
	n.Start()
	return n
}

func (n *Node) newDisk() {
	n.disk = NewDisk(rand.New(rand.NewPCG(n.w.Rand.Uint64(), uint64(n.index))), n.dirs...)
}

// Place is the node's number, from 0.
func (n *Node) Place() int { return n.index }

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
	n.dark = false
	p := &process{n: n, ticking: ticking{since: n.w.now}, conns: map[env.ConnID]*end{}, sent: map[[2]int]time.Duration{}}
	p.lanes = newLanes(p)
	n.process = p
	seed := rand.New(rand.NewPCG(n.w.Rand.Uint64(), uint64(n.incarnation)))
	var machines []env.Machine
	n.w.guard(func() { machines = n.make(Boot{Rand: seed, Incarnation: n.incarnation, Node: n.index}) })
	for i, m := range machines {
		p.boxes = append(p.boxes, &mailbox{p: p, index: i, machine: m, out: env.NewOutbox(i)})
	}
	for _, b := range p.boxes {
		b.post(env.Started{})
	}
}

// startIn starts a process after a while, unless one has run meanwhile.
func (n *Node) startIn(d time.Duration) {
	down := n.incarnation
	n.w.After(d, func() {
		if n.incarnation == down {
			n.Start()
		}
	})
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
	n.process.end(false)
	n.disk.Crash()
}

// PowerCut ends the process and takes from the disk what was not synced.
func (n *Node) PowerCut() {
	if n.process != nil {
		n.process.lanes.tear()
		n.process.end(true)
	}
	n.dark = true
	n.disk.PowerCut()
}

// Wipe is a PowerCut after which the disk is a new, empty one.
func (n *Node) Wipe() {
	n.PowerCut()
	n.newDisk()
	n.fill(0)
}

// WipeLogs is a PowerCut after which the log directories are empty, and other
// directories are as a power cut leaves them.
func (n *Node) WipeLogs() {
	n.PowerCut()
	n.disk.Empty(DataDir)
}

// Chop is a PowerCut after which a partition's log has lost its end, and some of what
// its own mark says was synced.
func (n *Node) Chop(bit uint64) {
	n.PowerCut()
	n.disk.chop(bit)
}

// end takes the process off the world: nothing that it has under way arrives.
// Others learn of it, or if dark may have to find out.
func (p *process) end(dark bool) {
	p.dead = true
	p.n.process = nil
	p.n.incarnation++
	if w := p.n.w.Watch; w != nil {
		w.Ended(p.n)
	}
	for _, b := range p.boxes {
		p.n.w.guard(b.machine.Discard)
	}
	for _, e := range p.ends() {
		e.die(dark)
	}
}

// ends are the ends of the process's connections, the accepted ones first.
func (p *process) ends() []*end {
	all := make([]*end, 0, len(p.conns))
	for _, id := range slices.Sorted(maps.Keys(p.conns)) {
		all = append(all, p.conns[id])
	}
	return all
}

// exited ends a process that said so itself.
func (p *process) exited(err error) {
	n := p.n
	p.end(false)
	n.disk.Crash()
	if n.Stopped != nil {
		n.Stopped(err)
		return
	}
	if !p.stopped {
		n.startIn(time.Second)
	}
}

func (p *process) carryOut(b *mailbox, e env.Effect) {
	w := p.n.w
	switch e := e.(type) {
	case *env.Disk:
		p.lanes.add(b, e)
	case env.Dial:
		p.dial(b, e)
	case *env.Reply:
		b.reply(e)
	case env.Pause:
		b.pause(e.Conn, true)
	case env.Resume:
		b.pause(e.Conn, false)
	case env.CloseConn:
		b.closeConn(e.Conn)
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
