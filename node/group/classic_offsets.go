package group

import (
	"errors"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/mutant"
)

// mayCommit lets members commit in their generation, but for the time between
// their join and the leader's assignment; and anybody who names no generation
// while there are no members.
func (g *classic) mayCommit(who committer) (commitCheck, *kerr.Error) {
	switch {
	case who.Generation < 0 && g.phase == empty:
		return nil, nil
	case who.Generation < 0 && who.Member == "" && who.Instance == nil:
		return nil, kerr.UnknownMemberID
	}
	if err := g.known(who.Member, who.Instance); err != nil {
		return nil, err
	}
	stale := who.Generation != g.generation
	if mutant.On("F1") { // a commit of a generation that is over makes offsets go back
		stale = who.Generation > g.generation
	}
	switch {
	case stale:
		return nil, kerr.IllegalGeneration
	case g.phase == completing:
		return nil, kerr.RebalanceInProgress
	}
	return nil, nil
}

func (g *classic) committed(who committer) {
	if m := g.members[who.Member]; m != nil && (g.phase == stable || g.phase == preparing) {
		g.heard(m)
	}
}

func (g *classic) mayFetch(*string, int32) *kerr.Error { return nil }

// mayLoseOffsets: of members who are no consumers nobody knows what they read.
func (g *classic) mayLoseOffsets() *kerr.Error {
	if g.phase != empty && g.typ != consumerType {
		return kerr.NonEmptyGroup
	}
	return nil
}

func (g *classic) mayBeDeleted() *kerr.Error {
	if g.phase != empty {
		return kerr.NonEmptyGroup
	}
	return nil
}

// removable spares a group whose first member is about to join.
func (g *classic) removable() bool { return g.phase == empty && len(g.invited) == 0 }

// expiry begins for a group that had members when the last one left (or at the
// commit, when nobody wrote down that time), for a group of offsets alone at each
// commit, as it does for what stable consumers do not read.
func (g *classic) expiry(o offset) (since int64, useless bool) {
	switch {
	case g.typ == "":
		return o.committed, true
	case g.phase == empty && g.since != noTime:
		return g.since, true
	case g.phase == empty, g.phase == stable && g.typ == consumerType && g.topics != nil:
		return o.committed, true
	}
	return 0, false
}

// subscribed tells whether consumers read a topic; what is not known they may.
func (g *classic) subscribed(topic string) bool {
	if g.topics == nil {
		return g.typ == consumerType
	}
	return g.topics[topic]
}

// subscribe looks up what the members of the generation subscribe to.
func (g *classic) subscribe() {
	g.topics = nil
	if g.typ != consumerType || g.protocol == nil && len(g.members) > 0 {
		return
	}
	topics := map[string]bool{}
	for _, id := range g.ids() {
		names, err := subscription(g.members[id].metadata(g.protocol))
		if err != nil {
			return
		}
		for _, name := range names {
			topics[name] = true
		}
	}
	g.topics = topics
}

// subscription reads the topics of a consumer's metadata. All versions begin as
// the first one does, and more is not asked.
func subscription(metadata []byte) ([]string, error) {
	if len(metadata) < 2 {
		return nil, errors.New("no version of a subscription")
	}
	var v kmsg.ConsumerMemberMetadata
	err := v.ReadFrom(slices.Concat([]byte{0, 0}, metadata[2:]))
	return v.Topics, err
}
