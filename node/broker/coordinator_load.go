package broker

import (
	"errors"
	"fmt"

	"odradek/node/env"
	"odradek/node/group"
	"odradek/node/mutant"
	"odradek/node/record"
	"odradek/node/storage"
)

// A load replays the log from its start to its end, beyond the high watermark,
// too: what lies there is committed in this epoch, or the epoch ends. Nobody
// appends meanwhile but coordinators, and this partition's one is loading.
//
//	|- start ----------- high watermark ---- end -|
//	|  replayed, piece by piece                   |
//	                     replies wait for this ---+

// loadPiece bounds what is replayed in one step.
const loadPiece = 256 << 10

// acksLocal is for what this node alone has to hold.
const acksLocal = 1

// load begins when the log is written to its end.
func (c *coordinator) load() {
	c.last = c.r.log.End() - 1
	c.r.part.Await(c.last, acksLocal, written{c})
}

type written struct{ c *coordinator }

// Done is called by the partition.
func (w written) Done(err error) {
	switch c := w.c; {
	case c.ended:
	case err != nil:
		c.fail(err)
	default:
		task := c.s.start(c.replayAll, c.loaded)
		if !c.active && !c.ended {
			c.task = task
		}
	}
}

func (c *coordinator) loaded(err error) {
	c.task = nil
	if err != nil {
		var corrupt *storage.CorruptError
		if errors.As(err, &corrupt) {
			c.r.verify(c.at)
		}
		c.s.out.Logf(env.Error, "%s: its groups cannot be loaded: %v", c.r.path(), err)
		c.fail(err)
		return
	}
	c.active = true
	c.step(func(o *group.Outcome) { c.core.Loaded(c.s.now, o) })
	if !c.ended {
		c.park(nil) // should the end of the log be lost, we hear of it
	}
}

func (c *coordinator) replayAll(t *env.Task) error {
	for c.at = c.r.log.Start(); c.at <= c.last; {
		piece, err := c.readPiece(t, c.at)
		if err != nil {
			return err
		}
		next, err := c.replayPiece(piece)
		if err != nil {
			return err
		}
		if next <= c.at {
			return fmt.Errorf("there is nothing at offset %d of %d", c.at, c.last+1)
		}
		c.at = next
	}
	return nil
}

// readPiece reads whole batches from an offset on; the first one may be of any
// size.
func (c *coordinator) readPiece(t *env.Task, at int64) ([]byte, error) {
	minOne := !mutant.On("F8") // KAFKA-7286: what does not fit into the buffer is never read
	slice, err := c.r.log.ReadSlow(t, at, min(c.s.offsetsLog.buffer, loadPiece), c.last+1, minOne)
	if err != nil {
		return nil, err
	}
	var all []byte
	for _, p := range slice.Parts {
		done := t.Do(env.Disk{Kind: env.Read, File: p.File, Off: p.Off, Len: p.Len})
		if done.Err != nil {
			return nil, done.Err
		}
		all = append(all, done.Data...)
	}
	return all, nil
}

// replayPiece replays the whole batches of a piece; next is where they end.
func (c *coordinator) replayPiece(piece []byte) (next int64, err error) {
	for b, err := range record.Batches(piece) {
		if errors.Is(err, record.ErrTruncated) {
			break // the rest comes with the next piece
		}
		if err == nil {
			err = record.Check(b)
		}
		if err == nil && !b.IsControl() {
			err = c.replayBatch(b)
		}
		if err != nil {
			return 0, fmt.Errorf("batch after offset %d: %w", next, err)
		}
		next = b.NextOffset()
	}
	return next, nil
}

func (c *coordinator) replayBatch(b record.Batch) error {
	for r, err := range record.Records(b, c.s.codecs, 0) {
		if err == nil {
			err = c.core.Replay(group.Record{Key: r.Key, Value: r.Value}, r.Timestamp)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
