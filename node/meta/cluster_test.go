package meta

import (
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"odradek/node/config"
	"odradek/node/env"
)

// world is a cluster around a controller, reduced to what the controller's
// decisions depend on, and what is really so: which processes run, where replicas
// lie, and who holds all committed records.
type world struct {
	t        *rapid.T
	im       *Image
	c        *Controller
	settings *config.Broker
	now      time.Duration
	procs    map[int32]*proc
	next     int // for ids never used before

	past  []moment
	lies  map[replica]env.UUID       // in which directory a replica really is
	holds map[partKey]map[int32]bool // whose storage has all that is committed
	since map[partKey]int32          // leader epoch of the last election that may have lost records
	given int64                      // producer ids below were given to somebody
}

type replica struct {
	part partKey
	id   int32
}

// proc is the newest process of a broker. Until it is registered it does nothing.
type proc struct {
	incarnation env.UUID
	epoch       int64 // -1: not registered yet
	dirs        []env.UUID
	offline     []env.UUID
	lost        []env.UUID // whose storage was lost with this restart
	lossy       []env.UUID // told as such
	seen        int        // the last of the moments that it has replayed
	asked       []asked
}

// moment is what the image said of all partitions after a decision, for those who
// are behind.
type moment struct {
	version int64
	parts   map[partKey]Partition
	least   map[partKey]int // min.insync.replicas
}

// asked is an ISR that a leader asked for and got, at a moment that it has perhaps
// not replayed yet: until then both count.
type asked struct {
	part   partKey
	isr    []int32
	moment int
}

var settingsOfCluster = func() *config.Broker {
	list := []config.Setting{{Key: "node.id", Value: "1"}, {Key: "process.roles", Value: "broker,controller"}}
	b, _, err := config.Load(list, nil)
	if err != nil {
		panic(err)
	}
	return b
}

func newWorld(t *rapid.T) *world {
	w := &world{
		t: t, im: NewImage(), settings: settingsOfCluster(), procs: map[int32]*proc{},
		lies: map[replica]env.UUID{}, holds: map[partKey]map[int32]bool{}, since: map[partKey]int32{},
	}
	w.takeOver(t)
	w.commit(Bootstrap(1))
	for id := int32(1); id <= 5; id++ {
		w.procs[id] = &proc{epoch: -1, incarnation: w.uuid(), dirs: []env.UUID{w.uuid()}}
		if id <= 2 {
			w.procs[id].dirs = append(w.procs[id].dirs, w.uuid())
		}
		w.register(id)
		w.beat(id, false, false, false)
	}
	for _, topic := range []struct {
		name     string
		replicas int16
		least    string
		unclean  string
	}{{"a", 3, "2", "false"}, {"b", 2, "1", "false"}, {"c", 3, "1", "true"}, {"d", 4, "3", "false"}} {
		req := newTopic(topic.name, 1, topic.replicas)
		req.Configs = configsOf("min.insync.replicas", topic.least, "unclean.leader.election.enable", topic.unclean)
		records, resp := w.c.CreateTopics(createRequest(req))
		if resp.Topics[0].ErrorCode != 0 {
			t.Fatalf("%+v", resp.Topics[0])
		}
		w.commit(records)
	}
	return w
}

func (w *world) uuid() env.UUID {
	w.next++
	return env.UUID{0: 9, 14: byte(w.next >> 8), 15: byte(w.next)}
}

// commit replays records as all nodes would read them.
func (w *world) commit(records []Record) {
	for _, r := range records {
		read, err := Decode(Encode(nil, r))
		if err != nil {
			w.t.Fatal(err)
		}
		replay(w.t, w.im, read)
	}
	for t := range w.im.Topics() {
		for i := range t.Partitions {
			w.settle(t, &t.Partitions[i])
		}
	}
	now := moment{w.im.Version(), w.states(), map[partKey]int{}}
	d := w.c.draft()
	for t := range w.im.Topics() {
		for i := range t.Partitions {
			now.least[partKey{t.ID, int32(i)}] = d.topic(t.Name).MinInsyncReplicas
		}
	}
	w.past = append(w.past, now)
}

// replays lets a process replay what is committed, or a part of it.
func (w *world) replays(p *proc, part bool) {
	last := len(w.past) - 1
	if p.seen = min(p.seen, last); part {
		last = rapid.IntRange(p.seen, last).Draw(w.t, "replayed")
	}
	p.seen = last
}

// view is a partition as a process knows it.
func (w *world) view(id int32, key partKey) Partition { return w.past[w.procs[id].seen].parts[key] }

// fetches tells whether a replica fetches from the leader in its epoch.
func (w *world) fetches(key partKey, id, leader, epoch int32) bool {
	v := w.view(id, key)
	return w.alive(key, id) && v.Leader == leader && v.LeaderEpoch == epoch && slices.Contains(v.Replicas, id)
}

// alive tells whether a process that once was registered has the replica.
func (w *world) alive(key partKey, id int32) bool {
	p := w.procs[id]
	return p.epoch >= 0 && !slices.Contains(p.offline, w.lies[replica{key, id}])
}

// settle gives what is new a place: replicas a directory, partitions their holders
// (of nothing as yet).
func (w *world) settle(t *Topic, p *Partition) {
	key := partKey{t.ID, p.Index}
	if w.holds[key] == nil {
		w.holds[key] = setOf(p.ISR)
	}
	for _, id := range p.Replicas {
		at := replica{key, id}
		if w.lies[at] == (env.UUID{}) {
			dirs := w.procs[id].dirs
			w.lies[at] = dirs[(w.next+int(id))%len(dirs)]
		}
	}
	for at := range w.lies {
		if at.part == key && !slices.Contains(p.Replicas, at.id) {
			delete(w.lies, at)
			delete(w.holds[key], at.id)
		}
	}
}

func setOf(ids []int32) map[int32]bool {
	set := map[int32]bool{}
	for _, id := range ids {
		set[id] = true
	}
	return set
}

// decide lets the controller decide, checks that nothing but its records tells of
// it, commits these, and checks the rules.
func (w *world) decide(may permit, decide func() []Record) {
	before := encoded(w.im)
	records := decide()
	if !slices.Equal(before, encoded(w.im)) {
		w.t.Fatal("a decision changed the image")
	}
	if records == nil {
		return
	}
	was := w.states()
	w.commit(records)
	w.check(was, records, may)
}

// encoded is all that an image holds, cheap to compare.
func encoded(im *Image) (all []byte) {
	for r := range im.Records() {
		all = Encode(all, r)
	}
	return all
}

// states is all partitions as they are.
func (w *world) states() map[partKey]Partition {
	all := map[partKey]Partition{}
	for t := range w.im.Topics() {
		for _, p := range t.Partitions {
			all[partKey{t.ID, p.Index}] = p
		}
	}
	return all
}

// running tells whether the broker's newest process is the registered one.
func (w *world) running(id int32) bool {
	b := w.im.Broker(id)
	return b != nil && b.Epoch == w.procs[id].epoch && b.Incarnation == w.procs[id].incarnation
}

func (w *world) broker() int32 { return rapid.Int32Range(1, 5).Draw(w.t, "broker") }

func (w *world) partition() (*Topic, *Partition) {
	t := w.im.Topic(rapid.SampledFrom([]string{"a", "b", "c", "d"}).Draw(w.t, "topic"))
	return t, &t.Partitions[rapid.IntRange(0, len(t.Partitions)-1).Draw(w.t, "partition")]
}

// rarely is true once in n times.
func (w *world) rarely(n int, what string) bool {
	return rapid.IntRange(1, n).Draw(w.t, what) == n
}

func inCluster(t *rapid.T) {
	w := newWorld(t)
	step := func(f func()) func(*rapid.T) { return func(t *rapid.T) { w.t = t; f() } }
	t.Repeat(map[string]func(*rapid.T){
		"beat":        step(w.someBeat),
		"beatAll":     step(w.allBeat),
		"replay":      step(w.someReplay),
		"replayAll":   step(w.allReplay),
		"heal":        step(w.heal),
		"writeMore":   step(w.write),
		"shutDown":    step(w.shutDown),
		"pass":        step(w.pass),
		"expire":      step(w.expire),
		"restart":     step(w.restart),
		"register":    step(w.someRegister),
		"takeOver":    w.takeOver,
		"write":       step(w.write),
		"alter":       step(w.alter),
		"alterStale":  step(w.alterStale),
		"lose":        step(w.loseReplica),
		"elect":       step(w.electLeaders),
		"balance":     step(w.balance),
		"reassign":    step(w.reassign),
		"grow":        step(w.grow),
		"configure":   step(w.configure),
		"unregister":  step(w.unregister),
		"assignDirs":  step(w.assignDirs),
		"producerIDs": step(w.producerIDs),
		"":            func(*rapid.T) {},
	})
}

func TestWhateverHappensInAClusterItsLawHolds(t *testing.T) { rapid.Check(t, inCluster) }
