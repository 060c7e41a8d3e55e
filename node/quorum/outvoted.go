package quorum

import (
	"errors"
	"fmt"
	"slices"

	"odradek/node/env"
	"odradek/node/record"
)

// A leader sends nothing more to a voter once it has removed it, so that one which
// was away does not learn of it. Without a leader for some time it asks what was
// committed since, as an observer would:
//
//	high watermark --> another voter: committed batches, or a snapshot --> Outvoted
//	    they name voters, and not this one --> Observing, Leave, LeaveVote, OpenObserver
//
// Who knows of its removal asks as well: a leader that removes itself may leave
// others behind that do not know yet that this was committed, and need its vote.

// Outvoted takes what another voter, which has a leader, says was committed from
// HighWatermark on, and high, below which that one knows all to be committed. It
// tells whether this voter was removed. Nothing of the batches is kept.
func (q *Quorum) Outvoted(batches []byte, high int64) (bool, error) {
	if q.Removed() && high >= q.high {
		q.outvoted = q.high
	}
	for b, err := range record.Batches(batches) {
		if errors.Is(err, record.ErrTruncated) {
			break
		}
		if err != nil {
			return false, fmt.Errorf("%w: %w", ErrPulled, err)
		}
		voters, err := votersIn(b)
		if err != nil {
			return false, fmt.Errorf("%w: %w", ErrPulled, err)
		}
		if voters != nil && b.BaseOffset() >= q.high {
			q.judge(b.BaseOffset(), voters)
		}
	}
	return q.isOut(), nil
}

// OutvotedBySnapshot is Outvoted for a snapshot.
func (q *Quorum) OutvotedBySnapshot(end int64, epoch int32, file []byte) (bool, error) {
	c, err := parseCheckpoint(end, epoch, file)
	if err != nil {
		return false, fmt.Errorf("%w: %w", ErrPulled, err)
	}
	if end > q.high {
		q.judge(end-1, c.voters)
	}
	return q.isOut(), nil
}

// judge takes the voters as of an offset.
func (q *Quorum) judge(at int64, voters []Voter) {
	if q.outvoted = 0; !contains(voters, q.o.Me) {
		q.outvoted = at + 1
	}
}

// isOut tells whether another voter says that this one was removed, and its own
// log does not say that it was added again since: what it has acknowledged after
// that is in use.
func (q *Quorum) isOut() bool {
	if q.outvoted == 0 {
		return false
	}
	again := slices.ContainsFunc(q.entries.list, func(e *entry) bool {
		return e.batch.BaseOffset() >= q.outvoted && contains(e.voters, q.o.Me)
	})
	c := q.entries.snapshot
	return !again && (c == nil || c.offset < q.outvoted || !contains(c.voters, q.o.Me))
}

// Leave cuts off what may not be committed, before a Quorum that is Observing is
// closed: an observer's log has nothing else.
func (q *Quorum) Leave(t *env.Task) error {
	if q.entries.last() <= q.applied {
		return nil
	}
	return q.cut(t, q.applied+1)
}
