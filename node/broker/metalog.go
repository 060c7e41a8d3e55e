package broker

import (
	"fmt"
	"math"

	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/record"
	"odradek/node/storage"
)

const (
	metadataLog      = "__cluster_metadata-0"
	metadataEpoch    = 1       // of the quorum of one
	metadataReadSize = 1 << 20 // bytes at a time
	metadataSegment  = 1 << 30 // log.segment.bytes of metadata, bytes
)

func metadataLogConfig() storage.Config {
	c := storage.DefaultConfig()
	c.SegmentBytes = metadataSegment
	c.RetentionMs, c.RetentionBytes = -1, -1
	c.SegmentMs = math.MaxInt64
	return c
}

// write appends records as one batch, so that they are found together or not
// at all.
func (c *controller) write(records []meta.Record) error {
	b := record.NewBuilder(nil)
	for _, r := range records {
		b.Append(record.Record{Timestamp: c.now.Wall, Value: meta.Encode(nil, r)})
	}
	batch, err := b.Build()
	if err != nil {
		return fmt.Errorf("metadata batch: %w", err)
	}
	v := record.Validated{Batch: batch, Count: int32(len(records)), Append: record.NoTimestamp}
	v.Max = record.TimeMark{Timestamp: c.now.Wall, Offset: 0}
	_, err = c.log.Append(c.now, &v, metadataEpoch, c.out)
	return err
}

// readLog replays what the metadata log holds.
func (c *controller) readLog(t *env.Task) error {
	for at := c.log.Start(); at < c.log.End(); {
		slice, err := c.log.ReadSlow(t, at, metadataReadSize, c.log.End(), true)
		if err != nil {
			return fmt.Errorf("metadata log at %d: %w", at, err)
		}
		b, err := readSlice(t, slice)
		if err != nil {
			return fmt.Errorf("metadata log at %d: %w", at, err)
		}
		next, err := c.replayBatches(b)
		if err != nil {
			return fmt.Errorf("metadata log at %d: %w", at, err)
		}
		if next <= at {
			return fmt.Errorf("metadata log at %d: no batch in %d bytes", at, len(b))
		}
		at = next
	}
	return nil
}

func readSlice(t *env.Task, slice storage.Slice) ([]byte, error) {
	var b []byte
	for _, p := range slice.Parts {
		if p.Len == 0 {
			b = append(b, p.Bytes...)
			continue
		}
		done := t.Do(env.Disk{Kind: env.Read, File: p.File, Off: p.Off, Len: p.Len})
		if done.Err != nil {
			return nil, done.Err
		}
		b = append(b, done.Data...)
	}
	return b, nil
}

// replayBatches replays whole batches and returns the offset after the last.
func (c *controller) replayBatches(b []byte) (next int64, err error) {
	codecs := record.NewCompressor()
	for batch, err := range record.Batches(b) {
		if err != nil {
			break // a partial last batch: it is read again
		}
		if err := record.Check(batch); err != nil {
			return 0, err
		}
		for r, err := range record.Records(batch, codecs, 0) {
			if err != nil {
				return 0, err
			}
			if err := c.replayOne(r); err != nil {
				return 0, err
			}
		}
		next = batch.NextOffset()
	}
	return next, nil
}

func (c *controller) replayOne(r record.Record) error {
	m, err := meta.Decode(r.Value)
	if err != nil {
		return err
	}
	return c.image.Replay(r.Offset, m)
}
