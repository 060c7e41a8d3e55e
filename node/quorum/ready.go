package quorum

import (
	"errors"
	"fmt"
	"path"

	"go.etcd.io/raft/v3"
	pb "go.etcd.io/raft/v3/raftpb"
	"google.golang.org/protobuf/proto"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/storage"
)

// drive does what raft asks for, one Ready after the other:
//
//	term and vote -> quorum-state | snapshot -> checkpoint, log anew | a suffix that differs is cut
//	entries -> log; a leader's appends leave
//	all is durable: the other messages leave; the owner gets what is committed; raft goes on
func (q *Quorum) drive(now env.Time, out *env.Outbox) {
	for q.node != nil && q.failed == nil {
		q.observe(now, out)
		if q.working || !q.node.HasReady() {
			break
		}
		q.working, q.until, q.ready = true, -1, q.node.Ready()
		q.begin(now, out)
	}
	if q.entries.wanted && q.failed == nil && !q.working {
		q.entries.wanted = false
		if err := q.capture(now, out); err != nil {
			out.Logf(env.Error, "a voter lags behind, and there is no snapshot for it: %v", err)
		}
	}
}

func (q *Quorum) begin(now env.Time, out *env.Outbox) {
	rd := &q.ready
	p, isNew := q.promises(rd)
	if !isNew && raft.IsEmptySnap(rd.Snapshot) && !q.conflicts(rd.Entries) {
		q.write(now, out)
		return
	}
	q.task(now, out, func(t *env.Task) error { return q.prepare(t, rd, p) }, func(now env.Time, out *env.Outbox) {
		q.write(now, out)
		q.drive(now, out)
	})
}

// promises are those that a Ready makes, and whether they are new.
func (q *Quorum) promises(rd *raft.Ready) (p promises, isNew bool) {
	p = q.entries.promised
	if !raft.IsEmptyHardState(rd.HardState) {
		p.term, p.vote = rd.HardState.GetTerm(), rd.HardState.GetVote()
	}
	for _, e := range rd.CommittedEntries {
		if e.GetType() == pb.EntryConfChangeV2 && e.GetIndex() > p.commit {
			p.commit = rd.CommittedEntries[len(rd.CommittedEntries)-1].GetIndex()
		}
	}
	if mutant.On("G12") { // BookKeeper 2614: who asked is not fenced, once this voter restarts
		return p, false
	}
	return p, p != q.entries.promised
}

func (q *Quorum) conflicts(entries []*pb.Entry) bool {
	return len(entries) > 0 && entries[0].GetIndex() <= q.entries.last()
}

// prepare makes promises, installs a snapshot, and cuts off what differs.
func (q *Quorum) prepare(t *env.Task, rd *raft.Ready, p promises) error {
	if err := q.promise(t, p); err != nil {
		return err
	}
	if !raft.IsEmptySnap(rd.Snapshot) {
		return q.install(t, rd.Snapshot)
	}
	if q.conflicts(rd.Entries) {
		return q.cut(t, rd.Entries[0].GetIndex())
	}
	return nil
}

func (q *Quorum) promise(t *env.Task, p promises) error {
	if p == q.entries.promised || mutant.On("G12") {
		return nil
	}
	state, err := q.stateOf(p, false)
	if err == nil {
		err = storage.ReplaceFile(t, path.Join(q.o.Dir, stateFile), state)
	}
	q.entries.promised, q.voted = p, true
	return err
}

// cut takes the entries from an index on out of the log.
func (q *Quorum) cut(t *env.Task, index uint64) error {
	to := q.entries.offset(index - 1)
	if mutant.On("G3") { // KAFKA-12460: the log is cut below its commit point
		to = q.entries.head()
	} else if to < q.high || index <= q.applied {
		panic(fmt.Sprintf("quorum: the log is to be cut at %d, below its commit point %d", to, q.high))
	}
	t.Out().Logf(env.Info, "metadata log: cut from %d to %d, where the leader's differs", q.log.End(), to)
	err := wait(t, func(done func(env.Time, error, *env.Outbox)) { q.log.Truncate(t.Now(), to, t.Out(), done) })
	if err != nil {
		return fmt.Errorf("cut the metadata log at %d: %w", to, err)
	}
	q.entries.cut(index)
	return nil
}

func (q *Quorum) restartLog(t *env.Task, at int64) error {
	err := wait(t, func(done func(env.Time, error, *env.Outbox)) { q.log.TruncateFully(t.Now(), at, t.Out(), done) })
	if err != nil {
		return fmt.Errorf("begin the metadata log at %d: %w", at, err)
	}
	return nil
}

// wait lets a task wait for what another one does.
func wait(t *env.Task, begin func(done func(env.Time, error, *env.Outbox))) (err error) {
	ended := false
	begin(func(_ env.Time, e error, _ *env.Outbox) { ended, err = true, e })
	for !ended {
		if err := t.Pause(); err != nil {
			return err
		}
	}
	return err
}

// task runs a job of this voter; its failure ends it.
func (q *Quorum) task(now env.Time, out *env.Outbox, job func(*env.Task) error, done func(env.Time, *env.Outbox)) {
	q.o.Tasks.Start(now, out, job, func(now env.Time, err error, out *env.Outbox) {
		switch {
		case err != nil && !errors.Is(err, env.ErrCancelled):
			q.fail(now, err, out)
		case err == nil && q.failed == nil:
			done(now, out)
		}
	})
}

// write appends the entries; what depends on them waits until they are durable.
func (q *Quorum) write(now env.Time, out *env.Outbox) {
	for _, r := range q.ready.Entries {
		if err := q.append(now, r, out); err != nil {
			q.fail(now, err, out)
			return
		}
	}
	q.sendAll(q.ready.Messages, true, out)
	q.until = q.log.End()
	if q.durable() || mutant.On("B8") { // KAFKA-10533: the log is counted before it is flushed
		q.complete(now, out)
	}
}

func (q *Quorum) durable() bool {
	return q.working && q.failed == nil && q.until >= 0 && q.log.Durable() >= q.until
}

func (q *Quorum) append(now env.Time, r *pb.Entry, out *env.Outbox) error {
	batch, err := batchIn(r)
	if err != nil {
		return err
	}
	if len(batch) == 0 {
		batch = q.leaderChange(r.GetTerm(), now.Wall)
	}
	e, err := newEntry(r.GetIndex(), batch)
	if err != nil {
		return err
	}
	if e.raft.GetTerm() != r.GetTerm() || r.GetIndex() != q.entries.last()+1 {
		return fmt.Errorf("entry %d of term %d holds a batch of epoch %d, and %d is the last", r.GetIndex(), r.GetTerm(), e.raft.GetTerm(), q.entries.last())
	}
	if err := q.log.AppendFollower(now, batch, out); err != nil {
		return fmt.Errorf("append: %w", err)
	}
	q.entries.list = append(q.entries.list, e)
	return nil
}

// complete ends a Ready: everything in it is on disk.
func (q *Quorum) complete(now env.Time, out *env.Outbox) {
	rd := q.ready
	q.ready, q.until = raft.Ready{}, -1
	q.sendAll(rd.Messages, false, out)
	q.apply(now, &rd, out)
	if q.failed == nil {
		q.guard(now, out, func() error { q.node.Advance(rd); return nil })
	}
	q.working = false
}

// early tells whether a message promises nothing of this voter's log.
func early(m *pb.Message) bool {
	switch m.GetType() {
	case pb.MsgApp, pb.MsgHeartbeat, pb.MsgSnap:
		return true
	}
	return false
}

// sendAll sends the messages that may leave early, or all others.
func (q *Quorum) sendAll(all []*pb.Message, first bool, out *env.Outbox) {
	for _, m := range all {
		if early(m) == first {
			q.sendMessage(m, out)
		}
	}
}

func (q *Quorum) sendMessage(m *pb.Message, out *env.Outbox) {
	to, ok := q.known(m.GetTo())
	if !ok {
		return
	}
	if !q.fill(m) {
		return
	}
	b, err := proto.Marshal(m)
	if err != nil {
		panic("quorum: " + err.Error())
	}
	q.send(raftKind, to, b, out)
	if m.GetType() == pb.MsgSnap { // if it is lost, the next append is refused, and it is sent again
		q.node.ReportSnapshot(m.GetTo(), raft.SnapshotFinish)
	}
}

func (q *Quorum) send(kind int8, to Voter, payload []byte, out *env.Outbox) {
	e := envelope{kind: kind, cluster: q.o.ClusterID, from: q.o.Me, to: to, payload: payload}
	q.o.Owner.Send(to.ID, e.encode(), out)
}

// known finds a voter by its name in raft.
func (q *Quorum) known(id uint64) (Voter, bool) {
	for _, v := range q.voters {
		if v.raftID() == id {
			return v, true
		}
	}
	v, ok := q.heard[id] // a candidate, or a leader that the log does not name yet
	return v, ok
}
