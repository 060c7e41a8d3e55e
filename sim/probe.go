package sim

import (
	"errors"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// probeGap is how far ahead of its order a producer probes: what it sends meanwhile
// fills no such gap, however late the probe arrives.
const probeGap = 1 << 20

// probe makes, now and then, a batch that leaves a gap in the sequence numbers
// of a session that the broker has acknowledged: it must be refused. A broker
// that takes it has forgotten the producer, and would take a batch twice as well.
func (p *producer) probe(f *feed) *batch {
	often := 12
	if f.woke {
		often = 2
	}
	f.woke = false
	if !p.k.Idempotent || !f.acked || p.stopped || p.w.Rand.IntN(often) > 0 {
		return nil
	}
	b := &batch{records: p.values.fresh(p.w.Rand, 1, p.wall(), 0), probe: true, sequence: sequenceAfter(f.next, probeGap)}
	f.batches = append(f.batches, b)
	return p.launch(f, b)
}

// naps lets a producer leave a partition alone, long enough that all it wrote
// there may be deleted and the node may come back without it.
func (p *producer) naps(f *feed) bool {
	if f.until > 0 && p.w.now >= f.until {
		f.until, f.woke = 0, true
	} else if f.until == 0 && p.k.Nap > 0 && !p.stopped && p.w.Rand.IntN(20) == 0 {
		f.until = p.w.now + p.w.between(p.k.Nap/2, p.k.Nap)
	}
	return f.until > 0 && !p.stopped
}

// settleProbe ends a probe; it is never sent again.
func (p *producer) settleProbe(f *feed, b *batch, resp kmsg.Response, err error) {
	if err != nil {
		p.end(f, b, func() { p.h.Maybe(b.id, p.at(), err.Error()) })
		return
	}
	code, base := answerFor(resp.(*kmsg.ProduceResponse), f)
	if code == 0 {
		p.complain("%s-%d took sequence %d of %s, which leaves a gap", f.topic, f.index, b.sequence, p.c.name)
		p.end(f, b, func() { p.h.OKProduce(b.id, p.at(), base) })
		p.restart()
		return
	}
	why := kerr.ErrorForCode(code)
	p.end(f, b, func() {
		if failed, _ := fate(code); failed || errors.Is(why, kerr.OutOfOrderSequenceNumber) {
			p.h.Fail(b.id, p.at(), why.Error())
		} else {
			p.h.Maybe(b.id, p.at(), why.Error())
		}
	})
}
