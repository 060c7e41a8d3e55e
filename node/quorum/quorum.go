package quorum

import (
	"fmt"
	"slices"

	"go.etcd.io/raft/v3"

	"odradek/node/env"
	"odradek/node/storage"
)

// Quorum is one voter's replica. Everything is called from its owner's steps.
type Quorum struct {
	o       Options
	log     *storage.Log
	config  storage.Config
	entries entries
	node    *raft.RawNode // nil: this voter is empty and has not heard of a quorum

	voted    bool               // there is a quorum-state
	left     bool               // there is one, of who was removed
	outvoted int64              // another voter says that this one was removed, before this offset; 0: none does
	observer bool               // what lies in the log is committed
	heard    map[uint64]Voter   // who sent anything, by name in raft
	greeted  map[int32]greeting // while this voter is empty
	ticks    int
	hurry    int  // ticks until a campaign, because the leader is suspect; 0: none
	founding bool // the first checkpoint is being written

	ready   raft.Ready // is being made durable
	working bool
	until   int64 // the log's end with it; -1: not written yet

	voters   []Voter // as of applied
	applied  uint64
	high     int64  // the offset after what is applied
	foundEnd int64  // the log's end when it was opened
	leading  uint64 // the term in which the owner may propose, 0: none
	end      int64  // while leading: the offset of the next proposal
	changing int64  // while leading: the offset after the last change of voters
	told     leadership
	heardAt  map[uint64]fetch // while leading

	since     int64 // bytes applied since the last snapshot
	capturing bool  // a snapshot is being written
	refused   int64
	failed    error
}

// leadership is what the owner was told last.
type leadership struct {
	leader int32
	epoch  int32
}

// raftConfig is raft's, for a voter.
func (q *Quorum) raftConfig() *raft.Config {
	return &raft.Config{
		ID: q.o.Me.raftID(), Storage: &q.entries, Logger: logger{},
		ElectionTick: electionTicks, HeartbeatTick: heartbeatTicks,
		MaxSizePerMsg: 1 << 20, MaxInflightMsgs: 64, MaxUncommittedEntriesSize: 64 << 20,
		CheckQuorum: checksQuorum(), PreVote: true,
		DisableProposalForwarding: true, StepDownOnRemoval: true,
	}
}

// Start begins: a quorum of one campaigns at once.
func (q *Quorum) Start(now env.Time, out *env.Outbox) {
	if q.entries.snapshot != nil {
		q.run(now, out)
		return
	}
	q.greet(now, out)
}

// run lets raft begin with what is on disk.
func (q *Quorum) run(now env.Time, out *env.Outbox) {
	q.begun()
	q.guard(now, out, func() error {
		node, err := raft.NewRawNode(q.raftConfig())
		if err != nil {
			return err
		}
		q.node = node
		if len(q.voters) == 1 && contains(q.voters, q.o.Me) {
			return node.Campaign()
		}
		return nil
	})
	q.drive(now, out)
}

// Observing tells whether this node is no voter: it never was one and another is
// not empty, or it was Removed and Outvoted. It may then Leave and be closed,
// LeaveVote called, and an Observer opened in its directory until that one's Voters
// have it.
func (q *Quorum) Observing() bool {
	if q.node == nil || q.failed != nil || q.working || q.capturing || q.leading != 0 {
		return false
	}
	return q.isOut() || !q.voted && !q.mayBeNamed()
}

// Removed tells whether a voter has applied its own removal.
func (q *Quorum) Removed() bool {
	return q.node != nil && q.voted && len(q.voters) > 0 && !q.mayBeNamed()
}

// mayBeNamed tells whether this node is a voter, or becomes one with what is in its log.
func (q *Quorum) mayBeNamed() bool {
	return contains(q.voters, q.o.Me) || slices.ContainsFunc(q.entries.list, func(e *entry) bool {
		return contains(e.voters, q.o.Me) && e.raft.GetIndex() > q.applied
	})
}

// Tick is to be called every TickInterval.
func (q *Quorum) Tick(now env.Time, out *env.Outbox) {
	q.ticks++
	switch {
	case q.failed != nil:
	case q.node != nil:
		q.guard(now, out, func() error { q.node.Tick(); return q.campaignSoon() })
		q.drive(now, out)
	case q.ticks%heartbeatTicks == 0:
		q.greet(now, out)
	}
}

// Drained ends a batch of events: what was appended is synced.
func (q *Quorum) Drained(now env.Time, out *env.Outbox) {
	if q.failed == nil {
		q.log.Drained(now, out)
	}
}

// LogAdvanced makes the Quorum the owner of its storage.Log.
func (q *Quorum) LogAdvanced(now env.Time, out *env.Outbox) {
	switch {
	case q.observer:
		q.replay(now, out)
	case q.durable():
		q.complete(now, out)
		q.drive(now, out)
	}
}

// LogFailed ends the voter: after a failure nobody knows what is on disk.
func (q *Quorum) LogFailed(now env.Time, err error, out *env.Outbox) { q.fail(now, err, out) }

// fail stops for good.
func (q *Quorum) fail(now env.Time, err error, out *env.Outbox) {
	if q.failed != nil || q.log == nil {
		return
	}
	q.failed = fmt.Errorf("%w: %w", ErrFailed, err)
	q.o.Owner.Failed(now, q.failed, out)
}

// Failed is why the voter has stopped, or nil.
func (q *Quorum) Failed() error { return q.failed }

// Close saves the log, so that the next start has little to read, and closes it.
// The Quorum takes nothing more.
func (q *Quorum) Close(t *env.Task) error {
	if q.failed == nil {
		q.failed = fmt.Errorf("%w: it is closed", ErrFailed)
	}
	return q.log.Close(t)
}
