package partition

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/mutant"
)

// change is a proposal under way. There is one at a time:
//
//	propose -> asked -> refused -> forgotten, if no earlier attempt can still arrive
//	             ^ |       \-----> else the ISR as it is is proposed: its new
//	             | |               partition epoch shuts out what is on its way
//	             | +----> accepted -> the metadata says so, and only then it is so
//	        Tick +-+ no answer, or of one who does not decide
type change struct {
	proposal Proposal
	joins    int32 // who is in the maximal ISR by it; -1: nobody
	asked    bool  // an attempt has no answer yet, or is accepted
	doubt    bool  // an attempt may yet be carried out
}

func (c *change) holds(id int32) bool { return c != nil && c.joins == id }

// settle ends a change when the partition epoch has moved: it is in the metadata,
// or can never be.
func (l *leading) settle(old, s *State) {
	// A13 (KAFKA-12686): any update of the metadata clears what is in flight.
	if s.PartitionEpoch > old.PartitionEpoch || mutant.On("A13") {
		l.pending = nil
	}
}

// eligible tells whether a replica may join the ISR as far as its broker goes
// (KIP-841, KIP-903).
func (p *Partition) eligible(f *follower) bool {
	epoch, active := p.state.broker(f.id)
	if mutant.On("A11") { // KAFKA-13916: a fenced broker is admitted
		active = true
	}
	return active && (epoch == f.broker || mutant.On("A10"))
}

// expand proposes a follower that has reached the high watermark, and in this
// epoch, and has deleted what was deleted: as a leader it would bring that back.
func (p *Partition) expand(f *follower) {
	if p.leading.pending != nil || slices.Contains(p.state.ISR, f.id) {
		return
	}
	begins := f.start >= p.log.Start() || mutant.On("B33")
	if begins && f.end >= p.hw && f.end >= p.leading.begun && p.eligible(f) {
		p.propose(append(slices.Clone(p.state.ISR), f.id), f.id)
	}
}

// shrink proposes to go on without those who have not been caught up for too long.
func (p *Partition) shrink(now env.Time) {
	stay := slices.DeleteFunc(slices.Clone(p.state.ISR), func(id int32) bool {
		f := p.leading.of(id)
		return f != nil && !f.inSync(now.Mono, p.log.Written(), p.maxLag)
	})
	if len(stay) < len(p.state.ISR) {
		p.propose(stay, -1)
	}
}

func (p *Partition) propose(isr []int32, joins int32) {
	c := &change{joins: joins, proposal: Proposal{LeaderEpoch: p.state.LeaderEpoch, PartitionEpoch: p.state.PartitionEpoch, ISR: p.members(isr)}}
	p.leading.pending = c
	p.askAgain(c)
}

// members gives each its broker epoch: that of its fetch, else as the metadata
// has it.
func (p *Partition) members(isr []int32) []Member {
	all := make([]Member, len(isr))
	for i, id := range isr {
		all[i].ID = id
		all[i].Epoch, _ = p.state.broker(id)
		if f := p.leading.of(id); f != nil && f.broker >= 0 {
			all[i].Epoch = f.broker
		}
		if mutant.On("A10") { // KAFKA-14617: AlterPartition without broker epochs
			all[i].Epoch = -1
		}
	}
	return all
}

func (p *Partition) askAgain(c *change) {
	if c.asked {
		return
	}
	c.asked = true
	p.attempts++
	c.proposal.Attempt = p.attempts
	p.owner.AlterPartition(c.proposal)
}

// Answered takes the controller's answer to a proposal: nil, one of Kafka's
// errors, or any other error for none (a timeout, a lost connection). Success is
// no news: the metadata will tell. What is not refused for certain stays in the
// maximal ISR, and is asked again at the next Tick.
func (p *Partition) Answered(now env.Time, a Proposal, err error) {
	c := p.leading.pending
	if c == nil || c.proposal.Attempt != a.Attempt {
		return
	}
	switch {
	case err == nil, err == kerr.NewLeaderElected: // it is done, the latter by another leader's hand
		p.believe(c)
	case mutant.On("A30"): // KIP-497: no answer is taken for a refusal
		p.leading.pending = nil
	case !refuses(err):
		c.asked, c.doubt = false, true
	case c.doubt:
		c.asked, c.proposal.ISR = false, p.members(p.state.ISR)
	default:
		p.leading.pending = nil
	}
	p.raise(now)
}

// believe is A31 (KAFKA-16540): the leader takes the ISR from a response, ahead
// of the metadata.
func (p *Partition) believe(c *change) {
	if mutant.On("A31") {
		p.state.ISR, p.leading.pending = c.proposal.Ids(), nil
	}
}

// refuses tells whether an answer says for certain that this attempt changes
// nothing, now or later.
func refuses(err error) bool {
	switch err {
	case kerr.FencedLeaderEpoch, kerr.InvalidUpdateVersion, kerr.IneligibleReplica, kerr.NotLeaderForPartition,
		kerr.UnknownTopicOrPartition, kerr.UnknownTopicID, kerr.InvalidRequest, kerr.OperationNotAttempted,
		kerr.StaleBrokerEpoch:
		return true
	}
	return false
}

// mayCommit tells whether enough replicas are in sync for the high watermark to
// move.
func (p *Partition) mayCommit() bool { return !p.short() || mutant.On("A8") } // A8 (KIP-966): it moves on
