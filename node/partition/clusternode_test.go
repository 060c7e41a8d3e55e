package partition_test

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/partition"
	"odradek/node/storage"
	"odradek/sim"
)

// node is one broker with its replica; life counts its processes.
type node struct {
	world
	c        *cluster
	id       int32
	life     int
	up       bool
	epoch    int64 // broker epoch
	applied  int   // entries of the controller's log
	config   storage.Config
	fetching bool
	lostAt   int   // the entry after which its disk was lost
	high     int64 // high watermark last seen in this life
	saved    int64 // the high watermark that a checkpoint has
	saving   bool
	proposed partition.Proposal // last
	rng      *rand.Rand
}

func newNode(c *cluster, id int32, seed uint64) *node {
	n := &node{c: c, id: id, lostAt: -1, config: storage.DefaultConfig(), rng: rand.New(rand.NewPCG(seed, uint64(id)))}
	n.config.SegmentBytes, n.config.IndexInterval = 400, 100
	n.disk = sim.NewDisk(n.rng, "d")
	return n
}

func (n *node) ready() bool { return n.up && n.p != nil && n.p.Log() != nil }

// start is a new process: it opens its log.
func (n *node) start(epoch int64) {
	n.life++
	n.up, n.epoch, n.fetching, n.saving, n.high, n.applied, n.proposed = true, epoch, false, false, -1, 0, partition.Proposal{}
	n.out, n.tasks, n.pending, n.failed = env.NewOutbox(0), env.Tasks{}, nil, map[env.Op]bool{}
	n.p = partition.New(n.id)
	n.p.Replicate(n, maxLag)
	o := storage.Options{Dir: "d/t-0", Config: &n.config, Owner: n.p, Tasks: &n.tasks, Rand: n.rng}
	n.tasks.Start(n.c.now, n.out, func(t *env.Task) error {
		l, report, err := storage.Open(t, o)
		if err != nil {
			return err
		}
		if report.Lost {
			n.c.fail("node %d lost what was synced", n.id)
		}
		n.p.Attach(n.c.now, l)
		return nil
	}, func(_ env.Time, err error, _ *env.Outbox) {
		if errors.Is(err, env.ErrNoSpace) || errors.As(err, new(*env.IOError)) {
			n.c.tell("node %d cannot start: %v", n.id, err)
			n.up = false
			n.life++
			n.disk.Crash()
			return
		}
		if err != nil {
			n.c.fail("node %d: %v", n.id, err)
		}
		if hw, end := n.p.HighWatermark(), n.p.Log().End(); hw < min(n.saved, end) {
			n.c.fail("node %d begins with high watermark %d, it had saved %d", n.id, hw, n.saved)
		}
	})
}

// die ends the process; what is left of the disk is drawn by the caller.
func (n *node) die() {
	n.up = false
	n.life++
	n.tasks.Discard()
}

// AlterPartition and MayFetch make a node the owner of its replica.
func (n *node) AlterPartition(p partition.Proposal) {
	n.c.proposes(n, p)
	n.c.propose(n, p)
}

func (n *node) MayFetch() {}

// replay takes the metadata up to an entry.
func (n *node) replay(to int) {
	if n.applied >= to {
		return
	}
	n.applied = to
	m := n.c.ctl.log[to-1]
	s := m.State
	s.Brokers = func(id int32) (int64, bool) { b := m.brokers[id]; return b.epoch, b.active() }
	n.c.tell("node %d replays metadata %d", n.id, to-1)
	n.p.Apply(n.c.now, s, n.out)
}

// meta is the metadata as the node knows it.
func (n *node) meta() metadata { return n.c.ctl.log[max(n.applied, 1)-1] }

// fetch asks the leader for more.
func (n *node) fetch(size int) {
	f, ok := n.p.Fetch()
	if !ok {
		return
	}
	n.fetching = true
	life, epoch := n.life, n.epoch
	n.c.send(&message{text: fmt.Sprintf("fetch of %d: %+v", n.id, f), arrive: func() {
		n.c.node(f.Leader).serve(n, life, epoch, f, size)
	}, lost: func() { n.hears(life, f, partition.Response{Err: kerr.UnknownServerError}) }})
}

// serve answers a follower.
func (n *node) serve(to *node, life int, epoch int64, f partition.Fetch, size int) {
	if !n.ready() {
		to.hears(life, f, partition.Response{Err: kerr.UnknownServerError})
		return
	}
	view, err := n.p.FollowerFetch(n.c.now, partition.FollowerFetch{
		Replica: to.id, BrokerEpoch: epoch, LeaderEpoch: f.LeaderEpoch, Offset: f.Offset, LastEpoch: f.LastEpoch, LogStart: f.LogStart,
	})
	r := partition.Response{Err: err, High: view.High, Start: view.Start, Diverged: view.Diverged, Epoch: view.Epoch, End: view.End}
	if err == nil && !view.Diverged {
		n.c.counts(n, to.id, epoch, f.LeaderEpoch)
	}
	reply := func() {
		n.c.send(&message{text: fmt.Sprintf("response of %d to %d (%d of epoch %d): error %v, high %d, diverged %v %d %d, %d bytes", n.id, to.id, f.Offset, f.LeaderEpoch, r.Err, r.High, r.Diverged, r.Epoch, r.End, len(r.Records)),
			arrive: func() { to.hears(life, f, r) }, lost: func() { to.hears(life, f, partition.Response{Err: kerr.UnknownServerError}) }})
	}
	if err != nil || view.Diverged {
		reply()
		return
	}
	n.read(f.Offset, size, view.Limit, func(b []byte, err error) { r.Records, r.Err = b, err; reply() })
}

// read reads the log as a fetch does.
func (n *node) read(from int64, size int, limit int64, done func([]byte, error)) {
	slice, ok, err := n.p.Log().Read(from, size, limit, true)
	if ok && n.c.draw(3, "slow") > 0 || err != nil {
		b, err2 := n.bytes(slice)
		done(b, errors.Join(err, err2))
		return
	}
	n.tasks.Start(n.c.now, n.out, func(t *env.Task) error {
		slice, err = n.p.Log().ReadSlow(t, from, size, limit, true)
		return nil
	}, func(env.Time, error, *env.Outbox) {
		b, err2 := n.bytes(slice)
		done(b, errors.Join(err, err2))
	})
}

func (n *node) bytes(s storage.Slice) (all []byte, err error) {
	for _, p := range s.Parts {
		done := n.disk.Do(&env.Disk{Kind: env.Read, File: p.File, Off: p.Off, Len: p.Len})
		all, err = append(all, done.Data...), done.Err
	}
	return all, err
}

// hears takes a response, if the process still lives that asked.
func (n *node) hears(life int, f partition.Fetch, r partition.Response) {
	if n.life != life || !n.ready() {
		return
	}
	n.fetching = false
	err := n.p.Fetched(n.c.now, f, r, n.out)
	switch {
	case err == partition.ErrStale:
		n.c.reached["stale response"]++
	case r.Diverged:
		n.c.reached["truncated"]++
	case r.Err == kerr.OffsetOutOfRange:
		n.c.reached["began anew"]++
	}
	if m := n.meta(); f.LeaderEpoch != m.LeaderEpoch && !n.c.blind && err != partition.ErrStale {
		n.c.fail("node %d takes a response for leader epoch %d, it is in %d", n.id, f.LeaderEpoch, m.LeaderEpoch)
	}
	if err != nil {
		n.c.tell("node %d: %v", n.id, err)
	}
}

// save checkpoints the log, or its high watermark alone.
func (n *node) save(job func(*env.Task) error) {
	if n.saving {
		return
	}
	n.saving = true
	life, hw := n.life, n.p.HighWatermark()
	n.tasks.Start(n.c.now, n.out, job, func(_ env.Time, err error, _ *env.Outbox) {
		if n.life != life {
			return
		}
		n.saving = false
		if err == nil && n.p.Log().End() > n.p.Log().Start() {
			n.saved = max(hw, 0)
		}
	})
}
