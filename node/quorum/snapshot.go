package quorum

import (
	"errors"
	"fmt"
	"path"

	pb "go.etcd.io/raft/v3/raftpb"

	"odradek/node/env"
	"odradek/node/storage"
)

// BytesSinceSnapshot is the size of the batches handed over since the last
// snapshot, by which the owner decides to take one (Kafka's
// metadata.log.max.record.bytes.between.snapshots, 20 MiB).
func (q *Quorum) BytesSinceSnapshot() int64 { return q.since }

// TakeSnapshot writes the owner's state (Owner.Snapshot, called within) as a
// checkpoint; once it is durable the log's start moves up to it and older ones
// go. ErrBusy: one is being written.
func (q *Quorum) TakeSnapshot(now env.Time, out *env.Outbox) error {
	switch {
	case q.failed != nil:
		return q.failed
	case q.capturing || q.entries.snapshot == nil:
		return fmt.Errorf("%w: a snapshot is being written", ErrBusy)
	}
	return q.capture(now, out)
}

func (q *Quorum) capture(now env.Time, out *env.Outbox) error {
	e := q.entries.at(q.applied)
	if e == nil || q.capturing {
		return nil // nothing is new
	}
	c := &checkpoint{offset: q.high, epoch: e.batch.PartitionLeaderEpoch(), index: q.applied, voters: q.voters}
	if err := c.build(e.batch.MaxTimestamp(), q.o.Owner.Snapshot()); err != nil {
		return err
	}
	q.capturing, q.since = true, 0
	q.task(now, out, func(t *env.Task) error { return q.keep(t, c) }, func(now env.Time, out *env.Outbox) {
		q.capturing = false
		q.drive(now, out)
	})
	return nil
}

// keep makes a snapshot of this voter's state durable.
func (q *Quorum) keep(t *env.Task, c *checkpoint) error {
	if err := storage.ReplaceFile(t, path.Join(q.o.Dir, c.name()), c.file); err != nil {
		return err
	}
	if base, _ := q.entries.base(); c.index <= base {
		return nil // a leader's came meanwhile
	}
	q.entries.compact(c)
	err := wait(t, func(done func(env.Time, error, *env.Outbox)) { q.log.AdvanceStart(t.Now(), c.offset, t.Out(), done) })
	if err != nil {
		return fmt.Errorf("advance the metadata log to %d: %w", c.offset, err)
	}
	return q.dropOld(t)
}

// install makes a leader's snapshot durable; the log begins anew after it. If the
// process dies in between, Open goes on.
func (q *Quorum) install(t *env.Task, s *pb.Snapshot) error {
	c, err := received(s)
	if err != nil {
		return err
	}
	return q.replace(t, c)
}

func (q *Quorum) replace(t *env.Task, c *checkpoint) error {
	if err := storage.ReplaceFile(t, path.Join(q.o.Dir, c.name()), c.file); err != nil {
		return err
	}
	if err := q.restartLog(t, c.offset); err != nil {
		return err
	}
	q.entries.restart(c)
	return q.dropOld(t)
}

// dropOld removes all checkpoints but the last.
func (q *Quorum) dropOld(t *env.Task) error {
	names, err := checkpoints(t, q.o.Dir)
	if err != nil {
		return err
	}
	for _, name := range names[:max(len(names)-1, 0)] {
		if done := t.Do(env.Disk{Kind: env.Remove, Path: path.Join(q.o.Dir, name)}); done.Err != nil {
			return errors.Join(fmt.Errorf("remove %s", name), done.Err)
		}
	}
	return nil
}
