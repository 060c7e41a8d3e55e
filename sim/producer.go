package sim

import (
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker"
	"odradek/node/record"
)

// producer writes batches to its partitions until it is told to stop, as a
// Kafka client does: in order per partition, several requests under way, and,
// if it resends, again until it knows or its patience ends.
type producer struct {
	*workload
	c       *client
	process int32
	k       producerKnobs
	parts   []*feed
	pid     int64
	epoch   int16
	born    int16 // the epoch with which the session began
	flying  int   // requests under way
	busy    []int // by node
	initing bool
	backoff bool
	codecs  *record.Compressor
}

// producerKnobs are drawn for each producer.
type producerKnobs struct {
	Version    int16
	Acks       int16
	Idempotent bool
	InFlight   int
	Records    int // per batch, at most
	Padding    int // per record, at most
	Codec      record.Codec
	Pause      time.Duration
	Resends    bool          // a batch without an outcome is sent again; always if Idempotent
	Patience   time.Duration // delivery.timeout.ms: for so long
	Timeout    time.Duration // request.timeout.ms
	Backoff    time.Duration // retry.backoff.ms
	First      int32         // sequence with which a session begins
	Nap        time.Duration // now and then it leaves a partition alone for so long; 0: never
	Most       int           // batches to each partition; 0: as many as the time allows
	Offsets    bool          // it writes offsets of its own into some batches, which is refused
}

// sequenceAfter is the sequence number n records after seq. It is not the
// broker's own function, which would hide its faults.
func sequenceAfter(seq int32, n int) int32 { return int32((int64(seq) + int64(n)) % (1 << 31)) }

// feed is one partition as a producer sees it. batches are those without an
// outcome, oldest first; the first sent of them are under way.
type feed struct {
	target
	next    int32 // sequence
	batches []*batch
	made    int // batches so far
	flying  int
	node    int           // where those under way went
	stalled bool          // wait for those under way, then begin again with the first
	acked   bool          // the session has been acknowledged here
	until   time.Duration // the producer leaves it alone
	woke    bool          // and has just come back
}

type batch struct {
	records  []record.Record
	id       checker.ID
	known    bool // it is in the history
	doubt    bool // it may have been appended by an earlier try
	since    time.Duration
	sequence int32
	flying   bool
	probe    bool // it leaves a gap on purpose
}

const retryAfter = 20 * time.Millisecond

func (p *producer) start() { p.turn() }

// turn sends what may be sent, and comes back.
func (p *producer) turn() {
	if p.stopped && p.idle() {
		return
	}
	p.send()
	p.w.After(p.k.Pause+p.w.between(0, p.k.Pause), p.turn)
}

func (p *producer) idle() bool {
	for _, f := range p.parts {
		if len(f.batches) > 0 {
			return false
		}
	}
	return p.flying == 0
}

func (p *producer) send() {
	switch {
	case p.backoff || p.initing:
		return
	case p.k.Idempotent && p.pid < 0:
		p.init()
		return
	}
	for node := range p.nodes {
		p.sendTo(node)
	}
}

// sendTo sends a node what it leads.
func (p *producer) sendTo(node int) {
	if p.busy[node] >= p.k.InFlight {
		return
	}
	req := kmsg.NewPtrProduceRequest()
	req.Version, req.Acks, req.TimeoutMillis = p.k.Version, p.k.Acks, 5000
	var sent []*feed
	var batches []*batch
	for _, f := range p.parts {
		if at, _, known := p.c.leader(f.target); !known || at != node {
			continue
		}
		if b := p.pick(f, node); b != nil {
			sent, batches = append(sent, f), append(batches, b)
			p.put(req, f, b)
		}
	}
	if len(sent) == 0 {
		return
	}
	p.flying++
	p.busy[node]++
	p.c.send(node, req, p.k.Acks == 0, func(resp kmsg.Response, err error) {
		p.busy[node]--
		p.answered(sent, batches, resp, err)
	})
}

// holds tells whether a partition's next batch has to wait for those under way:
// some may be sent again, or went to another leader, which may be overtaken; and
// until the first one of a session is acknowledged, a leader that has never heard
// of it would take the second for the first.
func (p *producer) holds(f *feed, node int) bool {
	return f.flying > 0 && (f.stalled || f.node != node || p.k.Idempotent && !f.acked && len(p.nodes) > 1)
}

// pick is the batch of a partition to send next: one that is not under way, or
// a new one; nil if the partition has to wait.
func (p *producer) pick(f *feed, node int) *batch {
	if p.holds(f, node) {
		return nil
	}
	f.stalled, f.node = false, node
	if len(f.batches) == 0 {
		if p.naps(f) {
			return nil
		}
		if b := p.probe(f); b != nil {
			return b
		}
	} else if f.batches[0].probe {
		return nil
	}
	for _, b := range f.batches {
		if !b.flying {
			return p.launch(f, b)
		}
	}
	if p.stopped || p.k.Most > 0 && f.made >= p.k.Most || len(f.batches) >= p.k.InFlight || p.w.Rand.IntN(3) == 0 {
		return nil
	}
	b := &batch{records: p.values.fresh(p.w.Rand, 1+p.w.Rand.IntN(p.k.Records), p.wall(), p.k.Padding)}
	b.sequence = f.next
	f.next = sequenceAfter(f.next, len(b.records))
	f.batches = append(f.batches, b)
	f.made++
	return p.launch(f, b)
}

func (p *producer) launch(f *feed, b *batch) *batch {
	b.flying = true
	f.flying++
	if !b.known {
		b.known, b.since = true, p.w.now
		x := checker.Produce{Producer: checker.Unknown, Sequence: b.sequence, Acks: int8(p.k.Acks), Resends: p.k.Resends}
		if p.k.Idempotent {
			x.Producer, x.Epoch = p.pid, p.epoch
		}
		for _, r := range b.records {
			x.Records = append(x.Records, told(r, checker.Unknown))
		}
		b.id = p.h.InvokeProduce(p.process, p.at(), f.tp(), x)
	}
	return b
}

// put adds a batch to a request.
func (p *producer) put(req *kmsg.ProduceRequest, f *feed, b *batch) {
	build := record.NewBuilder(p.codecs)
	build.Codec = p.k.Codec
	if p.k.Idempotent {
		build.ProducerID, build.ProducerEpoch, build.BaseSequence = p.pid, p.epoch, b.sequence
	}
	if p.k.Offsets && p.w.Rand.IntN(5) == 0 {
		build.BaseOffset = p.w.Rand.Int64N(1000)
	}
	for _, r := range b.records {
		build.Append(r)
	}
	raw, err := build.Build()
	if err != nil {
		panic("sim: " + err.Error())
	}
	x := kmsg.NewProduceRequestTopicPartition()
	x.Partition, x.Records = f.index, raw
	for i := range req.Topics {
		if req.Topics[i].Topic == f.topic {
			req.Topics[i].Partitions = append(req.Topics[i].Partitions, x)
			return
		}
	}
	t := kmsg.NewProduceRequestTopic()
	t.Topic, t.TopicID = f.topic, f.id
	t.Partitions = append(t.Partitions, x)
	req.Topics = append(req.Topics, t)
}

func (p *producer) answered(sent []*feed, batches []*batch, resp kmsg.Response, err error) {
	p.flying--
	for i, b := range batches {
		b.flying = false
		sent[i].flying--
	}
	if err != nil {
		p.wait()
	}
	for i, f := range sent {
		if err != nil {
			p.c.doubt(f.target)
		}
		p.settle(f, batches[i], resp, err)
	}
}

// wait keeps the producer from asking again at once.
func (p *producer) wait() {
	if !p.k.Idempotent {
		p.process = p.newProcess() // another connection: no order is promised to the one before
	}
	if p.backoff {
		return
	}
	p.backoff = true
	p.w.After(p.w.between(p.k.Backoff/2, p.k.Backoff), func() { p.backoff = false })
}

// settle gives one batch its outcome, if it has one.
func (p *producer) settle(f *feed, b *batch, resp kmsg.Response, err error) {
	if b.probe {
		p.settleProbe(f, b, resp, err)
		return
	}
	if p.k.Acks == 0 && err == nil {
		p.end(f, b, func() { p.h.OK(b.id, p.at()) })
		return
	}
	if err != nil {
		b.doubt = b.doubt || !errors.Is(err, errRefused)
		p.again(f, b, err.Error())
		return
	}
	code, base := answerFor(resp.(*kmsg.ProduceResponse), f)
	failed, again := fate(code)
	b.doubt = b.doubt || !failed
	if again {
		p.c.doubt(f.target)
	}
	switch why := kerr.ErrorForCode(code); {
	case code == 0:
		f.acked = f.acked || p.pid >= 0
		p.end(f, b, func() { p.h.OKProduce(b.id, p.at(), base) })
	case errors.Is(why, kerr.DuplicateSequenceNumber) && p.k.Idempotent:
		p.end(f, b, func() { p.h.OKProduce(b.id, p.at(), checker.Unknown) })
	case errors.Is(why, kerr.OutOfOrderSequenceNumber) && p.k.Idempotent && len(p.nodes) > 1:
		p.c.doubt(f.target) // a leader that was deposed, and does not know it, lacks what came since
		p.wait()
		p.again(f, b, why.Error())
	case errors.Is(why, kerr.OutOfOrderSequenceNumber) && p.k.Idempotent:
		p.outOfOrder(f, b)
	case again:
		p.wait()
		p.again(f, b, why.Error())
	default:
		p.giveUp(f, b, why.Error())
	}
}

// answerFor is what a response says of a partition.
func answerFor(resp *kmsg.ProduceResponse, f *feed) (code int16, base int64) {
	for i := range resp.Topics {
		t := &resp.Topics[i]
		if t.Topic != f.topic && (resp.Version < 13 || t.TopicID != f.id) {
			continue
		}
		for j := range t.Partitions {
			if x := &t.Partitions[j]; x.Partition == f.index {
				return x.ErrorCode, x.BaseOffset
			}
		}
	}
	return kerr.UnknownServerError.Code, -1
}

// again keeps a batch to be sent again, while the producer does that.
func (p *producer) again(f *feed, b *batch, why string) {
	if p.k.Resends && p.w.now < b.since+p.k.Patience {
		f.stalled = p.k.Idempotent
		return
	}
	p.giveUp(f, b, why)
}

// giveUp ends a batch without success: it failed for certain only if no try of
// it can have been appended.
func (p *producer) giveUp(f *feed, b *batch, why string) {
	p.end(f, b, func() {
		if b.doubt {
			p.h.Maybe(b.id, p.at(), why)
		} else {
			p.h.Fail(b.id, p.at(), why)
		}
	})
	p.restart()
}

// outOfOrder follows KIP-360: behind a batch that is yet to be sent again it
// means nothing; for the first one the epoch is bumped and sequences begin anew.
func (p *producer) outOfOrder(f *feed, b *batch) {
	f.stalled = true
	if f.batches[0] != b {
		return
	}
	if p.pid >= 0 && p.epoch == p.born {
		p.complain("%s kept its order in %s-%d, and was told OUT_OF_ORDER_SEQUENCE_NUMBER of sequence %d", p.c.name, f.topic, f.index, b.sequence)
	}
	p.epoch++ // of all partitions
	for _, x := range p.parts {
		x.stalled, x.next = true, 0
		for _, y := range x.batches {
			y.sequence = x.next
			x.next = sequenceAfter(x.next, len(y.records))
		}
	}
}

// restart takes a new producer id: the state of the old one is not known.
func (p *producer) restart() {
	if p.k.Idempotent {
		p.pid = -1
	}
}

func (p *producer) end(f *feed, b *batch, outcome func()) {
	outcome()
	for i, x := range f.batches {
		if x == b {
			f.batches = append(f.batches[:i], f.batches[i+1:]...)
			return
		}
	}
}

// init asks for a producer id, once nothing is under way with the old one.
func (p *producer) init() {
	if p.flying > 0 {
		return
	}
	p.initing = true
	req := kmsg.NewPtrInitProducerIDRequest()
	req.Version = p.version(req, 0)
	p.c.send(p.anyone(), req, false, func(resp kmsg.Response, err error) {
		p.initing = false
		got, ok := resp.(*kmsg.InitProducerIDResponse)
		if err != nil || !ok || got.ErrorCode != 0 {
			p.wait()
			return
		}
		if other, given := p.given[got.ProducerID]; given {
			p.complain("%s was given producer id %d, and so was %s", p.c.name, got.ProducerID, other)
		}
		p.given[got.ProducerID] = p.c.name
		p.pid, p.epoch, p.born = got.ProducerID, got.ProducerEpoch, got.ProducerEpoch
		for _, f := range p.parts {
			f.next, f.acked = p.k.First, false
			p.renew(f)
		}
	})
}

// renew ends the batches of the old session: they may or may not be there, and
// to send them again could write them twice.
func (p *producer) renew(f *feed) {
	for len(f.batches) > 0 {
		b := f.batches[0]
		p.end(f, b, func() { p.h.Maybe(b.id, p.at(), "the session ended") })
	}
}
