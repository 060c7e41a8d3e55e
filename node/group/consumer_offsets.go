package group

import (
	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/mutant"
)

// memberEpochVersion is the version of OffsetCommit in which members with an epoch
// commit.
const memberEpochVersion = 9

// mayCommit lets a member commit in its epoch; in one before, it may for what was
// assigned to it by then (KIP-1251); and anybody may while there are no members.
func (g *consumerGroup) mayCommit(who committer) (commitCheck, *kerr.Error) {
	m := g.members[who.Member]
	switch {
	case who.Generation < 0 && len(g.members) == 0:
		return nil, nil
	case m == nil:
		return nil, kerr.UnknownMemberID
	case m.says.classic == nil && who.Version < memberEpochVersion:
		return nil, kerr.UnsupportedVersion
	case who.Generation == m.has.epoch:
		return nil, nil
	case who.Generation > m.has.epoch:
		return nil, m.wrongEpoch()
	case mutant.On("F1"): // a commit of an epoch that is over makes offsets go back
		return nil, nil
	}
	return func(topic env.UUID, partition int32) *kerr.Error {
		if since, has := m.has.since(spot{topic, partition}); !has || who.Generation < since {
			return m.wrongEpoch()
		}
		return nil
	}, nil
}

// wrongEpoch is how a member's protocol calls an epoch that is not its own.
func (m *consumerMember) wrongEpoch() *kerr.Error {
	if m.says.classic != nil {
		return kerr.IllegalGeneration
	}
	return kerr.StaleMemberEpoch
}

// since is the epoch in which a partition was assigned to the member.
func (v *memberHas) since(x spot) (epoch int32, has bool) {
	for _, h := range []holding{v.assigned, v.revoking} {
		if at, there := h.find(x); there {
			return h[at].since, true
		}
	}
	return 0, false
}

// committed does not prolong a session: heartbeats do.
func (g *consumerGroup) committed(committer) {}

// mayFetch asks a member that names itself for its epoch.
func (g *consumerGroup) mayFetch(member *string, epoch int32) *kerr.Error {
	if member == nil && epoch < 0 {
		return nil
	}
	m := g.members[deref(member)]
	switch {
	case m == nil:
		return kerr.UnknownMemberID
	case m.has.epoch != epoch:
		return m.wrongEpoch()
	}
	return nil
}

// expiry begins at the commit; what members read does not expire.
func (g *consumerGroup) expiry(o offset) (since int64, useless bool) { return o.committed, true }
