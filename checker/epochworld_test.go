package checker

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// epochWorld is a group of KIP-848 that does what it should: each member moves to
// the newest epoch by itself, gives up first what is no longer its own, and gets
// what others have given up. All is written before it is told.
type epochWorld struct {
	*History
	rng     *rand.Rand
	now     int64
	epoch   int32
	target  []string // of each partition
	members map[string]*epochMember
	clients []*epochClient
	ids     int
	hasty   bool // it does not wait until a partition is given up
}

// epochMember is a member as the group knows it.
type epochMember struct {
	epoch    int32
	assigned []TP
	revoking []TP
	told     string
}

// epochClient is one as it knows itself.
type epochClient struct {
	process int32
	by      Membership
	owned   []TP
	giving  []TP // told to revoke
	since   int64
}

func newEpochWorld(rng *rand.Rand, clients, steps int, hasty bool) *History {
	w := &epochWorld{History: NewHistory(), rng: rng, members: map[string]*epochMember{}, target: make([]string, len(worldParts)), hasty: hasty}
	for i := range clients {
		w.clients = append(w.clients, &epochClient{process: int32(i)})
	}
	for range steps {
		w.now += 1 + rng.Int64N(20)
		c := w.clients[rng.IntN(len(w.clients))]
		if k := rng.IntN(20); k == 0 && c.by.Member != "" { // its session is over, and it does not know
			w.remove(c.by.Member)
		} else if c.since <= w.now {
			w.act(c, k)
		}
	}
	return Merge(w.History) // in order of invocation
}

func (w *epochWorld) act(c *epochClient, k int) {
	switch {
	case c.by.Member == "":
		w.join(c)
	case k < 13:
		w.beat(c)
	case k < 18:
		w.commit(c)
	case k < 19:
		w.leave(c)
	}
}

func (w *epochWorld) takes(c *epochClient) (from, to int64) {
	from = c.since + w.rng.Int64N(w.now-c.since+1)
	c.since = w.now + w.rng.Int64N(30)
	return from, c.since
}

// plan makes a new target: at random, as long as every partition has an owner.
func (w *epochWorld) plan() {
	w.epoch++
	var ids []string
	for id := range w.members {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for p := range w.target {
		w.target[p] = ""
		if len(ids) > 0 {
			w.target[p] = ids[w.rng.IntN(len(ids))]
		}
	}
}

func (w *epochWorld) remove(id string) {
	if w.members[id] != nil {
		delete(w.members, id)
		w.plan()
	}
}

func (w *epochWorld) join(c *epochClient) {
	from, to := w.takes(c)
	w.ids++
	c.by = epoch(fmt.Sprint("m", w.ids, "-", c.process), 0)
	w.members[c.by.Member] = &epochMember{}
	w.plan()
	w.answer(c, w.InvokeAssign(c.process, from, c.by, 1), to)
}

// beat tells what the client has, and is told what it shall have.
func (w *epochWorld) beat(c *epochClient) {
	m := w.members[c.by.Member]
	from, to := w.takes(c)
	if m == nil || m.epoch != c.by.Generation {
		w.Fail(w.InvokeHeartbeat(c.process, from, c.by, 1), to, "FENCED_MEMBER_EPOCH")
		if w.rng.IntN(2) == 0 { // otherwise it goes on, a zombie
			w.Released(c.process, to, c.by)
			*c = epochClient{process: c.process, since: to}
		}
		return
	}
	if len(c.giving) > 0 && w.rng.IntN(2) == 0 {
		w.Released(c.process, from, c.by, c.giving...)
		c.giving = nil
	}
	if len(c.giving) == 0 {
		m.revoking = nil
	}
	if before := m.told; len(m.revoking) == 0 && w.reconcile(c.by.Member, m) != before {
		w.answer(c, w.InvokeAssign(c.process, from, c.by, 1), to)
		return
	}
	w.OK(w.InvokeHeartbeat(c.process, from, c.by, 1), to)
}

// reconcile brings a member nearer to its target.
func (w *epochWorld) reconcile(id string, m *epochMember) string {
	keep := func(tp TP) bool { return w.target[tp.Partition] == id }
	for _, tp := range m.assigned {
		if !keep(tp) {
			m.revoking = append(m.revoking, tp)
		}
	}
	m.assigned = slices.DeleteFunc(slices.Clone(m.assigned), func(tp TP) bool { return !keep(tp) })
	if len(m.revoking) == 0 {
		m.epoch = w.epoch
		for _, tp := range worldParts {
			if keep(tp) && !slices.Contains(m.assigned, tp) && w.free(tp) {
				m.assigned = append(m.assigned, tp)
			}
		}
	}
	return fmt.Sprint(m.epoch, m.assigned)
}

func (w *epochWorld) free(tp TP) bool {
	for _, m := range w.members {
		if slices.Contains(m.assigned, tp) || slices.Contains(m.revoking, tp) && !w.hasty {
			return false
		}
	}
	return true
}

func (w *epochWorld) answer(c *epochClient, id ID, to int64) {
	m := w.members[c.by.Member]
	m.told = w.reconcileOnce(c.by.Member, m)
	c.by.Generation = m.epoch
	for _, tp := range c.owned {
		if !slices.Contains(m.assigned, tp) {
			c.giving = append(c.giving, tp)
		}
	}
	c.owned = slices.Clone(m.assigned)
	w.OKAssign(id, to, Assigned{c.by.Member, m.epoch, c.owned})
}

// reconcileOnce does so for a member that has just joined.
func (w *epochWorld) reconcileOnce(id string, m *epochMember) string {
	if m.epoch == 0 {
		return w.reconcile(id, m)
	}
	return fmt.Sprint(m.epoch, m.assigned)
}

// commit is accepted in the member's epoch, and in an older one of what it has had
// since (KIP-1251).
func (w *epochWorld) commit(c *epochClient) {
	from, to := w.takes(c)
	id := w.InvokeCommit(c.process, from, tp, Commit{c.by, 1, w.now, fmt.Sprint("c", w.Len())})
	m := w.members[c.by.Member]
	if m != nil && (m.epoch == c.by.Generation || slices.Contains(m.assigned, tp) && slices.Contains(c.owned, tp)) {
		w.OK(id, to)
	} else {
		w.Fail(id, to, "STALE_MEMBER_EPOCH")
	}
}

func (w *epochWorld) leave(c *epochClient) {
	from, to := w.takes(c)
	id := w.InvokeLeave(c.process, from, c.by, 1)
	if w.members[c.by.Member] == nil {
		w.Fail(id, to, "UNKNOWN_MEMBER_ID")
	} else {
		w.remove(c.by.Member)
		w.OK(id, to)
	}
	*c = epochClient{process: c.process, since: to}
}

func TestWhatMembersWithEpochsDoIsValid(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		h := newEpochWorld(rngOf(t), rapid.IntRange(1, 5).Draw(t, "clients"), rapid.IntRange(1, 150).Draw(t, "steps"), false)
		if r := CheckBoth(h, Options{}); !r.Valid() {
			t.Fatalf("%v\n%s", r, dump(h))
		}
	})
}

func TestAPartitionThatIsGivenAwayTooSoonIsFound(t *testing.T) {
	found := 0
	for seed := range uint64(100) {
		h := newEpochWorld(rand.New(rand.NewPCG(seed, 1)), 4, 150, true)
		if r := CheckBoth(h, Options{}); r.Count("two-owners") > 0 {
			found++
		}
	}
	if found < 10 {
		t.Errorf("found in %d of 100 histories", found)
	}
}
