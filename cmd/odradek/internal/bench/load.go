package bench

import (
	"errors"
	"time"

	"odradek/cmd/odradek/internal/cluster"
	"odradek/node/record"
)

// Load says what to put on a topic.
type Load struct {
	Topic       *cluster.Topic
	Connections int
	InFlight    int // requests of a connection that wait for their responses

	Acks       int16
	Codec      record.Codec
	BatchSize  int // bytes before compression
	RecordSize int // bytes of a value

	Rate     float64       // batches (raw) or records (franz) a second, in all; 0 for as many as can be
	Warmup   time.Duration // at the beginning, not measured
	Duration time.Duration // measured; 0 until Bytes are sent
	Bytes    int64         // of batches to send; 0 for no limit
	Patience time.Duration // for one response

	Verify bool // fetched batches have their CRC checked
}

// Check refuses what cannot be done.
func (l *Load) Check() error {
	switch {
	case l.Connections < 1 || l.InFlight < 1:
		return errors.New("at least one connection and one request in flight are needed")
	case l.RecordSize < stampSize:
		return errors.New("a record is at least 8 bytes")
	case l.Duration <= 0 && l.Bytes <= 0:
		return errors.New("either a duration or a number of bytes is needed")
	case l.Rate < 0 || l.Warmup < 0:
		return errors.New("neither rate nor warm-up can be negative")
	}
	return nil
}

// begin is when measuring begins. It is a time of the wall clock, so that sender
// and receiver draw the line at the same record.
func (l *Load) begin() time.Time { return time.Now().Add(l.Warmup).Round(0) }

// lane is one connection's part: a broker and partitions that it leads.
type lane struct {
	addr       string
	partitions []int32
}

// lanes deals connections out to brokers, and partitions to connections. A
// broker gets at least one; a partition is on several when there are more
// connections than partitions.
func (l *Load) lanes() []lane { return l.split(l.Connections) }

// fetchLanes are those on which a partition is only once: there may be fewer
// than connections.
func (l *Load) fetchLanes() []lane { return l.split(1) }

// split makes lanes, with a partition on at most so many of them.
func (l *Load) split(most int) []lane {
	var leaders []string
	led := map[string][]int32{}
	for p, addr := range l.Topic.Leaders {
		if led[addr] == nil {
			leaders = append(leaders, addr)
		}
		led[addr] = append(led[addr], int32(p))
	}
	var all []lane
	for i, addr := range leaders {
		n := l.Connections / len(leaders)
		if i < l.Connections%len(leaders) {
			n++
		}
		n = min(n, most*len(led[addr]))
		all = append(all, deal(addr, led[addr], max(n, 1))...)
	}
	return all
}

func deal(addr string, partitions []int32, connections int) []lane {
	all := make([]lane, connections)
	for i := range max(len(partitions), connections) {
		c := &all[i%connections]
		c.addr = addr
		c.partitions = append(c.partitions, partitions[i%len(partitions)])
	}
	return all
}
