package quorum_test

import (
	cryptorand "crypto/rand"
	"errors"
	"fmt"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"odradek/node/env"
	"odradek/node/quorum"
)

// world is a quorum of voters on simulated disks, and the wire between them.
//
//	voters -> wire (lost, doubled, overtaken) -> voters;   everything Committed -> truth
type world struct {
	rng     *rand.Rand
	now     env.Time
	nodes   []*node
	wire    []letter
	faulty  bool
	split   map[[2]int32]bool // pairs that do not hear one another
	truth   map[int64]string  // what was Committed anywhere, by offset
	leaders map[int32]int32   // node by epoch
	acked   map[string]int64  // proposals known to be committed, and their offsets
	values  int
	marks   map[string]int // how often something was reached
	err     error          // the first violation
}

type letter struct {
	from, to int32
	frame    []byte
}

// node is one voter with its owner. Its state is the list of all records.
type node struct {
	*machine
	w       *world
	me      quorum.Voter
	q       *quorum.Quorum
	up      bool
	ready   bool
	died    error
	state   []string
	end     int64
	epoch   int32 // in which it leads; 0: it does not
	known   int32 // leader
	mine    []proposal
	leading int
}

type proposal struct {
	end   int64
	value string
}

func newWorld(seed uint64, n int) *world {
	w := &world{rng: rand.New(rand.NewPCG(seed, 7)), now: env.Time{Wall: 1_700_000_000_000}, marks: map[string]int{}}
	w.split, w.truth, w.leaders, w.acked = map[[2]int32]bool{}, map[int64]string{}, map[int32]int32{}, map[string]int64{}
	cryptorand.Reader = rand.NewChaCha8([32]byte{byte(seed), byte(seed >> 8), byte(n)})
	for i := range n {
		x := &node{w: w, machine: newMachine(rand.New(rand.NewPCG(seed, uint64(i)+100)))}
		x.me = quorum.Voter{ID: int32(i + 1), Dir: env.NewUUID(w.rng)}
		w.nodes = append(w.nodes, x)
	}
	return w
}

func (w *world) violate(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

func (w *world) configured() (all []quorum.Voter) {
	for _, n := range w.nodes {
		all = append(all, quorum.Voter{ID: n.me.ID, Endpoints: []quorum.Endpoint{{Name: "CONTROLLER", Host: "h", Port: uint16(n.me.ID)}}})
	}
	return all
}

// start begins a process.
func (n *node) start() {
	n.up, n.ready, n.died = true, false, nil
	n.state, n.end, n.epoch, n.known, n.mine, n.q = nil, 0, 0, -1, nil, nil
	n.tasks.Start(n.w.now, n.out, func(t *env.Task) (err error) {
		n.q, err = quorum.Open(t, n.options())
		return err
	}, func(now env.Time, err error, out *env.Outbox) {
		if err != nil {
			n.died = err
			return
		}
		n.ready = true
		n.q.Start(now, out)
	})
}

func (n *node) options() quorum.Options {
	return quorum.Options{Dir: "d/__cluster_metadata-0", ClusterID: "c", Me: n.me, Voters: n.w.configured(),
		Owner: n, Tasks: n.tasks, Rand: n.rng}
}

func (n *node) kill(power bool) {
	if n.up {
		n.die(power)
	}
	n.up, n.ready, n.epoch = false, false, 0
}

// wipe replaces the disk by a new one.
func (n *node) wipe() {
	n.kill(true)
	n.machine = newMachine(n.rng)
	n.me.Dir = env.NewUUID(n.w.rng)
}

// Send puts a frame on the wire.
func (n *node) Send(to int32, frame []byte, _ *env.Outbox) {
	n.w.wire = append(n.w.wire, letter{n.me.ID, to, frame})
}

// Committed compares with what others were told.
func (n *node) Committed(_ env.Time, first int64, records [][]byte, epoch int32, _ *env.Outbox) {
	if first < n.end {
		n.w.violate("node %d was given offset %d after %d", n.me.ID, first, n.end)
	}
	for i, r := range records {
		at := first + int64(i)
		if before, ok := n.w.truth[at]; ok && before != string(r) {
			n.w.violate("offset %d is %q at node %d, and was %q", at, r, n.me.ID, before)
		}
		n.w.truth[at] = string(r)
		n.state = append(n.state, string(r))
	}
	n.end = first + int64(len(records))
	for len(n.mine) > 0 && n.mine[0].end <= n.end && epoch == n.epoch {
		n.w.acked[n.mine[0].value] = n.mine[0].end - 1
		n.mine = n.mine[1:]
	}
	n.complete("Committed")
}

// complete holds that the state is all that was committed below its end.
func (n *node) complete(when string) {
	want := 0
	for at := range n.w.truth {
		if at < n.end {
			want++
		}
	}
	if want != len(n.state) {
		n.w.violate("%s: node %d has %d records below %d, of %d", when, n.me.ID, len(n.state), n.end, want)
	}
}

// Leading holds that there is one leader in an epoch, and it has everything.
func (n *node) Leading(_ env.Time, epoch int32, _ *env.Outbox) {
	if other, ok := n.w.leaders[epoch]; ok && other != n.me.ID {
		n.w.violate("nodes %d and %d both lead epoch %d", other, n.me.ID, epoch)
	}
	if len(n.state) != len(n.w.truth) {
		n.w.violate("node %d leads epoch %d with %d of %d records", n.me.ID, epoch, len(n.state), len(n.w.truth))
	}
	n.w.leaders[epoch] = n.me.ID
	n.epoch, n.known, n.mine = epoch, n.me.ID, nil
	n.leading++
}

// Following forgets what was proposed.
func (n *node) Following(_ env.Time, leader int32, _ int32, _ *env.Outbox) {
	n.epoch, n.known, n.mine = 0, leader, nil
}

// LoadSnapshot replaces the state.
func (n *node) LoadSnapshot(_ env.Time, end int64, _ int32, records iter.Seq[[]byte], _ *env.Outbox) {
	if end < n.end {
		n.w.violate("node %d was given a snapshot of %d after %d", n.me.ID, end, n.end)
	}
	if n.ready {
		n.w.marks["snapshot installed"]++
	}
	n.state, n.end = nil, end
	for r := range records {
		n.state = append(n.state, string(r))
	}
	n.complete("LoadSnapshot")
}

// Snapshot is the whole state.
func (n *node) Snapshot() iter.Seq[[]byte] {
	return func(yield func([]byte) bool) {
		for _, s := range n.state {
			if !yield([]byte(s)) {
				return
			}
		}
	}
}

// Failed notes why the voter stopped. Only its disk may be why.
func (n *node) Failed(_ env.Time, err error, _ *env.Outbox) {
	n.died = err
	if device := (*env.IOError)(nil); !errors.As(err, &device) && !errors.Is(err, env.ErrSkipped) {
		n.w.violate("node %d: %v", n.me.ID, err)
	}
}

// event lets one thing happen at a node or on the wire; false: all is quiet.
func (w *world) event() bool {
	var busy []*node
	for _, n := range w.nodes {
		if n.up && (len(n.out.Effects)+len(n.pending)+len(n.answers) > 0) {
			busy = append(busy, n)
		}
	}
	if len(busy) > 0 && (len(w.wire) == 0 || w.rng.IntN(3) > 0) {
		n := busy[w.rng.IntN(len(busy))]
		n.pump(w.now)
		n.drained()
		return true
	}
	if len(w.wire) == 0 {
		return len(busy) > 0
	}
	w.deliver()
	return true
}

func (n *node) drained() {
	if n.ready {
		n.q.Drained(n.w.now, n.out)
	}
}

func (w *world) deliver() {
	i := 0
	if w.faulty {
		i = w.rng.IntN(min(len(w.wire), 8))
	}
	l := w.wire[i]
	if !w.faulty || w.rng.IntN(20) > 0 { // else it comes once more
		w.wire = slices.Delete(w.wire, i, i+1)
	}
	to := w.nodes[l.to-1]
	lost := w.faulty && w.rng.IntN(10) == 0 || w.split[[2]int32{min(l.from, l.to), max(l.from, l.to)}]
	if lost || !to.up || !to.ready {
		return
	}
	to.q.Receive(w.now, l.frame, to.out)
	to.drained()
}

// tick lets a tick pass, with some events.
func (w *world) tick(events int) {
	w.now.Mono += quorum.TickInterval
	w.now.Wall += int64(quorum.TickInterval / time.Millisecond)
	for _, n := range w.nodes {
		if n.up && n.ready {
			n.q.Tick(w.now, n.out)
			n.drained()
		}
	}
	for range events {
		if !w.event() {
			return
		}
	}
}

const enough = 20_000 // events: until all is quiet

// leader is the node that leads in the largest epoch, nil: none.
func (w *world) leader() (l *node) {
	for _, n := range w.nodes {
		if n.up && n.ready && n.epoch > 0 && (l == nil || n.epoch > l.epoch) {
			l = n
		}
	}
	return l
}

// propose gives every node that thinks it leads something to commit.
func (w *world) propose() {
	for _, n := range w.nodes {
		if !n.up || !n.ready || n.epoch == 0 || w.rng.IntN(2) == 0 {
			continue
		}
		w.values++
		value := fmt.Sprintf("value %d", w.values)
		records := [][]byte{[]byte(value)}
		for i := range w.rng.IntN(3) {
			records = append([][]byte{fmt.Appendf(nil, "%d before %s", i, value)}, records...)
		}
		end, err := n.q.Propose(w.now, records, n.out)
		switch {
		case err == nil:
			n.mine = append(n.mine, proposal{end, value})
		case !errors.Is(err, quorum.ErrNotLeader) && !errors.Is(err, quorum.ErrFailed) && !errors.Is(err, quorum.ErrBusy):
			w.violate("propose: %v", err)
		}
		n.drained()
	}
}

func (w *world) startAll() {
	for _, n := range w.nodes {
		if !n.up {
			n.start()
		}
	}
}

// until lets ticks pass until something is so; false: it did not become so.
func (w *world) until(ticks int, so func() bool) bool {
	for range ticks {
		if w.err != nil || so() {
			return w.err == nil
		}
		w.tick(enough)
	}
	return so()
}
