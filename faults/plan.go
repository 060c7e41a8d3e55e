package faults

import (
	"strings"
	"time"
)

// Plan is a list of faults. Their order decides between equal times.
type Plan []Fault

// Fault is one thing that goes wrong.
type Fault struct {
	Kind  Kind
	On    int           // node, for Reset the number of the connection, from 0 in order of dialing; where a link begins
	To    int           // where a link ends: a node, or Clients
	Apart Groups        // Partition
	ByOp  bool          // Op says when, not At
	Op    uint64        // number of a disk operation of the node, from 1, through all incarnations
	At    time.Duration // virtual time
	Until time.Duration // end of a lasting fault
	Delay time.Duration // time down, added latency, jump of the wall clock, or drift per second
	Bit   uint64        // Flip, FlipIndex, FlipRecord, Chop
}

// Kind is the sort of a fault.
type Kind uint8

// The sorts of faults.
const (
	PowerCut   Kind = iota // the node loses what was not synced; up again after Delay
	Crash                  // the process dies, the page cache stays; up again after Delay
	Stop                   // a clean shutdown is asked for; up again Delay after its end
	EIOSync                // one Sync fails; what it should have saved will never be durable
	EIOWrite               // one Write fails, perhaps after some of its bytes
	EIORead                // one Read fails
	DiskFull               // no space from At to Until
	DiskSlow               // each operation takes Delay longer from At to Until
	Flip                   // one stored bit is inverted
	FlipIndex              // one stored bit of an offset index is inverted
	Clock                  // the wall clock jumps by Delay
	Reset                  // a connection is reset
	Partition              // groups of nodes do not reach one another
	Block                  // nothing gets from On to To
	DelayLink              // each piece takes Delay longer from On to To
	ClogLink               // from On to To a connection gets one piece through every Delay
	Pause                  // the process stands still, its clock and its disk go on
	Wipe                   // the node loses all of its disk; up again after Delay
	Drift                  // the monotonic clock gains Delay in each second
	FlipRecord             // one stored bit of a partition's records is inverted, not of the metadata's
	WipeLogs               // the node loses its log directories, not that of the metadata log; up again after Delay
	Chop                   // the power is cut, and the end of one partition's log is gone, from below its synced mark on
	kinds
)

var names = [kinds]string{"power-cut", "crash", "stop", "eio-sync", "eio-write", "eio-read",
	"disk-full", "disk-slow", "flip", "flip-index", "clock", "reset",
	"partition", "block", "delay-link", "clog-link", "pause", "wipe", "drift", "flip-record",
	"wipe-logs", "chop"}

func (k Kind) String() string {
	if k < kinds {
		return names[k]
	}
	return "unknown"
}

// Lasting tells whether faults of this kind have an end.
func (k Kind) Lasting() bool {
	switch k {
	case DiskFull, DiskSlow, Partition, Pause, Drift:
		return true
	}
	return k.Linked()
}

// Linked tells whether faults of this kind happen to a link: one direction
// between two nodes, or between a node and all clients.
func (k Kind) Linked() bool { return k == Block || k == DelayLink || k == ClogLink }

// Delayed tells whether faults of this kind carry a Delay.
func (k Kind) Delayed() bool {
	switch k {
	case PowerCut, Crash, Stop, DiskSlow, Clock, DelayLink, ClogLink, Wipe, WipeLogs, Drift:
		return true
	}
	return false
}

// Counted tells whether faults of this kind may happen at a disk operation.
func (k Kind) Counted() bool {
	return k <= EIORead || k.Flips() && k != Chop || k == Clock || k == Wipe
}

// Flips tells whether faults of this kind carry a Bit: which one it is, or where
// the log ends then.
func (k Kind) Flips() bool { return k == Flip || k == FlipIndex || k == FlipRecord || k == Chop }

// Loses tells whether faults of this kind take away what was synced, and with it the
// process that knew of it: a budget has to allow for them.
func (k Kind) Loses() bool { return k == Wipe || k == WipeLogs || k == Chop }

// String is the plan with one fault a line.
func (p Plan) String() string {
	var b strings.Builder
	for _, f := range p {
		b.WriteString(f.String())
		b.WriteByte('\n')
	}
	return b.String()
}
