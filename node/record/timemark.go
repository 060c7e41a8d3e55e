package record

import "odradek/node/mutant"

// TimeMark is the largest timestamp seen, together with where it was seen
// first. The two change in one place, or a lookup by time goes wrong.
type TimeMark struct {
	Timestamp int64 // ms, or NoTimestamp
	Offset    int64 // -1 while Timestamp is NoTimestamp
}

// NoMark is the mark before anything was seen.
func NoMark() TimeMark { return TimeMark{Timestamp: NoTimestamp, Offset: -1} }

// Observe takes a record's (or a batch's) timestamp and offset into account.
func (m *TimeMark) Observe(timestamp, offset int64) {
	if timestamp <= m.Timestamp {
		return
	}
	m.Timestamp = timestamp
	// B19 (KAFKA-12981, KAFKA-16310): the offset does not follow.
	if !mutant.On("B19") || m.Offset < 0 {
		m.Offset = offset
	}
}
