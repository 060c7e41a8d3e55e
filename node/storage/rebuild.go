package storage

import (
	"errors"
	"slices"

	"odradek/node/env"
	"odradek/node/record"
)

// rebuildProducers derives the producer state at the end of the log: the latest
// intact snapshot, and the batches after it.
func (l *Log) rebuildProducers(t *env.Task) error {
	p, from, err := l.latestSnapshot(t)
	if err != nil {
		return err
	}
	if err := l.replayProducers(t, p, from); err != nil {
		return err
	}
	l.producers = p
	return nil
}

func (l *Log) latestSnapshot(t *env.Task) (p *Producers, at int64, err error) {
	for _, at := range slices.Backward(slices.Clone(l.oldSnapshots)) {
		if at > l.end {
			continue
		}
		b, err := ReadFile(t, l.path(name(at, snapshotSuffix)))
		if err != nil && !errors.Is(err, env.ErrNotExist) {
			return nil, 0, err
		}
		if p, err := DecodeProducers(b); err == nil {
			return p, at, nil
		}
	}
	return NewProducers(), 0, nil
}

// replayProducers takes the batches from an offset on into account, those below
// the log's start too.
func (l *Log) replayProducers(t *env.Task, p *Producers, from int64) error {
	for _, s := range slices.Clone(l.segments) {
		if s.end <= from {
			continue
		}
		at, err := l.positionOf(t, s, from)
		if err == nil {
			err = l.eachHeader(t, s, at, s.size, func(b record.Batch, _ int64) bool {
				if b.BaseOffset() >= from && b.LastOffset() < l.end {
					p.Update(b)
				}
				return true
			})
		}
		if err != nil && !isCorrupt(err) {
			return err
		}
	}
	return nil
}
