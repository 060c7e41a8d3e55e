package storage

import "odradek/node/env"

// The high watermark is its partition's affair; the log keeps it for the next
// start, in each recovery point, as far as it is durable here. A log that then
// ends before has lost what was synced.

// High is the high watermark: as last set, or after Open as the last recovery
// point has it, which may be late. 0: none is known.
func (l *Log) High() int64 { return l.high }

// SetHigh has the next recovery point record the high watermark.
func (l *Log) SetHigh(offset int64) { l.high = offset }

// HighUnsaved tells whether SaveHigh or a Checkpoint would record a later high
// watermark.
func (l *Log) HighUnsaved() bool { return l.exists && min(l.high, l.durable) > l.point.high }

// SaveHigh records the high watermark and nothing else: one small write and a
// sync. Errors are those of Checkpoint.
func (l *Log) SaveHigh(t *env.Task) error {
	switch {
	case l.stopped != nil:
		return l.stopped
	case l.busy() || l.Unsure():
		return ErrBusy
	case !l.HighUnsaved():
		return nil
	}
	return l.alone(t, func(t *env.Task) error {
		if err := l.harden(t, l.high); err != nil {
			return err
		}
		return l.writePoint(t, func(*recoveryPoint) {})
	})
}
