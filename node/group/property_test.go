package group

import (
	"fmt"
	"reflect"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
	"pgregory.net/rapid"

	"odradek/models"
	"odradek/node/env"
)

// crowd are clients of one group. Each does what it likes, whenever; what they are
// told is held against the specification, and what a coordinator knows against
// what another one reads in its log.
type crowd struct {
	*world
	rt      *rapid.T
	model   *models.Group
	clients []*client
	waiting []pending
	nameOf  map[string]string // of clients, by member id
}

// pending is a request in flight, since when, and what takes its answer.
type pending struct {
	token Token
	since time.Duration
	from  *client
	take  func(resp kmsg.Response)
}

// longest is how long a request may wait: the rebalance timeout of the clients,
// and a little.
const longest = 21 * time.Second

const theGroup = "g"

func TestAGroupIsWhatItsSpecificationSays(t *testing.T) { rapid.Check(t, inCrowd) }

func inCrowd(t *rapid.T) {
	w := newWorld(t)
	w.config.MaxSize = rapid.IntRange(2, 5).Draw(t, "max size")
	w.config.InitialRebalanceDelay = time.Duration(rapid.IntRange(0, 1).Draw(t, "delay")) * 3 * time.Second
	w.config.OffsetsRetentionTick = time.Minute
	w.make("t", 2)
	c := &crowd{world: w, rt: t, model: models.NewGroup(), nameOf: map[string]string{}}
	for i := range rapid.IntRange(1, 4).Draw(t, "clients") {
		c.clients = append(c.clients, newClient(string(rune('a'+i)), i%2 == 1))
	}
	t.Repeat(map[string]func(*rapid.T){
		"act":       func(t *rapid.T) { c.act(c.one(t), c.version(t)) },
		"join":      func(t *rapid.T) { c.joins(c.one(t), c.version(t), rapid.IntRange(0, 3).Draw(t, "news") == 0) },
		"sync":      func(t *rapid.T) { c.syncs(c.one(t)) },
		"heartbeat": func(t *rapid.T) { c.beats(c.one(t), int32(rapid.IntRange(0, 1).Draw(t, "age"))) },
		"commit":    c.commit,
		"leave":     func(t *rapid.T) { c.leaves(c.one(t)) },
		"delete":    func(*rapid.T) { c.deletesGroup() },
		"crash":     c.crash,
		"time":      c.time,
		"load":      func(*rapid.T) { c.reload() },
		"":          func(*rapid.T) { c.check() },
	})
	c.settle(rapid.IntRange(0, 1).Draw(t, "half") == 1)
}

func (c *crowd) one(t *rapid.T) *client { return rapid.SampledFrom(c.clients).Draw(t, "client") }
func (c *crowd) version(t *rapid.T) int16 {
	return rapid.SampledFrom([]int16{5, 7, 9}).Draw(t, "version")
}
func (c *crowd) hold(err error) {
	if err != nil {
		c.rt.Fatal(err)
	}
}

// request hands one in. A client does one thing at a time.
func (c *crowd) request(from *client, req kmsg.Request, take func(resp kmsg.Response)) {
	if from.busy {
		return
	}
	from.busy = true
	c.waiting = append(c.waiting, pending{c.send(req), c.now.Mono, from, take})
	c.answered()
}

// answered takes the answers that are there, in the order in which they came.
// Nobody hears those to clients that are gone.
func (c *crowd) answered() {
	for len(c.order) > 0 {
		token := c.order[0]
		c.order = c.order[1:]
		for i, p := range c.waiting {
			if p.token != token {
				continue
			}
			c.waiting = append(c.waiting[:i:i], c.waiting[i+1:]...)
			c.hear(p)
			break
		}
	}
}

// hear takes an answer. Whose id is in it is known even if the client is gone.
func (c *crowd) hear(p pending) {
	p.from.busy = false
	if joined, ok := c.replies[p.token].(*kmsg.JoinGroupResponse); ok {
		c.nameOf[joined.MemberID] = p.from.name
	}
	if !p.from.gone {
		p.take(c.replies[p.token])
	}
}

// crash replaces a client by its next life, which remembers nothing.
func (c *crowd) crash(t *rapid.T) {
	who := c.one(t)
	who.gone = true
	for i := range c.clients {
		if c.clients[i] == who {
			c.clients[i] = newClient(who.next(), who.static)
		}
	}
}

func (c *crowd) time(t *rapid.T) {
	c.elapse(time.Duration(rapid.IntRange(1, 15_000).Draw(t, "ms")) * time.Millisecond)
}

// elapse lets time go by, in which a group without members and offsets may go.
func (c *crowd) elapse(d time.Duration) {
	_, was := c.c.groups[theGroup]
	c.pass(d)
	c.answered()
	if _, is := c.c.groups[theGroup]; was && !is {
		c.hold(c.model.Swept())
	}
}

// deletesGroup deletes the group if it lets itself be deleted.
func (c *crowd) deletesGroup() {
	if c.deletes(theGroup) == nil {
		c.model.Deleted()
	}
}

// reload changes the coordinator: all that was in flight is lost.
func (c *crowd) reload() {
	for _, p := range c.waiting {
		p.from.busy = false
	}
	c.waiting = nil
	c.load()
	c.model.Lost()
	c.answered()
}

// check holds what is true at any moment.
func (c *crowd) check() {
	req := kmsg.NewPtrOffsetFetchRequest()
	req.Version, req.Group, req.Topics = 5, theGroup, nil
	req.Topics = []kmsg.OffsetFetchRequestTopic{{Topic: "t", Partitions: []int32{0, 1}}}
	for _, p := range ask[*kmsg.OffsetFetchResponse](c.world, req).Topics[0].Partitions {
		c.hold(c.model.Fetched(models.Partition{Topic: "t", Index: p.Partition}, p.Offset))
	}
	c.order = nil
	c.hold(c.wouldReload())
	for _, p := range c.waiting {
		if c.now.Mono-p.since > longest {
			c.rt.Fatalf("%s waits for %v", p.from.name, c.now.Mono-p.since)
		}
	}
}

// wouldReload holds that a coordinator that reads the log knows all offsets, and
// the last complete generation: this one, if no other is under way.
func (w *world) wouldReload() error {
	other := New(&w.config, w.topics, env.Stream(1, 1, "other"))
	if err := w.replay(other); err != nil {
		return err
	}
	if !reflect.DeepEqual(w.c.offsets, other.offsets) {
		return fmt.Errorf("offsets %v become %v", w.c.offsets, other.offsets)
	}
	if !reflect.DeepEqual(w.c.ids(), other.ids()) {
		return fmt.Errorf("groups %v become %v", w.c.ids(), other.ids())
	}
	for _, id := range w.c.ids() {
		if a, ok := w.c.groups[id].(*consumerGroup); ok {
			if x, y := a.durable(), other.groups[id].(*consumerGroup).durable(); !reflect.DeepEqual(x, y) {
				return fmt.Errorf("%+v becomes %+v", x, y)
			}
			continue
		}
		a := w.c.groups[id].(*classic)
		b := other.groups[id].(*classic)
		switch {
		case a.phase == empty || a.phase == stable:
			if x, y := picture(a), picture(b); !reflect.DeepEqual(x, y) {
				return fmt.Errorf("%+v becomes %+v", x, y)
			}
		case b.generation > a.generation || b.phase != empty && b.phase != stable:
			return fmt.Errorf("generation %d becomes %d", a.generation, b.generation)
		}
	}
	return nil
}

// picture is what is durable of a group.
func picture(g *classic) any {
	row := g.describe()
	for i := range row.Members {
		if len(row.Members[i].MemberAssignment) == 0 {
			row.Members[i].MemberAssignment = nil
		}
	}
	return []any{row, g.generation, g.leader, g.since, g.topics}
}

// settle lets time go by: with all clients at work, but one that is told of its
// generation and never syncs, the group becomes stable with those that work, as
// far as there is room.
func (c *crowd) settle(half bool) {
	for range 150 {
		for i, who := range c.clients {
			if half && i == 0 && who.generation >= 0 {
				c.beats(who, 0)
				continue
			}
			c.act(who, 9)
		}
		c.elapse(time.Second)
		c.check()
	}
	if half && len(c.clients) == 1 {
		return
	}
	g, ok := c.c.groups[theGroup].(*classic)
	if !ok || g.phase != stable && !half {
		c.rt.Fatalf("the group is not stable: %+v", g)
	}
	for i, who := range c.clients {
		in := g.members[who.id] != nil && who.synced
		if !in && !(half && i == 0) && len(g.members) < c.config.MaxSize && !half {
			c.rt.Fatalf("%s is not in the group", who.name)
		}
	}
	if half && g.generation == 0 {
		c.rt.Fatal("no generation ever came")
	}
}
