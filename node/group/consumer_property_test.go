package group

import (
	"fmt"
	"maps"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
	"pgregory.net/rapid"

	"odradek/node/env"
	"odradek/node/group/assign"
)

// flock is consumers of one group, some of them with the classic protocol, each as
// careless as the network and its machine: answers are lost, processes die, topics
// come and go, and so do coordinators.
type flock struct {
	*world
	all     []*consumer
	born    int
	seen    *consumerGroup // and its epochs then
	epochs  [2]int32
	waiting []waiting
	late    []*lateCommit
}

// lateCommit is a commit that arrives later than it was sent.
type lateCommit struct {
	*kmsg.OffsetCommitRequest
	fenced bool // the sender was taken out in between
}

// waiting is a request that is not answered yet.
type waiting struct {
	token Token
	take  func(resp kmsg.Response)
}

func TestNoPartitionOfAConsumerGroupHasTwoOwners(t *testing.T) { rapid.Check(t, inFlock) }

func inFlock(t *rapid.T) {
	f := &flock{world: newWorld(t)}
	f.times.Assignment = rapid.SampledFrom([]time.Duration{0, time.Second, 5 * time.Second}).Draw(t, "assignment interval")
	f.config.InitialRebalanceDelay = 0
	f.config.MigrationPolicy = rapid.SampledFrom([]string{"bidirectional", "bidirectional", "upgrade", "downgrade", "disabled"}).Draw(t, "policy")
	f.config.ConsumerAssignors = rapid.Permutation([]string{"uniform", "range"}).Draw(t, "assignors")
	f.make("t0", 3)
	t.Repeat(map[string]func(*rapid.T){
		"comes":      func(t *rapid.T) { f.comes(t) },
		"acts":       func(t *rapid.T) { f.one(t).acts() },
		"acts again": func(t *rapid.T) { f.one(t).acts() },
		"is deaf":    func(t *rapid.T) { f.one(t).deaf = true },
		"is slow":    func(t *rapid.T) { f.one(t).slow = true },
		"is stuck":   func(t *rapid.T) { f.one(t).stuck = true },
		"says":       func(t *rapid.T) { f.one(t).subscribes(t) },
		"leaves":     func(t *rapid.T) { f.one(t).leaves(rapid.Bool().Draw(t, "for a while")) },
		"returns":    func(t *rapid.T) { f.one(t).returns() },
		"dies":       func(t *rapid.T) { f.bury(f.one(t)) },
		"commits":    func(t *rapid.T) { f.one(t).commits(t) },
		"sends":      func(t *rapid.T) { f.one(t).sends() },
		"arrives":    f.arrives,
		"topic":      f.topic,
		"time":       func(t *rapid.T) { f.lives(time.Duration(rapid.IntRange(0, 4000).Draw(t, "ms")) * time.Millisecond) },
		"sleep":      func(t *rapid.T) { f.lives(50 * time.Second) },
		"reload":     func(*rapid.T) { f.reload() },
		"":           func(t *rapid.T) { f.check() },
	})
	f.settle()
}

func (f *flock) one(t *rapid.T) *consumer {
	if len(f.all) == 0 {
		f.comes(t)
	}
	return rapid.SampledFrom(f.all).Draw(t, "who")
}

// comes adds a consumer; a static one may be a second life of another.
func (f *flock) comes(t *rapid.T) {
	f.born++
	who := &consumer{f: f, id: fmt.Sprint("m", f.born), topics: []string{"t0"}, old: rapid.Bool().Draw(t, "classic")}
	if rapid.Bool().Draw(t, "static") {
		name := rapid.SampledFrom([]string{"i", "j"}).Draw(t, "instance")
		who.instance = &name
		for _, other := range f.all {
			if deref(other.instance) == name {
				f.bury(other) // there is one process of a name at a time
				break
			}
		}
	}
	who.forget()
	f.all = append(f.all, who)
}

// bury takes a consumer away that says nothing any more.
func (f *flock) bury(who *consumer) {
	f.all = slices.DeleteFunc(f.all, func(o *consumer) bool { return o == who })
	who.dead = true
}

func (f *flock) topic(t *rapid.T) {
	name := rapid.SampledFrom([]string{"t0", "t1", "u"}).Draw(t, "topic")
	old, there := f.topics[name]
	switch {
	case !there:
		f.make(name, rapid.Int32Range(1, 4).Draw(t, "partitions"))
	case old.partitions < 5 && rapid.Bool().Draw(t, "grows"):
		f.topics[name] = topic{old.id, old.partitions + 1}
		f.moved()
	default:
		delete(f.topics, name)
		f.moved()
	}
	f.answered()
}

func (f *flock) lives(d time.Duration) {
	f.pass(d)
	f.answered()
}

func (f *flock) reload() {
	f.waiting = nil
	for _, who := range f.all {
		who.news = who.news || who.busy
		who.busy = false
	}
	f.load()
	f.answered()
}

func (f *flock) request(who *consumer, req kmsg.Request, take func(resp kmsg.Response)) {
	who.busy = true
	deaf := who.deaf
	who.deaf = false
	f.waiting = append(f.waiting, waiting{f.send(req), func(resp kmsg.Response) {
		who.busy = false
		switch {
		case deaf:
			who.news = true // as clients do that get no answer: they say all again, to be told all
		case !who.dead:
			take(resp)
		}
	}})
	f.answered()
}

func (f *flock) answered() {
	for again := true; again; {
		again = false
		for i, w := range f.waiting {
			if resp := f.replies[w.token]; resp != nil {
				f.waiting = slices.Delete(f.waiting, i, i+1)
				w.take(resp)
				again = true
				break
			}
		}
	}
}

func (f *flock) group() *consumerGroup {
	g, _ := f.c.groups[theGroup].(*consumerGroup)
	return g
}

// check holds what is true at any moment.
func (f *flock) check() {
	f.t.Helper()
	if err := f.wouldReload(); err != nil {
		f.t.Fatal(err)
	}
	g := f.group()
	if g == nil {
		f.late = nil // it may count its epochs anew
		return
	}
	for _, c := range f.late {
		c.fenced = c.fenced || g.members[c.MemberID] == nil
	}
	if err := g.sound(); err != nil {
		f.t.Fatal(err)
	}
	epochs := [2]int32{g.now.epoch, g.target.epoch}
	if g == f.seen && (epochs[0] < f.epochs[0] || epochs[1] < f.epochs[1]) {
		f.t.Fatalf("the group went back from %v to %v", f.epochs, epochs)
	}
	f.seen, f.epochs = g, epochs
	f.checkOwners(g)
}

// checkOwners holds that a consumer which the group knows reads nothing that is
// not its own there; one that the group does not know cannot commit.
func (f *flock) checkOwners(g *consumerGroup) {
	for _, who := range f.all {
		m := g.members[who.id]
		if m == nil || who.epoch < 0 || m.has.epoch == epochPause || who.old && who.epoch != m.has.epoch {
			continue
		}
		for _, x := range who.owned {
			if _, exists := f.topics.Name(x.topic); exists && !m.has.assigned.has(x) && !m.has.revoking.has(x) {
				f.t.Fatalf("%s reads %v in epoch %d, and has %+v", who.id, x, who.epoch, m.has)
			}
		}
	}
}

// sound holds what a group is at any time.
func (g *consumerGroup) sound() error {
	owners := map[spot]string{}
	if g.target.epoch > g.now.epoch {
		return fmt.Errorf("targets of epoch %d in epoch %d", g.target.epoch, g.now.epoch)
	}
	for _, id := range g.ids() {
		m := g.members[id]
		if m.has.epoch > g.target.epoch {
			return fmt.Errorf("%s is of epoch %d, the targets are of %d", id, m.has.epoch, g.target.epoch)
		}
		for _, x := range slices.Concat(m.has.assigned, m.has.revoking) {
			if other, owned := owners[x.spot]; owned {
				return fmt.Errorf("%s and %s have %v", other, id, x.spot)
			}
			owners[x.spot] = id
			if x.since > m.has.epoch && m.has.epoch != epochPause && m.has.epoch != epochJoin {
				return fmt.Errorf("%s has %v since %d, and is of epoch %d", id, x.spot, x.since, m.has.epoch)
			}
		}
	}
	if !maps.Equal(owners, g.owners) {
		return fmt.Errorf("owners are %v, known as %v", owners, g.owners)
	}
	return nil
}

// durable is what a group that is read from the log has to be.
func (g *consumerGroup) durable() any {
	return []any{g.id, g.now, g.target, g.targets, g.members, g.static, g.owners, g.regexes, g.left, g.oldTopics}
}

// settle lets everybody work, longer than two sessions after one another: the group comes to rest, all that is read has an
// owner, who has what the assignor says.
func (f *flock) settle() {
	for range 80 {
		for _, who := range slices.Clone(f.all) {
			who.acts()
		}
		f.lives(2 * time.Second)
		f.check()
	}
	g := f.group()
	if g == nil {
		return
	}
	if len(g.members) > 0 && g.state() != "Stable" {
		f.t.Fatalf("the group is %s", g.state())
	}
	for _, regex := range g.inUse() {
		if want := f.c.matching(regex); !slices.Equal(want, g.regexes[regex].topics) {
			f.t.Fatalf("%s matches %v, known as %v", regex, want, g.regexes[regex].topics)
		}
	}
	var members []assign.Member
	for _, m := range g.all() {
		members = append(members, assign.Member{ID: m.id, Instance: deref(m.says.instance), Topics: g.readIDs(m), Current: g.targets[m.id]})
	}
	assignor, _ := assign.ByName(g.preferred(g.all()))
	for i, want := range assignor(members, f.topics.Partitions) {
		m := g.members[members[i].ID]
		if !reflect.DeepEqual(spots(want), spots(m.has.assigned.assignment())) {
			f.t.Fatalf("%s shall have %v, and has %v", m.id, want, m.has.assigned)
		}
		if who := f.named(m.id); who != nil && !reflect.DeepEqual(spots(want), sortedSpots(who.owned)) {
			f.t.Fatalf("%s shall have %v, and reads %v", m.id, want, who.owned)
		}
	}
}

func sortedSpots(of []spot) []spot {
	return slices.SortedFunc(slices.Values(of), spot.compare)
}

func (f *flock) named(id string) *consumer {
	for _, who := range f.all {
		if who.id == id {
			return who
		}
	}
	return nil
}

func uuid(name string, w *world) env.UUID { return w.topics[name].id }
