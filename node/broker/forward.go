package broker

import (
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// How long a request may look for somebody who decides, and waits between two
// attempts.
const (
	forwardLimit = 30 * time.Second // Kafka's controller.quorum.request.timeout.ms and more
	forwardPause = 50 * time.Millisecond
)

// route asks whoever decides now, once. Errors: NOT_CONTROLLER and errReach say
// that nothing was done; others, that it is not known.
func (c *controller) route(req kmsg.Request, patience time.Duration, done func(kmsg.Response, error)) {
	if c.active != nil {
		c.decideHere(req, done)
		return
	}
	l := c.linkTo(c.leader)
	if c.leader == noNode || l == nil {
		c.after(0, func() { done(nil, errReach) })
		return
	}
	l.ask(req, patience, func(resp kmsg.Response, err error) {
		if err == nil && refusedBy(resp) == kerr.NotController.Code {
			resp, err = nil, kerr.NotController
		}
		done(resp, err)
	})
}

// forward asks until somebody has decided, or the time is up. A request of whose
// fate nothing is known is not sent twice.
func (c *controller) forward(req kmsg.Request, done func(kmsg.Response, error)) {
	limit := forwardLimit
	if ms := timeoutOf(req); ms > 0 {
		limit = min(limit, time.Duration(ms)*time.Millisecond)
	}
	f := &forwarded{c: c, req: req, done: done, until: c.now.Mono + limit}
	f.try()
}

type forwarded struct {
	c     *controller
	req   kmsg.Request
	done  func(kmsg.Response, error)
	until time.Duration
}

func (f *forwarded) try() {
	c := f.c
	c.route(f.req, max(f.until-c.now.Mono, forwardPause), func(resp kmsg.Response, err error) {
		again := err == errReach || err == kerr.NotController
		switch {
		case err == nil:
			f.done(resp, nil)
		case again && c.now.Mono < f.until && !c.ended && !impatient(f.req):
			c.after(forwardPause, f.try)
		default:
			f.give(err, again)
		}
	})
}

// give ends with an error: NOT_CONTROLLER if nothing was done, else
// REQUEST_TIMED_OUT, in the response where it has a place for that.
func (f *forwarded) give(err error, nothing bool) {
	code := kerr.RequestTimedOut.Code
	if nothing && impatient(f.req) {
		code = kerr.NotController.Code
	}
	if resp := refused(f.req, code); resp != nil {
		f.done(resp, nil)
		return
	}
	f.done(nil, err)
}

// impatient tells whether the asker asks again by itself.
func impatient(req kmsg.Request) bool {
	switch req.(type) {
	case *kmsg.AlterPartitionRequest:
		return true
	}
	return false
}

// timeoutOf is how long a client means to wait, in ms; 0: it does not say.
func timeoutOf(req kmsg.Request) int32 {
	if r, ok := req.(kmsg.TimeoutRequest); ok {
		return r.Timeout()
	}
	return 0
}
