package broker

import (
	"math/rand/v2"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/group"
	"odradek/node/meta"
	"odradek/node/record"
	"odradek/node/storage"
)

// shard owns connections and partitions. It is a machine of the node: index 1
// and up.
type shard struct {
	machine
	node     *node
	rand     *rand.Rand
	codecs   *record.Compressor
	image    *meta.Image
	versions versions
	process  env.UUID       // incarnation of this process
	config   *config.Broker // the node's, under the dynamic configs of brokers

	conns     map[env.ConnID]*conn
	topics    map[env.UUID]*topic
	replicas  map[partitionKey]*replica
	inOrder   []*replica            // all of them, by their keys; nil: to be sorted anew
	leaving   map[partitionKey]bool // their directories are being deleted
	fetchers  map[int32]*fetcher    // by the node they follow
	elections []*electing           // Metadata requests that wait
	loader    loader
	dirty     []*replica // logs with something to sync
	astir     astir      // replicas that chores look at
	unsaved   int64      // bytes past recovery points, as last weighed
	parked    []parked   // questions of askers who have seen newer metadata
	watches   map[watchKey]*watch
	fetches   map[uint64]*fetch   // gathered here
	remote    map[watchKey]*fetch // gathered here for a connection of any shard
	sessions  sessions
	lastFetch uint64
	local     []any // told to ourselves, for the end of the step
	producers producerIDs
	produced  kmsg.ProduceResponse // used again and again

	coordinators  map[partitionKey]*coordinator
	groups        group.Config
	offsetsLog    offsetsLog
	lastQuestion  uint64 // to a coordinator
	makingOffsets bool   // the offsets topic is asked for

	dirs     []*logDir
	journals []*storage.Journal // of the dirs, in their order; none if they are turned off
	indexes  *storage.IndexBudget
	homes    map[string]*logDir // of partition directories found at the start
	offline  map[string]bool    // log directories, by path
	scrubber scrubber
	repairs  repairs
	giving   throttle      // to followers
	taking   throttle      // from leaders
	saving   bool          // a checkpoint of chores is under way
	still    time.Duration // for how long a log has waited for its disk
	stopping bool
}

type parked struct {
	from int
	q    question
}

func newShard(n *node, index int, rng *rand.Rand) *shard {
	s := &shard{
		node: n, rand: rng, codecs: record.NewCompressor(), image: meta.NewImage(),
		conns:    map[env.ConnID]*conn{},
		topics:   map[env.UUID]*topic{},
		replicas: map[partitionKey]*replica{},
		leaving:  map[partitionKey]bool{},
		fetchers: map[int32]*fetcher{},
		watches:  map[watchKey]*watch{},
		fetches:  map[uint64]*fetch{},
		remote:   map[watchKey]*fetch{},
		offline:  map[string]bool{},

		coordinators: map[partitionKey]*coordinator{},

		indexes: storage.NewIndexBudget(indexBytes),
	}
	s.index = index
	s.loader.s = s
	s.sessions = newSessions(s)
	s.scrubber.s = s
	s.giving.key, s.taking.key = "leader.replication.throttled.rate", "follower.replication.throttled.rate"
	s.repairs = repairs{s: s, links: map[int32]*link{}}
	return s
}

// Step takes one event.
func (s *shard) Step(now env.Time, ev env.Event, out *env.Outbox) {
	s.begin(now, out)
	switch ev := ev.(type) {
	case env.ConnOpened:
		s.opened(ev)
	case env.Dialed:
		s.stood(ev)
	case env.Request:
		if ev.Conn.Dialed() {
			s.heard(ev)
		} else {
			s.received(ev)
		}
	case env.Sent:
		s.sent(ev)
	case env.ConnClosed:
		if ev.Conn.Dialed() {
			s.hungUp(ev)
		} else {
			s.disconnected(ev)
		}
	case env.Message:
		s.message(ev)
	case *env.DiskDone:
		ev.Tag.Completed(now, ev, out)
	case env.Drained:
		s.drained()
	case env.Wake:
		s.waking = 0
	}
	s.settle()
	s.fire()
	s.settle()
	s.out = nil
}

// tell passes something to a shard, this one included, without an answer.
func (s *shard) tell(to int, body any) {
	if to != s.index {
		s.out.Send(to, body)
		return
	}
	s.local = append(s.local, body)
}

// settle carries out what the shard told itself.
func (s *shard) settle() {
	for len(s.local) > 0 {
		body := s.local[0]
		s.local = s.local[1:]
		s.message(env.Message{From: s.index, Body: body})
	}
}

// askShard asks a shard, this one included; done may be called at once.
func (s *shard) askShard(to int, body any, done func(any)) {
	if to == s.index {
		s.serve(s.index, body, done)
		return
	}
	s.ask(to, s.image.Version(), body, done)
}

// serve answers what shards ask one another.
func (s *shard) serve(from int, body any, done func(any)) {
	switch q := body.(type) {
	case appendQuestion:
		s.append(q, done)
	case lookQuestion:
		s.look(from, q, done)
	case fetchQuestion:
		s.fetchFor(from, q, done)
	case offsetsQuestion:
		s.offsets(q, done)
	case epochsQuestion:
		s.epochs(q, done)
	case trimQuestion:
		s.trim(q, done)
	case dirsQuestion:
		s.describeDirs(q, done)
	case configsQuestion:
		done(s.describedConfigs(q.req))
	case pulseQuestion:
		done(s.still < diskPatience)
	case groupQuestion:
		s.askCoordinator(from, q, done)
	case listQuestion:
		s.listHere(from, q, done)
	case stopQuestion:
		s.stop(done)
	}
}

// Discard ends the shard without a word.
func (s *shard) Discard() { s.discard() }

func (s *shard) message(ev env.Message) {
	switch body := ev.Body.(type) {
	case answer:
		s.answered(body)
	case question:
		if body.Version > s.image.Version() {
			s.parked = append(s.parked, parked{ev.From, body})
			return
		}
		s.serve(ev.From, body.Body, s.answerTo(ev.From, body))
	case change:
		s.replay(body)
	case dirOffline:
		s.loseDir(body)
	case fetchMore:
		body.f.wake()
	case alterISR:
		body.ask()
	case woken:
		if f := s.fetches[body.Fetch]; f != nil {
			f.wake()
		}
	case forgotten:
		s.forget(ev.From, body)
	case unwatch:
		s.unwatch(ev.From, body)
	case abandoned:
		if f := s.remote[watchKey{ev.From, body.Fetch}]; f != nil {
			f.cancel()
		}
	}
}

// unpark serves the questions that waited for the metadata just replayed.
func (s *shard) unpark() {
	all := s.parked
	s.parked = nil
	for _, p := range all {
		s.message(env.Message{From: p.from, Body: p.q})
	}
}

// drained ends a batch of events: now syncs are worth their price.
func (s *shard) drained() {
	logs := s.dirty
	s.dirty = s.dirty[:0]
	for _, r := range logs {
		r.dirty = false
		if r.log != nil {
			r.log.Drained(s.now, s.out)
		}
	}
	for _, j := range s.journals {
		j.Drained(s.now, s.out)
	}
}
