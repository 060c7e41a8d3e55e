package broker

import (
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/wire"
)

// link is a connection of a machine to another node. It is dialed when something
// is asked, and again after it broke:
//
//	ask -> dial -> stands -> request ... response -> done
//	          \------ closed, or an answer that does not come --> done(errLost)
//
// Answers come in the order of the questions. What was asked over a link that
// broke may have been done or not.
type link struct {
	m       *machine
	addr    func() string // where the node is now; "": nobody knows
	conn    env.ConnID    // 0: none
	stands  bool
	waiting []*asking // until it stands
	sent    []*asking // in the order of their answers
	last    int32     // correlation id
	broke   func()    // called when a connection that stood has broken; may be nil
}

// asking is one request over a link.
type asking struct {
	l    *link
	req  kmsg.Request
	id   int32
	done func(kmsg.Response, error)
}

// Errors of a link.
var (
	errLost  = errors.New("connection to another node was lost") // the request may have been done
	errReach = errors.New("another node could not be reached")   // it was not
)

func (m *machine) link(addr func() string) *link { return &link{m: m, addr: addr} }

// ask sends a request in the version that is set in it. done is called once, in
// a later step: with the response, or errReach or errLost.
func (l *link) ask(req kmsg.Request, patience time.Duration, done func(kmsg.Response, error)) {
	a := &asking{l: l, req: req, done: done}
	l.m.timers.Set(a, l.m.now.Mono+patience)
	if !l.stands {
		l.waiting = append(l.waiting, a)
		l.dial()
		return
	}
	l.send(a)
}

// tell sends a frame that nobody answers, if the link stands; else it is lost.
func (l *link) tell(frame []byte) {
	if l.stands {
		l.m.out.Emit(&env.Reply{Conn: l.conn, Parts: []env.Part{{Bytes: frame}}})
		return
	}
	l.dial()
}

func (l *link) dial() {
	if l.conn != 0 {
		return
	}
	addr := l.addr()
	if addr == "" {
		l.m.after(0, func() { l.failAll(errReach) })
		return
	}
	l.conn = l.m.out.Dial(addr)
	if l.m.dialed == nil {
		l.m.dialed = map[env.ConnID]*link{}
	}
	l.m.dialed[l.conn] = l
}

func (l *link) send(a *asking) {
	l.last++
	a.id = l.last
	l.sent = append(l.sent, a)
	l.m.out.Emit(&env.Reply{Conn: l.conn, Parts: []env.Part{{Bytes: wire.AppendRequest(nil, a.id, "odradek", a.req)}}})
}

// stood is called when a dialed connection stands.
func (m *machine) stood(ev env.Dialed) {
	l := m.dialed[ev.Conn]
	if l == nil {
		m.out.Emit(env.CloseConn{Conn: ev.Conn})
		return
	}
	l.stands = true
	waiting := l.waiting
	l.waiting = nil
	for _, a := range waiting {
		l.send(a)
	}
}

// heard takes a frame of a dialed connection.
func (m *machine) heard(ev env.Request) {
	l := m.dialed[ev.Conn]
	if l == nil || len(l.sent) == 0 {
		return
	}
	a := l.sent[0]
	resp, id, err := wire.ParseResponse(ev.Frame, a.req)
	if err != nil || id != a.id {
		m.out.Logf(env.Warn, "answer of %s to %s: %v, correlation id %d for %d", l.addr(), kmsg.NameForKey(a.req.Key()), err, id, a.id)
		l.cut()
		return
	}
	l.sent = l.sent[1:]
	m.timers.Cancel(a)
	a.done(resp, nil)
}

// hungUp is called when a dialed connection has ended, or did not come about.
func (m *machine) hungUp(ev env.ConnClosed) {
	if l := m.dialed[ev.Conn]; l != nil {
		stood := l.stands
		l.forget()
		l.failAll(errLost)
		if stood && l.broke != nil {
			l.broke()
		}
	}
}

// cut gives the connection up: all that was asked over it has no answer.
func (l *link) cut() {
	if l.conn != 0 {
		l.m.out.Emit(env.CloseConn{Conn: l.conn})
		l.forget()
	}
	l.failAll(errLost)
}

func (l *link) forget() {
	delete(l.m.dialed, l.conn)
	l.conn, l.stands = 0, false
}

func (l *link) failAll(err error) {
	waiting, sent := l.waiting, l.sent
	l.waiting, l.sent = nil, nil
	for _, a := range waiting {
		l.m.timers.Cancel(a)
		a.done(nil, errReach)
	}
	for _, a := range sent {
		l.m.timers.Cancel(a)
		a.done(nil, err)
	}
}

// fired: an answer takes too long. Those behind it would, too.
func (a *asking) fired() { a.l.cut() }

// codeError is a response's error code as an error, nil for 0.
func codeError(code int16) error { return kerr.ErrorForCode(code) }
