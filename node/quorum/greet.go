package quorum

import (
	"path"
	"slices"

	"odradek/node/env"
	"odradek/node/storage"
)

// An empty voter founds a quorum only if all voters are empty, and only the one
// with the smallest node id does:
//
//	all others say: empty -> checkpoint 0-0 names all (id, directory) -> raft
//	somebody is not empty -> raft without a log: votes if it is asked, until a
//	                         leader that knows this voter sends its snapshot
//
// Thus who lost its storage waits until it is added again. That one founder is
// not enough if several voters lose their storage in the middle of the founding:
// what was committed then may be lost, as beyond any loss of a majority.

// greeting is the latest hello of a node.
type greeting struct {
	by   Voter
	said hello
}

// greet tells the others that this voter is empty, and asks about them.
func (q *Quorum) greet(now env.Time, out *env.Outbox) {
	for _, v := range q.o.Voters {
		if v.ID != q.o.Me.ID {
			q.sendHello(Voter{ID: v.ID}, true, out)
		}
	}
	q.found(now, out)
}

func (q *Quorum) sendHello(to Voter, asks bool, out *env.Outbox) {
	h := hello{asks: asks, empty: q.entries.snapshot == nil, ids: q.configured()}
	q.send(helloKind, to, h.encode(), out)
}

// configured are the node ids of the voters by this node's configuration.
func (q *Quorum) configured() (ids []int32) {
	for _, v := range q.o.Voters {
		ids = append(ids, v.ID)
	}
	slices.Sort(ids)
	return ids
}

// receiveHello takes a hello. That its sender is empty counts only in an answer to
// this very directory: another may be from before its sender had anything.
func (q *Quorum) receiveHello(now env.Time, e *envelope, out *env.Outbox) {
	h, err := decodeHello(e.payload)
	if err != nil {
		q.refused++
		return
	}
	if h.asks {
		q.sendHello(e.from, false, out)
	}
	if q.node != nil || q.founding {
		return
	}
	if !h.empty {
		q.run(now, out) // there is a quorum: it may send for this voter
		return
	}
	if !e.to.Dir.IsZero() {
		q.greeted[e.from.ID] = greeting{e.from, h}
		q.found(now, out)
	}
}

// found founds the quorum if it is this voter's turn.
func (q *Quorum) found(now env.Time, out *env.Outbox) {
	voters, ok := q.founders()
	if q.founding || !ok {
		return
	}
	q.founding = true
	c, err := firstCheckpoint(now.Wall, voters)
	if err != nil {
		q.fail(now, err, out)
		return
	}
	q.task(now, out, func(t *env.Task) error {
		return storage.ReplaceFile(t, path.Join(q.o.Dir, c.name()), c.file)
	}, func(now env.Time, out *env.Outbox) {
		q.entries.snapshot = c
		q.run(now, out)
		for _, v := range q.o.Voters {
			if v.ID != q.o.Me.ID {
				q.sendHello(Voter{ID: v.ID}, false, out)
			}
		}
	})
}

// founders are all voters with their directories, if all are known to be empty
// and this one is to found.
func (q *Quorum) founders() (voters []Voter, ok bool) {
	ids := q.configured()
	if len(ids) == 0 || ids[0] != q.o.Me.ID {
		return nil, false
	}
	for _, v := range q.o.Voters {
		if v.ID == q.o.Me.ID {
			v.Dir = q.o.Me.Dir
		} else {
			g, said := q.greeted[v.ID]
			if !said || !slices.Equal(g.said.ids, ids) {
				return nil, false
			}
			v.Dir = g.by.Dir
		}
		voters = append(voters, v)
	}
	return voters, true
}

// firstCheckpoint says who the voters of a new quorum are.
func firstCheckpoint(timestamp int64, voters []Voter) (*checkpoint, error) {
	if err := checkSet(voters); err != nil {
		return nil, err
	}
	c := &checkpoint{index: firstIndex, voters: voters}
	return c, c.build(timestamp, func(func([]byte) bool) {})
}
