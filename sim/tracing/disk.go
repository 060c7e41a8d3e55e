package tracing

import (
	"strconv"
	"strings"

	"odradek/node/record"
	"odradek/sim"
)

// span is a piece of a log, whose batches are known once they are on disk.
type span struct {
	from, to int64
	epoch    int32 // of the replica's metadata when it got it
	leader   int   // in that epoch
	batches  []batch
}

// batch is one that was found on disk; or, with epoch -1, some that never were there.
type batch struct {
	ident
	epoch int32
}

// ident tells batches of one leader epoch apart, be it in logs of different nodes.
type ident struct {
	crc        uint32
	base, next int64
}

// hint is where in a file the next batch begins.
type hint struct {
	file   string
	offset int64
	at     int
}

// resolve reads what was written meanwhile.
func (x *replica) resolve(p *part, n *sim.Node, written int64) {
	for len(x.spans) > 0 && x.spans[0].to <= written {
		s := x.spans[0]
		s.batches, _ = p.read(n, x, s.from, s.to)
		x.spans = x.spans[1:]
	}
}

// salvage reads, before a process ends, what it has written of that which it has
// appended. What the rest is this disk tells if a journal has it, to the next process.
func (p *part) salvage(n *sim.Node, x *replica) (unwritten []*span) {
	for _, s := range x.spans {
		var end int64
		s.batches, end = p.read(n, x, s.from, s.to)
		if end < s.to {
			s.batches = append(s.batches, batch{ident: ident{0, end, s.to}, epoch: -1})
			unwritten = append(unwritten, s)
		}
	}
	x.spans = nil
	return unwritten
}

// found takes what a log has of what was not written.
func (s *span) found(log *span) {
	last := len(s.batches) - 1
	lacks := s.batches[last]
	s.batches = s.batches[:last]
	for _, b := range log.batches {
		if b.base >= lacks.base && b.next <= lacks.next {
			s.batches = append(s.batches, b)
			lacks.base = b.next
		}
	}
	if lacks.base < lacks.next {
		s.batches = append(s.batches, lacks)
	}
}

// whole reads a log.
func (p *part) whole(n *sim.Node, x *replica, end int64) *span {
	x.hint = hint{}
	s := &span{to: end}
	s.batches, _ = p.read(n, x, 0, end)
	return s
}

// read finds the batches of a log from one offset to another, and tells how far there are some.
func (p *part) read(n *sim.Node, x *replica, from, to int64) (found []batch, end int64) {
	end = from
	n.Disk().EachWritten(sim.DataDir+"/"+p.name, func(name string, data []byte) {
		digits, is := strings.CutSuffix(name, ".log")
		base, err := strconv.ParseInt(digits, 10, 64)
		if !is || err != nil || end >= to || base > end {
			return
		}
		at := 0
		if x.hint.file == name && x.hint.offset == end && x.hint.at <= len(data) {
			at = x.hint.at
		}
		for b, err := range record.Batches(data[at:]) {
			if err != nil || len(b) < record.HeaderSize || end >= to || b.BaseOffset() > end {
				return
			}
			if at += len(b); b.BaseOffset() < end {
				continue
			}
			found = append(found, batch{ident{b.CRC(), b.BaseOffset(), b.NextOffset()}, b.PartitionLeaderEpoch()})
			end = b.NextOffset()
			x.hint = hint{name, end, at}
		}
	})
	return found, end
}
