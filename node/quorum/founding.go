package quorum

import (
	"errors"
	"path"

	"odradek/node/env"
	"odradek/node/storage"
)

// A dynamic quorum (KIP-853) is founded by a file that names its voters, which is
// laid into the directory of each before they start:
//
//	__cluster_metadata-0/00000000000000000000-0000000000.checkpoint

// FirstCheckpoint is the name and the content of that file. The voters need their
// directory ids and endpoints; the timestamp is in ms. The error is ErrVoters.
func FirstCheckpoint(timestamp int64, voters []Voter) (name string, file []byte, err error) {
	for _, v := range voters {
		if v.Dir.IsZero() || len(v.Endpoints) == 0 {
			return "", nil, errors.Join(ErrVoters, errors.New(v.String()+" needs a directory id and an endpoint"))
		}
	}
	c, err := firstCheckpoint(timestamp, voters)
	if err != nil {
		return "", nil, err
	}
	return c.name(), c.file, nil
}

// HasVote tells whether this node's directory says that it is a voter: it has
// promised something, or the state that it has names it. What is in the log
// after that is not looked at: an observer finds it, too (Voters).
func HasVote(t *env.Task, o Options) (bool, error) {
	q := newQuorum(o)
	if err := makeDir(t, o.Dir); err != nil {
		return false, err
	}
	voted, err := q.readPromises(t)
	if err != nil {
		return false, err
	}
	c := q.entries.snapshot
	return voted || !q.left && c != nil && contains(c.voters, o.Me), nil
}

// TakeVote makes the directory of an observer, which is closed, that of a voter. From
// then on what is in its log need not be committed, so that no observer opens it.
func TakeVote(t *env.Task, o Options) error {
	q := newQuorum(o)
	if voted, err := q.readPromises(t); err != nil || voted {
		return err
	}
	return q.writeState(t, false)
}

// LeaveVote makes the directory of a Quorum that was Observing, and is closed, that
// of an observer. What it promised is kept, should it be added again.
func LeaveVote(t *env.Task, o Options) error {
	q := newQuorum(o)
	if voted, err := q.readPromises(t); err != nil || !voted {
		return err
	}
	return q.writeState(t, true)
}

func (q *Quorum) writeState(t *env.Task, observes bool) error {
	b, err := q.stateOf(q.entries.promised, observes)
	if err != nil {
		return err
	}
	return storage.ReplaceFile(t, path.Join(q.o.Dir, stateFile), b)
}
