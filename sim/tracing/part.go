package tracing

import (
	"slices"
	"time"

	"odradek/node/env"
	"odradek/node/meta"
	"odradek/sim"
)

// part is a partition that is traced.
type part struct {
	name      string
	brokers   []int32 // with a replica, ascending
	first     Entry
	firstUp   []int
	active    []int
	epoch     int32 // partition epoch, as decided
	last      Entry // of it
	metas     []int // place in metalog, from 1, by partition epoch
	replicas  []*replica
	born      [][]int64 // epochs that each broker had, the first one not
	stillborn []int     // processes that were registered after their end
	lines     []*line
	cut       string
}

// replica is what was last seen of one.
type replica struct {
	up        bool  // its process runs, and is registered
	base      int32 // partition epoch at its registration: it does nothing before it has applied that
	applied   int32
	loaded    bool
	end       int64
	acked     int64
	high      int64
	proposing bool
	joins     int32
	asks      []int32  // the ISR it was proposed with
	lost      bool     // the log was cut below what was synced, and it has not confessed
	wiped     bool     // its storage is about to be lost
	gone      bool     // it was lost, and no process registered since
	keeper    env.UUID // the process that may still have had it
	opening   *opening
	spans     []*span // not yet seen on disk
	hint      hint
}

// opening is what the next process finds of a replica that crashed.
type opening struct {
	acked     int64 // of before: if the log ends below, storage was lost
	lost      bool  // the next process says so by itself: a journal is damaged
	end, high int64
	span      *span   // of all the log; nil: it was not opened
	unwritten []*span // of before, to the end: a journal may hold them
}

// line is a Line in the making: offsets are not batches yet.
type line struct {
	at    time.Duration
	acts  []act
	after []change
}

type act struct {
	name    string
	replica int
	n       int64 // an offset of the replica's log
	more    int64 // another argument
	set     []int
	span    *span    // of what is written or fetched
	opens   *opening // of Crash
}

type change struct {
	name    string
	replica int
	n       int64
	set     []int
	entry   Entry
	span    *span
	opens   *opening
}

// begin traces a partition from its making on.
func (r *Recorder) begin(k key, topic string, m *meta.Partition) {
	p := &part{name: nameOf(topic, m.Index), brokers: sorted32(m.Replicas), epoch: m.PartitionEpoch}
	p.first = p.entry(m)
	p.last, p.metas = p.first, []int{1}
	p.born = make([][]int64, len(p.brokers))
	for _, id := range p.brokers {
		x := &replica{joins: -1}
		p.replicas = append(p.replicas, x)
		if b := r.known.Broker(id); b != nil {
			x.up = r.lives(b)
		}
	}
	p.firstUp, p.active = p.ups().set, p.actives(r).set
	if m.PartitionEpoch > 0 {
		p.cut = "its beginning was not seen"
	}
	r.parts[k] = p
	r.order = append(r.order, p)
}

func (p *part) replica(at int) *replica { return p.replicas[at-1] }

// ended is the end of a process.
func (p *part) ended(now time.Duration, n *sim.Node, at int, process env.UUID) {
	x := p.replica(at)
	unwritten := p.salvage(n, x)
	wiped := x.wiped
	if x.up {
		p.crashed(now, at)
		x.opening.unwritten = append(x.opening.unwritten, unwritten...)
	}
	x.loaded, x.hint = false, hint{}
	if wiped {
		p.losesStorage(now, at, process)
	}
}

// crashed takes a replica out of the specification's processes.
func (p *part) crashed(now time.Duration, at int) {
	x := p.replica(at)
	x.up, x.proposing, x.lost = false, false, false
	if x.loaded || x.opening == nil { // else it leaves what the process before has left
		x.opening = &opening{acked: x.acked, end: x.acked, high: x.high}
	}
	l := p.step(now)
	l.acts = append(l.acts, act{name: "Crash", replica: at, opens: x.opening})
	l.after = append(l.after, p.ups(), change{name: "applied", replica: at},
		change{name: "pending", replica: at, n: -1},
		change{name: "log", replica: at, opens: x.opening}, change{name: "durable", replica: at, opens: x.opening},
		change{name: "hw", replica: at, opens: x.opening})
}

// losesStorage is of one whose process is down: its last one, that may have had it. Who
// has none left loses nothing.
func (p *part) losesStorage(now time.Duration, at int, process env.UUID) {
	x := p.replica(at)
	x.wiped, x.opening, x.spans = false, nil, nil
	x.end, x.acked, x.high = 0, 0, 0
	if x.gone {
		return
	}
	x.gone, x.keeper = true, process
	l := p.step(now)
	l.acts = append(l.acts, act{name: "LoseStorage", replica: at})
	for _, name := range []string{"log", "durable", "hw"} {
		l.after = append(l.after, change{name: name, replica: at})
	}
}

// ordinal counts a broker's epochs since the partition was made.
func (p *part) ordinal(at int, epoch int64) int64 {
	return int64(slices.Index(p.born[at-1], epoch) + 1)
}
