package broker

import (
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/quorum"
)

// active decides every change of the metadata, one at a time, while this node
// leads the quorum:
//
//	decide on the image -> records -> committed -> replayed by all shards here -> response
type active struct {
	c       *controller
	epoch   int32
	queue   []*proposal
	current *proposal // its records are being committed
	until   int64     // the log's end after them
	sure    bool      // they are committed; the shards replay them
	over    bool
}

// proposal is a change asked for. decide is called when its turn has come; a
// change without records is answered at once. An error of done is a *kerr.Error;
// NOT_CONTROLLER says that nothing was done, REQUEST_TIMED_OUT that it is not known.
type proposal struct {
	decide func() ([]meta.Record, any)
	done   func(response any, err error)
	result any
}

// How often the active controller looks at sessions, and for partitions that
// may have a leader again; and how long brokers have to be heard of.
const (
	sessionPeriod = 100 * time.Millisecond
	// A broker that lives sends a heartbeat at once when its connection to the
	// active controller breaks, or when there is a new one. These are hints, and
	// cost an unnecessary election at worst.
	brokenLinkGrace    = 500 * time.Millisecond
	newControllerGrace = time.Second
	uncleanPeriod      = 5 * time.Minute // unclean.leader.election.interval.ms
)

func newActive(c *controller, epoch int32) *active { return &active{c: c, epoch: epoch} }

// begin gives all brokers new sessions, and a new cluster what every one has.
func (a *active) begin() {
	a.c.decisions.Activate(a.c.now.Mono, newControllerGrace)
	if a.c.image.Version() < 0 {
		minISR, _ := a.c.node.config.Int("min.insync.replicas")
		a.chore(func() []meta.Record { return meta.Bootstrap(minISR) })
	}
	a.every(sessionPeriod, a.expire)
	a.every(a.c.seconds("leader.imbalance.check.interval.seconds"), func() { a.again(a.c.decisions.Balance) })
	a.every(uncleanPeriod, func() { a.again(a.c.decisions.ElectUnclean) })
}

// every is a chore that ends with the leadership.
func (a *active) every(period time.Duration, do func()) {
	var next func()
	next = func() {
		if !a.over {
			do()
			a.c.after(period, next)
		}
	}
	a.c.after(period, next)
}

// chore proposes what nobody waits for.
func (a *active) chore(decide func() []meta.Record) {
	a.propose(proposal{
		decide: func() ([]meta.Record, any) { return decide(), nil },
		done:   func(any, error) {},
	})
}

func (a *active) again(round func() ([]meta.Record, bool)) {
	a.chore(func() []meta.Record {
		records, more := round()
		if more {
			a.c.after(0, func() { a.again(round) })
		}
		return records
	})
}

func (a *active) expire() {
	if at, ok := a.c.decisions.NextExpiry(); ok && at <= a.c.now.Mono {
		a.chore(func() []meta.Record { return a.c.decisions.Expire(a.c.now.Mono) })
	}
}

// propose queues a change.
func (a *active) propose(p proposal) {
	if a.over || a.c.ended {
		p.done(nil, kerr.NotController)
		return
	}
	a.queue = append(a.queue, &p)
	a.advance()
}

func (a *active) advance() {
	for a.current == nil && len(a.queue) > 0 && !a.over {
		p := a.queue[0]
		a.queue = a.queue[1:]
		a.try(p)
	}
}

func (a *active) try(p *proposal) {
	records, result := p.decide()
	if p.result = result; len(records) == 0 {
		p.done(result, nil)
		return
	}
	values := make([][]byte, len(records))
	for i, r := range records {
		values[i] = meta.Encode(nil, r)
	}
	a.current, a.sure = p, false
	a.until = a.c.quorum.NextOffset() + int64(len(records)) // it may be committed at once
	if _, err := a.c.quorum.Propose(a.c.now, values, a.c.out); err != nil {
		a.current = nil
		p.done(nil, refusal(err))
	}
}

func refusal(err error) error {
	switch {
	case errors.Is(err, quorum.ErrNotLeader):
		return kerr.NotController
	case errors.Is(err, quorum.ErrTooLarge):
		return kerr.RecordListTooLarge
	}
	return kerr.KafkaStorageError
}

// committed ends the current change once the log has come as far in our epoch.
func (a *active) committed(end int64, epoch int32) {
	p := a.current
	if p == nil || a.sure || end < a.until || epoch != a.epoch {
		return
	}
	a.sure = true
	a.c.settled(func() {
		if a.over {
			p.done(p.result, nil) // committed all the same
			return
		}
		a.current = nil
		p.done(p.result, nil)
		a.advance()
	})
}

// end tells all who wait that this node does not decide any more.
func (a *active) end() {
	a.over = true
	if p := a.current; p != nil && !a.sure {
		p.done(nil, kerr.RequestTimedOut)
	}
	queue := a.queue
	a.queue = nil
	for _, p := range queue {
		p.done(nil, kerr.NotController)
	}
}

// seconds is a setting that is a number of seconds.
func (c *controller) seconds(key string) time.Duration {
	n, _ := c.node.config.Int(key)
	return time.Duration(n) * time.Second
}

func (c *controller) millis(key string) time.Duration {
	n, _ := c.node.config.Int(key)
	return time.Duration(n) * time.Millisecond
}

var _ env.Machine = (*controller)(nil)
