package storage_test

import (
	"errors"
	"fmt"

	"odradek/node/env"
	"odradek/node/storage"
)

// truncate cuts the log back, as a follower does, and waits for the end of it
// or for the process to die.
func (d *driver) truncate() error {
	l, m := d.log, d.m
	from, to, fully := l.Start(), max(l.Start()-3, 0)+d.rng.Int64N(l.End()-l.Start()+6), d.rng.IntN(4) == 0
	if fully {
		to += d.rng.Int64N(100)
	}
	fully = fully || to < from
	d.note("truncate [%d, %d] at %d, fully: %v", from, l.End(), to, fully)
	m.release(from, to, fully)
	cut, ended, failure := l.Truncate, false, error(nil)
	if fully {
		cut = l.TruncateFully
	}
	cut(d.now, to, d.out, func(_ env.Time, err error, _ *env.Outbox) { ended, failure = true, err })
	for !ended {
		if d.rng.IntN(80) == 0 {
			return d.die(d.rng.IntN(2) == 0)
		}
		if !d.pump() {
			return errors.New("the truncation waits for nothing")
		}
	}
	d.note("truncated: [%d, %d] %v", l.Start(), l.End(), failure)
	if failure != nil {
		m.cut(l.End())
		m.emptied(l)
		return d.unable(failure)
	}
	return d.truncated(to, fully)
}

// unable tells whether a truncation had to fail.
func (d *driver) unable(err error) error {
	var device *env.IOError
	if errors.Is(err, storage.ErrHealing) || errors.Is(err, env.ErrNoSpace) || errors.As(err, &device) || errors.Is(err, storage.ErrStopped) || d.log.Stopped() != nil {
		return nil
	}
	return fmt.Errorf("truncate: %w", err)
}

// truncated holds what a truncation left against the model. What it removed must
// never come back.
func (d *driver) truncated(to int64, fully bool) error {
	l, m := d.log, d.m
	if fully {
		m.line, m.origin, m.start, m.asked, m.blind = nil, to, to, to, false
		clear(m.ever)
		if l.Start() != to || l.End() != to || l.Producers().Len() != 0 || l.Epochs().Latest() != storage.NoEpoch {
			return fmt.Errorf("restarted at %d: [%d, %d], %d producers", to, l.Start(), l.End(), l.Producers().Len())
		}
		return nil
	}
	m.cut(to)
	m.emptied(l)
	for offset := range m.ever {
		if offset >= l.End() {
			delete(m.ever, offset)
		}
	}
	if end := max(m.end(), l.Start()); l.End() != end && d.failures == 0 { // a full disk may have taken more
		return fmt.Errorf("truncated at %d the log ends at %d, and not %d", to, l.End(), end)
	}
	return nil
}

// emptied takes into account that a log without records may have forgotten its
// producers, too.
func (m *model) emptied(l *storage.Log) {
	if l.End() == l.Start() && l.Producers().Len() == 0 {
		m.line = nil
	}
}

// release gives up the promise of what a truncation is to remove. Until it has
// ended the log may be the old one, what is left of it, or the new one.
func (m *model) release(start, to int64, fully bool) {
	floor := int64(0)
	for _, b := range m.line {
		if end := b.NextOffset(); end <= to && end > start && !fully {
			floor = end
		}
	}
	if fully {
		m.start, m.asked = min(start, to), max(m.asked, to)
	}
	m.acked, m.cache = min(m.acked, floor), min(m.cache, floor)
	m.blind = m.blind || m.asked > m.origin // producers of deleted records may be in no snapshot that is left
}
