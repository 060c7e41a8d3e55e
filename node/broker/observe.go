package broker

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/quorum"
	"odradek/node/wire"
)

// A node without a vote pulls what is committed from one that has it:
//
//	observer: MetadataPull{from} -> voter: batches, or the snapshot -> kept, durable -> Committed

// How a pull goes: as a follower's fetch.
const (
	pullWait     = 500 * time.Millisecond
	pullPatience = 5 * time.Second
	pullPause    = 100 * time.Millisecond
	pullBytes    = 1 << 20

	shyLeast = 2 * time.Second
	shyMost  = time.Minute
)

// metadataReplica is what voters and observers have in common.
type metadataReplica interface {
	Drained(env.Time, *env.Outbox)
	BytesSinceSnapshot() int64
	TakeSnapshot(env.Time, *env.Outbox) error
	Close(*env.Task) error
}

// puller keeps an observer's log up to date.
type puller struct {
	c      *controller
	log    *quorum.Observer
	links  map[string]*link // by address
	from   int              // of the voters, by turns
	shy    time.Duration    // how long it keeps away from the leader when that fails
	until  time.Duration    // when that time is over
	goal   int64            // the high watermark of the first answer; -1: there was none
	asking bool
	over   bool
}

func (p *puller) pull() {
	if p.asking || p.over || p.c.ended {
		return
	}
	p.asking = true
	req := &wire.MetadataPullRequest{ClusterID: p.c.image.ClusterID, NodeID: p.c.node.config.NodeID, DirectoryID: p.c.home,
		MaxBytes: pullBytes, WaitMillis: int32(pullWait.Milliseconds())}
	var ok bool
	if req.FromOffset, ok = p.log.Next(); !ok {
		req.FromOffset = -1
	}
	from, leads := p.source()
	from.ask(req, pullPatience, func(resp kmsg.Response, err error) {
		p.asking = false
		if p.over {
			return // this node votes by now: raft tells it who leads, and this answer may be older
		}
		if err == nil {
			err = p.take(resp.(*wire.MetadataPullResponse))
		}
		switch {
		case err != nil && leads:
			p.shy = min(max(2*p.shy, shyLeast), shyMost)
			p.until = p.c.now.Mono + p.shy
		case err != nil:
			p.from++
		case leads:
			p.shy = 0
		}
		if err == nil {
			p.pull()
			return
		}
		p.c.after(pullPause, p.pull)
	})
}

// source is who decides, for whom it is to know how far this node is; unless that
// one failed just now. Then it is one voter after the other, and one door after the
// other: all voters that this node knew may have been replaced.
func (p *puller) source() (l *link, leads bool) {
	var all []string
	for _, v := range p.c.electorate() {
		if v.ID == p.c.leader && p.c.now.Mono >= p.until {
			return p.linkTo(address(v)), true
		}
		all = append(all, address(v))
	}
	all = append(all, p.c.node.config.Bootstrap...)
	return p.linkTo(all[p.from%len(all)]), false
}

// linkTo is a connection for pulls alone: a heartbeat behind one would wait until
// there is something to pull.
func (p *puller) linkTo(at string) *link {
	if p.links[at] == nil {
		p.links[at] = p.c.link(func() string { return at })
	}
	return p.links[at]
}

func (p *puller) take(resp *wire.MetadataPullResponse) error {
	if resp.ErrorCode != 0 {
		return codeError(resp.ErrorCode)
	}
	c := p.c
	if resp.LeaderID != c.leader {
		c.leader, p.shy, p.until = resp.LeaderID, 0, 0
		c.life.hurry()
	}
	if p.goal < 0 {
		p.goal = resp.HighWatermark
	}
	var err error
	if resp.Snapshot {
		err = p.log.Install(c.now, resp.SnapshotEnd, resp.SnapshotEpoch, resp.Payload, c.out)
	} else {
		err = p.log.Append(c.now, resp.Payload, c.out)
	}
	if err != nil && !errors.Is(err, quorum.ErrBusy) {
		c.out.Logf(env.Warn, "pulling metadata: %v", err)
	}
	c.beginShards()
	return err
}

func (p *puller) caughtUp() bool { return p.goal >= 0 && p.log.HighWatermark() >= p.goal }

// pulling is a pull that waits for something to be committed.
type pulling struct {
	c    *controller
	req  *wire.MetadataPullRequest
	done func(kmsg.Response)
}

// answerPull gives an observer what it lacks, or lets it wait for it.
func (c *controller) answerPull(req *wire.MetadataPullRequest, done func(kmsg.Response)) {
	p := &pulling{c, req, done}
	if c.quorum != nil && req.ClusterID == c.image.ClusterID {
		c.noteFollower(req)
	}
	if resp := p.look(); resp != nil {
		done(resp)
		return
	}
	c.pulls = append(c.pulls, p)
	c.timers.Set(p, c.now.Mono+min(time.Duration(req.WaitMillis)*time.Millisecond, pullPatience))
}

// look is the answer, or nil while there is nothing new.
func (p *pulling) look() *wire.MetadataPullResponse {
	c := p.c
	resp := &wire.MetadataPullResponse{LeaderID: c.leader}
	switch {
	case p.req.ClusterID != c.image.ClusterID:
		resp.ErrorCode = kerr.InconsistentClusterID.Code
		return resp
	case c.quorum == nil:
		resp.ErrorCode = kerr.NotController.Code
		return resp
	}
	d := c.quorum.Describe(c.now)
	resp.LeaderEpoch, resp.HighWatermark = d.Epoch, d.HighWatermark
	batches, err := c.quorum.ReadCommitted(p.req.FromOffset, int(max(p.req.MaxBytes, 0)))
	if err == nil {
		resp.Payload = batches
		return p.unlessEmpty(resp)
	}
	var ok bool
	resp.SnapshotEnd, resp.SnapshotEpoch, resp.Payload, ok = c.quorum.Snapshot()
	if resp.Snapshot = true; !ok {
		return nil
	}
	return resp
}

func (p *pulling) unlessEmpty(resp *wire.MetadataPullResponse) *wire.MetadataPullResponse {
	if len(resp.Payload) == 0 {
		return nil
	}
	return resp
}

// fired: the time is up; who decides is news, too.
func (p *pulling) fired() {
	p.c.pulls = slices.DeleteFunc(p.c.pulls, func(x *pulling) bool { return x == p })
	resp := p.look()
	if resp == nil {
		d := p.c.quorum.Describe(p.c.now)
		resp = &wire.MetadataPullResponse{LeaderID: p.c.leader, LeaderEpoch: d.Epoch, HighWatermark: d.HighWatermark}
	}
	p.done(resp)
}

// feedPulls answers those who wait, when something was committed.
func (c *controller) feedPulls() {
	all := c.pulls
	c.pulls = nil
	for _, p := range all {
		if resp := p.look(); resp != nil {
			c.timers.Cancel(p)
			p.done(resp)
			continue
		}
		c.pulls = append(c.pulls, p)
	}
}

// turnCoat changes between the two kinds of replica: a voter that lost its storage,
// or was removed, observes until it is added again; an observer that was added votes.
func (c *controller) turnCoat() {
	switch {
	case c.turning || c.ended || c.ending:
	case c.quorum != nil && c.quorum.Observing():
		c.out.Logf(env.Warn, "this node has no vote (any more), or its storage is new and the quorum does not know it: it follows")
		c.reopen(false)
	case c.puller != nil && c.puller.caughtUp() && slices.ContainsFunc(c.puller.log.Voters(), c.isMe):
		c.out.Logf(env.Info, "this node has a vote now")
		c.reopen(true)
	}
}

func (c *controller) isMe(v quorum.Voter) bool {
	return v.ID == c.node.config.NodeID && v.Dir == c.home
}

func (c *controller) reopen(votes bool) {
	old := c.replica()
	if c.puller != nil {
		c.puller.over = true
	}
	c.turning, c.quorum, c.puller = true, nil, nil
	c.start(func(t *env.Task) error {
		if q, ok := old.(*quorum.Quorum); ok {
			if err := q.Leave(t); err != nil {
				return err
			}
		}
		if err := old.Close(t); err != nil {
			return err
		}
		turn := quorum.LeaveVote
		if votes {
			turn = quorum.TakeVote
		}
		if err := turn(t, c.quorumOptions()); err != nil {
			return err
		}
		return c.openLog(t, votes)
	}, func(err error) {
		if c.turning = false; err != nil {
			c.stopped(fmt.Errorf("metadata log: %w", err))
			return
		}
		c.takePart()
	})
}

// replica is this node's of the metadata log; nil while there is none.
func (c *controller) replica() metadataReplica {
	switch {
	case c.quorum != nil:
		return c.quorum
	case c.puller != nil:
		return c.puller.log
	}
	return nil
}

func (c *controller) quorumOptions() quorum.Options {
	me := quorum.Voter{ID: c.node.config.NodeID, Dir: c.home}
	return quorum.Options{
		Dir: c.node.config.MetadataDir() + "/" + metadataLog, ClusterID: c.image.ClusterID, Me: me, Voters: c.voters(me),
		Owner: c, Tasks: &c.tasks, Rand: c.rand,
	}
}

// openLog opens the metadata log of a voter or of an observer.
func (c *controller) openLog(t *env.Task, votes bool) error {
	o := c.quorumOptions()
	if votes {
		q, err := quorum.Open(t, o)
		c.quorum = q
		return err
	}
	log, err := quorum.OpenObserver(t, o)
	if err == nil {
		c.puller = &puller{c: c, log: log, goal: -1, links: map[string]*link{}}
	}
	return err
}

// takePart lets the replica begin.
func (c *controller) takePart() {
	if c.quorum != nil {
		c.quorum.Start(c.now, c.out)
	} else {
		c.puller.pull()
	}
	c.beginShards()
}

func (c *controller) caughtUp() bool {
	if c.quorum != nil {
		return c.quorum.CaughtUp()
	}
	return c.puller != nil && c.puller.caughtUp()
}
