package invariant

import (
	"slices"
	"strconv"
	"strings"

	"odradek/node/record"
	"odradek/sim"
)

// batch is what has to be the same wherever a batch lies.
type batch struct {
	crc   uint32
	epoch int32
	next  int64
}

// segments are the durable log files of a partition, by their base offsets.
func segments(n *sim.Node, p *part, each func(base int64, data []byte)) {
	n.Disk().EachDurable(sim.DataDir+"/"+p.name, func(f sim.Durable) {
		if base, is := baseOf(f.Name); is {
			each(base, f.Data)
		}
	})
}

const logFile = ".log"

func baseOf(name string) (base int64, is bool) {
	digits, is := strings.CutSuffix(name, logFile)
	base, err := strconv.ParseInt(digits, 10, 64)
	return base, is && err == nil
}

// tail is how far the batches of a file were followed.
type tail struct {
	file sim.Durable
	read int   // bytes
	end  int64 // offset
}

// place is a segment of a node's log.
type place struct {
	node int
	base int64
}

// durableEnd is where a node's log would end after a power cut now: the segments without
// a hole (but for one where records are deleted), and then what the journals hold.
func (x *Watch) durableEnd(n *sim.Node, p *part) int64 {
	end, found := int64(0), false
	n.Disk().EachDurable(sim.DataDir+"/"+p.name, func(f sim.Durable) {
		if base, is := baseOf(f.Name); is && (!found || base == end || base <= p.start) {
			end, found = p.follow(place{n.Place(), base}, f), true
		}
	})
	if !found {
		return 0 // there is nowhere to replay to
	}
	return x.replayed(n, p, end)
}

// follow is where the batches of a segment end. Where the file only grows it looks at
// what is new alone: it is asked each time that something is committed.
func (p *part) follow(at place, f sim.Durable) int64 {
	t := p.tails[at]
	if !f.Extends(t.file) {
		t = tail{end: at.base}
	}
	t.file = f
	for b, err := range record.Batches(f.Data[t.read:]) {
		if err != nil || b.BaseOffset() != t.end {
			break
		}
		t.read, t.end = t.read+len(b), b.NextOffset()
	}
	p.tails[at] = t
	return t.end
}

// members are the nodes that may come to lead: those in ISR and ELR.
func (x *Watch) members(p *part) (all []*sim.Node) {
	if p.newest == nil {
		return nil
	}
	for _, n := range x.w.Nodes() {
		if slices.Contains(p.newest.ISR, id(n)) || slices.Contains(p.newest.ELR, id(n)) {
			all = append(all, n)
		}
	}
	return all
}

// complete holds that who may come to lead has all that is committed.
func (x *Watch) complete(p *part) error {
	if p.start >= p.published {
		return nil
	}
	holding, lacking, end := 0, int32(0), int64(0)
	for _, n := range x.members(p) {
		if at := x.durableEnd(n, p); at < p.published {
			lacking, end = id(n), at
		} else {
			holding++
		}
	}
	if lacking == 0 || x.lossy && holding > 0 {
		return nil
	}
	return p.wrong("committed-not-durable", "committed below %d, but only below %d on node %d, while %s", p.published, end, lacking, show(p.newest))
}

// compare holds that the logs of those who may come to lead are the same below
// what is committed.
func (x *Watch) compare() error {
	for _, p := range x.order {
		for _, n := range x.members(p) {
			if err := p.compare(n); err != nil {
				return err
			}
		}
	}
	return nil
}

func (p *part) compare(n *sim.Node) error {
	var err error
	segments(n, p, func(_ int64, data []byte) {
		for b, bad := range record.Batches(data) {
			if bad != nil || err != nil || b.NextOffset() > p.published {
				return
			}
			if b.NextOffset() <= p.start {
				continue // deleted; of the file something may be left
			}
			is := batch{b.CRC(), b.PartitionLeaderEpoch(), b.NextOffset()}
			was, known := p.batches[b.BaseOffset()]
			if was != is && record.Check(b) != nil {
				return // torn, while a journal has it
			}
			if known && was != is {
				err = p.wrong("logs-differ", "node %d has another batch at %d than others had", id(n), b.BaseOffset())
			}
			p.batches[b.BaseOffset()] = is
		}
	})
	return err
}
