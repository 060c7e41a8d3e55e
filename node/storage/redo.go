package storage

import (
	"fmt"
	"slices"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
)

// redo writes what a journal holds of a log into its segments, where it was once
// written, and syncs them:
//
//	recovery point -> intact batches -> a hole: the journal's next batch -> intact ... -> neither
//
// It leaves the rest, a torn tail above all, to whoever opens the log. What is there is
// written again, too: after a failed sync the page cache may hold what the disk does
// not. It is a sync for each log, where opening one takes ten.
type redo struct {
	t       *env.Task
	l       *Log           // for its files alone
	left    []record.Batch // of the journal's
	i       int            // of the segment
	at, end int64          // in it, and the offset there
	mark    int64          // what is below was synced in the segments
	first   int64          // position of the recovery point
	touched []*segment
	foreign bool  // it is another topic's
	written int64 // bytes that were not there
}

// begin finds the recovery point; false: that is not so easy.
func (r *redo) begin(entries []env.Entry) (bool, error) {
	look := recovery{l: r.l, t: r.t}
	look.list(entries)
	segments := r.l.segments
	if len(segments) == 0 {
		return true, nil // nothing can be acknowledged before a segment is durable
	}
	if err := look.readTopic(); err != nil {
		return false, err
	}
	id := look.report.TopicID
	r.foreign = !id.IsZero() && id != r.l.o.TopicID
	r.end = segments[0].base
	if !look.files[RecoveryFile] {
		return true, nil
	}
	b, err := ReadFile(r.t, r.l.path(RecoveryFile))
	if err != nil {
		return false, err
	}
	p, found, _ := parseRecoveryPoint(b)
	if !found {
		return true, nil
	}
	r.end, r.mark = p.offset, max(p.offset, p.high)
	for r.i+1 < len(segments) && segments[r.i+1].base <= p.offset {
		r.i++
	}
	s := segments[r.i]
	if s.base < p.offset {
		r.at, r.first = p.position, p.position
	}
	return s.base == p.offset || s.base < p.offset && p.position > 0 && p.position <= s.size, nil
}

// all does everything; false: the log has to be opened. So it is if less is there
// afterwards than was durable when it was journalled.
func (r *redo) all(entries []env.Entry, known int64) (sound bool, err error) {
	simple, err := r.begin(entries)
	if err != nil || !simple {
		return false, err
	}
	if r.l.segments == nil || r.foreign {
		return true, nil
	}
	if simple, err = r.run(); err == nil {
		err = r.sync()
	}
	return simple && r.end >= known, err
}

// run goes through the segments; false: there is a hole where the disk had something.
func (r *redo) run() (bool, error) {
	for r.i < len(r.l.segments) {
		s := r.l.segments[r.i]
		if err := r.follow(s); err != nil {
			return false, err
		}
		b := r.next()
		switch {
		case r.i+1 < len(r.l.segments) && r.l.segments[r.i+1].base == r.end:
			r.i, r.at, r.first = r.i+1, 0, 0
		case r.end < r.mark:
			return false, nil
		case b == nil:
			return true, nil
		case r.at > 0 && r.at == r.first:
			return false, nil // nothing shows that the point is where it says
		default:
			r.written += int64(len(b))
			if err := r.put(s, b); err != nil {
				return false, err
			}
		}
	}
	return true, nil
}

// next is the journal's batch that begins where the last one ended, nil if there is
// none: a large batch went to its segment, and was not synced.
func (r *redo) next() record.Batch {
	if mutant.On("B31") && len(r.left) > 0 { // B31: what is there already is appended again
		b := slices.Clone(r.left[0])
		record.Assign(b, r.end, b.PartitionLeaderEpoch())
		r.left = r.left[1:]
		return b
	}
	for len(r.left) > 0 && r.left[0].BaseOffset() < r.end {
		r.left = r.left[1:]
	}
	if len(r.left) > 0 && r.left[0].BaseOffset() == r.end {
		return r.left[0]
	}
	return nil
}

// follow goes over the intact batches.
func (r *redo) follow(s *segment) error {
	_, err := r.l.eachBatch(r.t, s, r.at, s.size, func(b record.Batch, at int64) (bool, error) {
		if record.Check(b) != nil || b.BaseOffset() != r.end {
			return false, nil
		}
		if r.at = at; !mutant.On("B31") && r.next() != nil {
			return true, r.put(s, r.next())
		}
		r.at, r.end = at+int64(len(b)), b.NextOffset()
		return true, nil
	})
	return err
}

// put writes a batch where the last one ended.
func (r *redo) put(s *segment, b record.Batch) error {
	if err := r.l.open(r.t, s); err != nil {
		return err
	}
	if done := r.t.Do(env.Disk{Kind: env.Write, File: s.file, Off: r.at, Data: b}); done.Err != nil {
		return fmt.Errorf("write segment %d: %w", s.base, done.Err)
	}
	if n := len(r.touched); n == 0 || r.touched[n-1] != s {
		r.touched = append(r.touched, s)
	}
	r.at, r.end = r.at+int64(len(b)), b.NextOffset()
	s.size = max(s.size, r.at)
	return nil
}

func (r *redo) sync() error {
	for _, s := range r.touched {
		if done := r.t.Do(env.Disk{Kind: env.Sync, File: s.file}); done.Err != nil {
			return fmt.Errorf("sync segment %d: %w", s.base, done.Err)
		}
	}
	return nil
}
