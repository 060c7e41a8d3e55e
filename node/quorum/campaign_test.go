package quorum_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"odradek/faults"
	"odradek/node/quorum"
)

// plan says what befalls a world: safety while the faults go on, then, healed,
// liveness.
type plan struct {
	seed  uint64
	n     int
	ticks int
	kills int // of a hundred ticks, each
	cuts  int // power cuts of one or of all
	wipes int
	parts int
	eio   int
	snaps int
}

// run plays a plan and returns the first violation.
func (p plan) run() (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fmt.Errorf("panic: %v", r)
		}
	}()
	return p.play(newWorld(p.seed, p.n))
}

func (p plan) play(w *world) error {
	w.startAll()
	if !w.until(200, func() bool { return w.leader() != nil }) {
		return errors.Join(w.err, errors.New("no quorum was founded"))
	}
	w.faulty = true
	for range p.ticks {
		w.strike(&p)
		w.propose()
		w.tick(w.rng.IntN(500))
		if w.err != nil {
			return w.err
		}
	}
	return w.heal()
}

// strike lets chance do its work.
func (w *world) strike(p *plan) {
	n := w.nodes[w.rng.IntN(len(w.nodes))]
	chance := func(of int) bool { return w.rng.IntN(100) < of }
	switch {
	case chance(p.kills):
		n.kill(false)
	case chance(p.cuts):
		n.kill(true)
	case chance(p.cuts / 3):
		for _, n := range w.nodes {
			n.kill(true)
		}
	case chance(p.wipes) && w.maywipe(n):
		n.wipe()
		w.marks["wiped"]++
	case chance(p.eio):
		n.disk.Arm([]faults.Kind{faults.EIOSync, faults.EIOWrite}[w.rng.IntN(2)])
	}
	if chance(p.parts) {
		w.part()
	}
	if chance(p.snaps) && n.ready && n.died == nil {
		if err := n.q.TakeSnapshot(w.now, n.out); err != nil && !errors.Is(err, quorum.ErrBusy) && !errors.Is(err, quorum.ErrFailed) {
			w.violate("snapshot: %v", err)
		}
	}
	w.repair()
}

// maywipe tells whether all voters have what they need: then one may lose it.
func (w *world) maywipe(who *node) bool {
	if len(w.nodes) == 1 {
		return false
	}
	l := w.leader()
	if l == nil || w.identities(l) != len(w.nodes) {
		return false
	}
	for _, n := range w.nodes {
		if !n.up || !n.ready || n.died != nil || len(n.state) != len(w.truth) {
			return false
		}
	}
	return true
}

// identities counts the nodes that are voters as who they are.
func (w *world) identities(l *node) (count int) {
	for _, n := range w.nodes {
		if slices.ContainsFunc(l.q.Voters(), func(v quorum.Voter) bool { return v.ID == n.me.ID && v.Dir == n.me.Dir }) {
			count++
		}
	}
	return count
}

// repair starts what is down, sometimes, and lets the leader take back in who
// lost its storage.
func (w *world) repair() {
	for _, n := range w.nodes {
		if n.up && errors.Is(n.died, quorum.ErrLost) {
			w.violate("node %d lost its storage: %v", n.me.ID, n.died)
		}
		switch {
		case n.up && n.died != nil && w.rng.IntN(5) == 0:
			n.kill(false)
		case !n.up && (!w.faulty || w.rng.IntN(3) == 0):
			n.start()
		}
	}
	if l := w.leader(); l != nil && l.died == nil {
		w.readmit(l)
	}
}

func (w *world) readmit(l *node) {
	for _, n := range w.nodes {
		i := slices.IndexFunc(l.q.Voters(), func(v quorum.Voter) bool { return v.ID == n.me.ID })
		var err error
		switch {
		case i < 0:
			err = l.q.AddVoter(w.now, n.me, l.out)
		case l.q.Voters()[i].Dir != n.me.Dir:
			err = l.q.RemoveVoter(w.now, l.q.Voters()[i], l.out)
		}
		l.drained()
		if err != nil && !errors.Is(err, quorum.ErrBusy) && !errors.Is(err, quorum.ErrNotLeader) && !errors.Is(err, quorum.ErrFailed) {
			w.violate("change of voters: %v", err)
		}
	}
}

// part divides the nodes in two, or cuts some of the lines, or heals.
func (w *world) part() {
	w.split = map[[2]int32]bool{}
	if w.rng.IntN(2) == 0 {
		return
	}
	side, lines := w.rng.IntN(1<<len(w.nodes)), w.rng.IntN(2) == 0
	for a := range w.nodes {
		for b := a + 1; b < len(w.nodes); b++ {
			if lines && w.rng.IntN(2) == 0 || !lines && side>>a&1 != side>>b&1 {
				w.split[[2]int32{int32(a + 1), int32(b + 1)}] = true
			}
		}
	}
}

// heal ends all faults: a leader appears, proposals commit, everyone has
// everything, and so has everyone after a restart of all.
func (w *world) heal() error {
	w.faulty, w.split = false, map[[2]int32]bool{}
	for range 2 {
		goal := len(w.acked) + 3
		ok := w.until(300, func() bool {
			w.repair()
			if len(w.acked) < goal {
				w.propose()
				return false
			}
			return w.settled()
		})
		if !ok {
			return errors.Join(w.err, fmt.Errorf("not healed: %d acknowledged of %d, %s", len(w.acked), goal, w.report()))
		}
		for _, n := range w.nodes {
			n.kill(true)
		}
		w.wire = nil
	}
	for value, at := range w.acked {
		if w.truth[at] != value {
			return fmt.Errorf("%q was acknowledged at %d, where there is %q", value, at, w.truth[at])
		}
	}
	return w.err
}

func (w *world) settled() bool {
	l := w.leader()
	for _, n := range w.nodes {
		if !n.ready || n.died != nil || len(n.state) != len(w.truth) {
			return false
		}
	}
	return l != nil && w.identities(l) == len(w.nodes)
}

func (w *world) report() (text string) {
	for _, n := range w.nodes {
		text += fmt.Sprintf("\nnode %v up %v ready %v died %v, %d of %d records", n.me, n.up, n.ready, n.died, len(n.state), len(w.truth))
		if n.ready {
			text += fmt.Sprintf(" %+v", n.q.Describe(w.now))
		}
	}
	return text
}

func drawPlan(t *rapid.T) plan {
	often := func(name string) int { return rapid.SampledFrom([]int{0, 0, 2, 6, 15}).Draw(t, name) }
	return plan{
		seed: rapid.Uint64().Draw(t, "seed"), n: rapid.SampledFrom([]int{1, 3, 3, 5}).Draw(t, "voters"),
		ticks: rapid.IntRange(1, 250).Draw(t, "ticks"), kills: often("kills"), cuts: often("power cuts"),
		wipes: often("wipes"), parts: often("partitions"), eio: often("device errors"), snaps: often("snapshots"),
	}
}

func TestWhatIsCommittedStaysAndAHealedQuorumGoesOn(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := drawPlan(t)
		if err := p.run(); err != nil {
			t.Fatalf("%+v: %v", p, err)
		}
	})
}

func TestASeedGivesTheSameRunTwice(t *testing.T) {
	p := plan{seed: 5, n: 3, ticks: 200, kills: 6, cuts: 6, wipes: 6, parts: 15, eio: 2, snaps: 6}
	var before string
	for range 2 {
		w := newWorld(p.seed, p.n)
		if err := p.play(w); err != nil {
			t.Fatal(err)
		}
		now := fmt.Sprint(w.acked, w.leaders, w.marks)
		for _, n := range w.nodes {
			now += n.disk.Summary()
		}
		if before != "" && now != before {
			t.Fatal("the second run was another")
		}
		before = now
	}
}

// A campaign that does not reach what it is about proves nothing.
func TestTheCampaignReachesWhatItIsAbout(t *testing.T) {
	reached := map[string]int{}
	for seed := range uint64(60) {
		w := newWorld(seed, 3)
		p := plan{n: 3, ticks: 200, kills: 4, cuts: 4, wipes: 6, parts: 10, eio: 2, snaps: 6}
		if err := p.play(w); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		reached["epochs"] += len(w.leaders)
		reached["acknowledged"] += len(w.acked)
		reached["wiped"] += w.marks["wiped"]
		reached["snapshot installed"] += w.marks["snapshot installed"]
		for _, n := range w.nodes {
			reached["cut"] += n.cuts
		}
	}
	t.Log(reached)
	for _, what := range []string{"epochs", "acknowledged", "wiped", "snapshot installed", "cut"} {
		if reached[what] == 0 {
			t.Errorf("never reached: %s", what)
		}
	}
}
