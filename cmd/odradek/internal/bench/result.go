package bench

import (
	"encoding/binary"
	"time"

	"odradek/cmd/odradek/internal/histogram"
)

// Result is what was measured.
type Result struct {
	Name     string
	Elapsed  time.Duration
	Requests int64
	Records  int64
	Bytes    int64 // of batches, as they were on the wire
	Errors   map[string]int64
	Latency  histogram.Histogram // of requests (raw), of records (franz, and end to end)
}

// meter measures one lane from a time on. It belongs to one goroutine at a time.
type meter struct {
	from time.Time
	Result
}

// request counts a request that was due at a time and is answered.
func (m *meter) request(due time.Time, records, bytes int) {
	if m.unanswered(due, records, bytes) {
		m.Latency.Add(time.Since(due))
	}
}

// unanswered counts a request that nobody answers.
func (m *meter) unanswered(due time.Time, records, bytes int) bool {
	if due.Before(m.from) {
		return false
	}
	m.Requests++
	m.Records += int64(records)
	m.Bytes += int64(bytes)
	return true
}

// record counts one record that was due at a time and has arrived now.
func (m *meter) record(due, now time.Time) bool {
	if due.Before(m.from) {
		return false
	}
	m.Records++
	m.Latency.Add(now.Sub(due))
	return true
}

// stamp writes into a value when it was due.
func stamp(value []byte, due time.Time) { binary.BigEndian.PutUint64(value, uint64(due.UnixNano())) }

// stamped counts one record by the time that its value begins with.
func (m *meter) stamped(value []byte, now time.Time) bool {
	if len(value) < stampSize {
		return false
	}
	return m.record(time.Unix(0, int64(binary.BigEndian.Uint64(value))), now)
}

// fail counts a request that was refused.
func (m *meter) fail(due time.Time, err error) {
	if !due.Before(m.from) {
		m.count(err.Error(), 1)
	}
}

// miss counts what was due and never sent.
func (m *meter) miss(n int64) {
	if n > 0 {
		m.count("due, but not sent in time", n)
	}
}

func (m *meter) count(what string, n int64) {
	if m.Errors == nil {
		m.Errors = map[string]int64{}
	}
	m.Errors[what] += n
}

// sum joins what lanes measured.
func sum(name string, elapsed time.Duration, meters []*meter) *Result {
	r := &Result{Name: name, Elapsed: elapsed, Errors: map[string]int64{}}
	for _, m := range meters {
		r.Requests += m.Requests
		r.Records += m.Records
		r.Bytes += m.Bytes
		r.Latency.Merge(&m.Latency)
		for what, n := range m.Errors {
			r.Errors[what] += n
		}
	}
	return r
}
