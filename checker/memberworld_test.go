package checker

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"pgregory.net/rapid"
)

// classicWorld is a group of the classic protocol that does what Kafka's does, and
// members that may be slow, forgotten or out of date. What is written survives a
// change of coordinator, and nothing else: a member that has left is back if no
// generation was written since. The coordinator before goes on answering out of
// its memory what needs no writing.
type classicWorld struct {
	*History
	rng     *rand.Rand
	now     int64
	written *classicView
	leader  *classicView
	deposed *classicView
	clients []*classicClient
	ids     int
	plant   string // what it does wrong
}

// classicView is what a coordinator thinks of its group.
type classicView struct {
	node       int64
	generation int32
	members    map[string][]TP
	offset     int64
	metadata   string
}

func (v *classicView) copy(node int64) *classicView {
	c := *v
	c.node, c.members = node, map[string][]TP{}
	for id, owned := range v.members {
		c.members[id] = owned
	}
	return &c
}

type classicClient struct {
	process int32
	by      Membership
	since   int64 // it is busy until then
}

var worldParts = []TP{{"t", 0}, {"t", 1}, {"t", 2}}

func newClassicWorld(rng *rand.Rand, clients, steps int, plant string) *History {
	w := &classicWorld{History: NewHistory(), rng: rng, leader: &classicView{node: 1, members: map[string][]TP{}, offset: Unknown}, plant: plant}
	w.written = w.leader.copy(0)
	for i := range clients {
		w.clients = append(w.clients, &classicClient{process: int32(i), by: nobody})
	}
	for range steps {
		w.now += 1 + rng.Int64N(20)
		c := w.clients[rng.IntN(len(w.clients))]
		switch k := rng.IntN(20); {
		case k < 3:
			w.rebalance()
		case k == 3:
			w.elect()
		case c.since > w.now:
		case k < 10:
			w.commit(c)
		case k < 14:
			w.beat(c)
		case k < 15:
			w.leave(c)
		case k < 16:
			w.again(c)
		case k < 18:
			w.ask(c)
		default:
			w.outside()
		}
	}
	return Merge(w.History) // in order of invocation
}

// takes lets a client begin an operation that takes effect now, and end it.
func (w *classicWorld) takes(c *classicClient) (from, to int64) {
	from = c.since + w.rng.Int64N(w.now-c.since+1)
	c.since = w.now + w.rng.Int64N(30)
	return from, c.since
}

// elect gives the group a new coordinator, which reads what was written.
func (w *classicWorld) elect() {
	w.deposed, w.leader = w.leader, w.written.copy(w.leader.node+1)
	switch w.plant {
	case "committed-vanished":
		w.leader.offset, w.leader.metadata = Unknown, ""
	case "phantom-commit":
		w.leader.offset, w.leader.metadata = 0, ""
	}
}

// rebalance makes a generation of those who happen to be there.
func (w *classicWorld) rebalance() {
	v := w.leader
	v.generation++
	v.members = map[string][]TP{}
	var joined []*classicClient
	for _, c := range w.clients {
		if c.since <= w.now && w.rng.IntN(3) > 0 {
			joined = append(joined, c)
		}
	}
	for i, c := range joined {
		from, to := w.takes(c)
		if c.by.Member != "" {
			w.Released(c.process, from, c.by)
		}
		id := w.InvokeAssign(c.process, from, c.by, v.node)
		w.ids++
		c.by = as(fmt.Sprint("m", w.ids, "-", c.process), v.generation)
		var owned []TP
		for p := i; p < len(worldParts); p += len(joined) {
			owned = append(owned, worldParts[p])
		}
		if w.plant == "two-owners" {
			owned = worldParts
		}
		v.members[c.by.Member] = owned
		if w.rng.IntN(8) > 0 {
			w.OKAssign(id, to, Assigned{c.by.Member, c.by.Generation, owned})
		} else {
			c.by = nobody // it died
		}
	}
	w.written = v.copy(0)
}

func (w *classicWorld) in(v *classicView, c *classicClient) bool {
	_, there := v.members[c.by.Member]
	return there && v.generation == c.by.Generation || w.plant == "fenced-commit"
}

func (w *classicWorld) commit(c *classicClient) {
	if c.by.Member == "" {
		return
	}
	from, to := w.takes(c)
	id := w.InvokeCommit(c.process, from, tp, Commit{c.by, w.leader.node, w.now, fmt.Sprint("c", w.Len())})
	w.end(id, to, w.in(w.leader, c))
}

// end accepts a commit or refuses it, and now and then nobody learns of that.
func (w *classicWorld) end(id ID, to int64, accepted bool) {
	op := w.Op(id)
	if accepted && (w.plant != "lost-commit" || w.rng.IntN(10) > 0) || !accepted && w.plant == "refused-commit-read" {
		for _, v := range []*classicView{w.leader, w.written} {
			v.offset, v.metadata = op.Offset, op.Metadata
		}
	}
	switch {
	case w.rng.IntN(5) == 0:
		w.Maybe(id, to, "timeout")
	case accepted:
		w.OK(id, to)
	default:
		w.Fail(id, to, "ILLEGAL_GENERATION")
	}
}

// any is a coordinator that answers what needs no writing.
func (w *classicWorld) any() *classicView {
	if w.deposed != nil && w.rng.IntN(3) == 0 {
		return w.deposed
	}
	return w.leader
}

func (w *classicWorld) beat(c *classicClient) {
	if c.by.Member == "" {
		return
	}
	v := w.any()
	from, to := w.takes(c)
	id := w.InvokeHeartbeat(c.process, from, c.by, v.node)
	if w.in(v, c) {
		w.OK(id, to)
		return
	}
	w.Fail(id, to, "UNKNOWN_MEMBER_ID")
	if w.rng.IntN(2) == 0 { // otherwise it goes on
		w.Released(c.process, to, c.by)
		c.by = nobody
	}
}

func (w *classicWorld) leave(c *classicClient) {
	if !w.in(w.leader, c) {
		return
	}
	from, to := w.takes(c)
	w.OK(w.InvokeLeave(c.process, from, c.by, w.leader.node), to)
	delete(w.leader.members, c.by.Member)
	if len(w.leader.members) == 0 { // that is written
		w.leader.generation++
		w.written = w.leader.copy(0)
	}
	if w.rng.IntN(2) == 0 { // otherwise it goes on, a zombie
		c.by = nobody
	}
}

// again is a member that joins again and is told what it has, out of memory.
func (w *classicWorld) again(c *classicClient) {
	v := w.any()
	if !w.in(v, c) {
		return
	}
	from, to := w.takes(c)
	w.OKAssign(w.InvokeAssign(c.process, from, c.by, v.node), to, Assigned{c.by.Member, c.by.Generation, v.members[c.by.Member]})
}

func (w *classicWorld) ask(c *classicClient) {
	v := w.any()
	from, to := w.takes(c)
	w.OKCommitted(w.InvokeCommitted(c.process, from, tp, c.by, v.node), to, v.offset, v.metadata)
}

func (w *classicWorld) outside() {
	id := w.InvokeCommit(99, w.now, tp, Commit{nobody, w.leader.node, w.now, fmt.Sprint("c", w.Len())})
	w.end(id, w.now+w.rng.Int64N(30), len(w.leader.members) == 0 || w.plant == "outsider-commit")
}

func TestWhatClassicMembersOfAGroupDoIsValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newClassicWorld(rngOf(t), rapid.IntRange(1, 5).Draw(t, "clients"), rapid.IntRange(1, 150).Draw(t, "steps"), "")
		if r := CheckBoth(h, Options{CoordinatorMayBeDeposed: true}); !r.Valid() {
			t.Fatalf("%v\n%s", r, dump(h))
		}
	})
}

func TestWhatAGroupDoesWrongIsFound(t *testing.T) {
	for _, name := range []string{"committed-vanished", "phantom-commit", "lost-commit", "refused-commit-read", "two-owners", "fenced-commit", "outsider-commit"} {
		found := 0
		for seed := range uint64(100) {
			h := newClassicWorld(rand.New(rand.NewPCG(seed, 1)), 4, 150, name)
			if r := CheckBoth(h, Options{CoordinatorMayBeDeposed: true, Seconds: 1}); r.Count(name) > 0 {
				found++
			}
		}
		t.Logf("%s: in %d of 100", name, found)
		if found < 10 {
			t.Errorf("%s was found in %d of 100 histories", name, found)
		}
	}
}
