package broker

import (
	"math/rand/v2"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/storage"
)

// controller is machine 0: it decides every change of the metadata, one at a
// time:
//
//	decide on the image -> records -> log, durable -> replay here -> every shard replays -> response
//
// and it begins and ends the node.
type controller struct {
	machine
	node  *node
	rand  *rand.Rand
	image *meta.Image
	dirs  []*logDir
	lost  map[string]bool // directories offline, by path

	decisions *meta.Controller
	log       *storage.Log
	config    storage.Config
	queue     []proposal
	current   *proposal // its records are being written
	until     int64     // the log's end after them
	acks      int       // shards that have yet to replay them
	ending    bool
	ended     bool
}

// proposal is a change asked for. decide is called when its turn has come; a
// change without records is answered at once.
type proposal struct {
	decide  func() ([]meta.Record, any)
	done    func(response any, err error)
	records []meta.Record
	result  any
}

// change is records of the metadata log, committed. Shards acknowledge it.
type change struct {
	Boot    *boot // with the first one only
	First   int64 // offset of the first record
	Records []meta.Record
}

// replayed acknowledges a change.
type replayed struct{}

func newController(n *node, rng *rand.Rand) *controller {
	c := &controller{node: n, rand: rng, image: meta.NewImage(), lost: map[string]bool{}, config: metadataLogConfig()}
	c.decisions = meta.NewController(c.image, n.config, rng)
	return c
}

// Step takes one event.
func (c *controller) Step(now env.Time, ev env.Event, out *env.Outbox) {
	c.begin(now, out)
	switch ev := ev.(type) {
	case env.Started:
		c.boot()
	case env.Message:
		c.message(ev)
	case *env.DiskDone:
		ev.Tag.Completed(now, ev, out)
	case env.Drained:
		if c.log != nil {
			c.log.Drained(now, out)
		}
	case env.Shutdown:
		c.shutdown()
	}
	c.out = nil
}

// Discard ends the controller without a word.
func (c *controller) Discard() { c.discard() }

func (c *controller) message(ev env.Message) {
	switch body := ev.Body.(type) {
	case answer:
		c.answered(body)
	case question:
		c.serve(body.Body, c.answerTo(ev.From, body))
	case replayed:
		c.acknowledged()
	case dirOffline:
		c.loseDir(body)
	}
}

// propose queues a change.
func (c *controller) propose(p proposal) {
	c.queue = append(c.queue, p)
	c.advance()
}

func (c *controller) advance() {
	for c.current == nil && len(c.queue) > 0 && !c.ended {
		p := c.queue[0]
		c.queue = c.queue[1:]
		c.try(&p)
	}
}

func (c *controller) try(p *proposal) {
	if c.ending {
		p.done(nil, kerr.BrokerNotAvailable)
		return
	}
	p.records, p.result = p.decide()
	if len(p.records) == 0 {
		p.done(p.result, nil)
		return
	}
	if err := c.write(p.records); err != nil {
		p.done(nil, kerr.KafkaStorageError)
		return
	}
	c.current, c.until = p, c.log.End()
}

// LogAdvanced makes the controller the owner of the metadata log.
func (c *controller) LogAdvanced(env.Time, *env.Outbox) {
	if c.current != nil && c.acks == 0 && c.log.Acked() >= c.until {
		c.commit()
	}
}

// LogFailed ends the node: without its metadata log it can do nothing right.
// A full disk is answered to those who asked.
func (c *controller) LogFailed(_ env.Time, err error, _ *env.Outbox) {
	if c.log == nil {
		return
	}
	if c.log.Stopped() != nil {
		c.stopped(err)
		return
	}
	if p := c.current; p != nil && c.acks == 0 {
		c.current = nil
		p.done(nil, kerr.KafkaStorageError)
		c.advance()
	}
}

// commit replays what is durable, here and then in every shard.
func (c *controller) commit() {
	first := c.until - int64(len(c.current.records))
	replay(c.image, first, c.current.records)
	c.broadcast(change{First: first, Records: c.current.records})
}

func (c *controller) broadcast(ch change) {
	c.acks = c.node.shards
	for i := range c.node.shards {
		c.out.Send(i+1, ch)
	}
}

// acknowledged counts a shard that has replayed the current change; after the
// last one its asker may know.
func (c *controller) acknowledged() {
	if c.acks--; c.acks > 0 {
		return
	}
	p := c.current
	c.current = nil
	p.done(p.result, nil)
	c.advance()
}

// replay applies committed records; one that does not fit is a broken promise.
func replay(im *meta.Image, first int64, records []meta.Record) {
	for i, r := range records {
		if err := im.Replay(first+int64(i), r); err != nil {
			panic("broker: " + err.Error())
		}
	}
}
