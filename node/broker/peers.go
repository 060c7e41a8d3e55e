package broker

import (
	"errors"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/wire"
)

// peerConn is another node's connection to this controller. Its requests are
// answered in their order.
type peerConn struct {
	id       env.ConnID
	listener string
	calls    []*peerCall

	broker int32 // whose heartbeats came last
	epoch  int64 // its
}

type peerCall struct {
	req  wire.Request
	resp []byte // nil: not decided yet
}

// network takes the events of connections, from either end.
func (c *controller) network(ev env.Event) {
	switch ev := ev.(type) {
	case env.ConnOpened:
		c.conns[ev.Conn] = &peerConn{id: ev.Conn, listener: ev.Listener, broker: noNode}
	case env.Dialed:
		c.stood(ev)
	case env.Request:
		if ev.Conn.Dialed() {
			c.heard(ev)
		} else if p := c.conns[ev.Conn]; p != nil {
			c.received(p, ev.Frame)
		}
	case env.ConnClosed:
		if p := c.conns[ev.Conn]; p != nil {
			delete(c.conns, ev.Conn)
			c.lostBroker(p)
		}
		c.hungUp(ev)
	}
}

func (c *controller) received(p *peerConn, frame []byte) {
	req, err := wire.ParseControllerRequest(frame, c.node.limits)
	if errors.Is(err, wire.ErrUnsupportedVersion) && req.Key == wire.ApiVersions {
		p.calls = append(p.calls, &peerCall{req: req, resp: unknownVersion(req.CorrelationID)})
		c.flush(p)
		return
	}
	if err != nil {
		c.out.Emit(env.CloseConn{Conn: p.id, Reason: err.Error()})
		delete(c.conns, p.id)
		return
	}
	if r, ok := req.Body.(*wire.RaftRequest); ok {
		if c.quorum != nil {
			c.quorum.Receive(c.now, r.Frame, c.out)
		}
		return
	}
	if r, ok := req.Body.(*kmsg.BrokerHeartbeatRequest); ok {
		p.broker, p.epoch = r.BrokerID, r.BrokerEpoch
	}
	k := &peerCall{req: req}
	p.calls = append(p.calls, k)
	c.answerPeer(p, req.Body, func(resp kmsg.Response) {
		if resp == nil {
			c.out.Emit(env.CloseConn{Conn: p.id, Reason: "nobody here answers " + kmsg.NameForKey(req.Key)})
			delete(c.conns, p.id)
			return
		}
		resp.SetVersion(req.Version)
		k.resp = wire.AppendResponse(nil, req.CorrelationID, resp)
		c.flush(p)
	})
}

// answerPeer decides what another node asks, or a tool. It is not passed on: the asker
// looks for the active controller itself.
func (c *controller) answerPeer(p *peerConn, req kmsg.Request, done func(kmsg.Response)) {
	if pull, ok := req.(*wire.MetadataPullRequest); ok {
		c.answerPull(pull, done)
		return
	}
	if c.begun && c.answerAlone(p, req, done) {
		return
	}
	if c.active == nil {
		done(refused(req, kerr.NotController.Code))
		return
	}
	c.decideHere(req, func(resp kmsg.Response, err error) {
		if err != nil {
			resp = refused(req, codeOf(err))
		}
		done(resp)
	})
}

func (c *controller) flush(p *peerConn) {
	for len(p.calls) > 0 && p.calls[0].resp != nil {
		k := p.calls[0]
		p.calls = p.calls[1:]
		if c.conns[p.id] == p {
			c.out.Emit(&env.Reply{Conn: p.id, Parts: []env.Part{{Bytes: k.resp}}})
		}
	}
}

// lostBroker is called when the connection broke over which a broker sent its
// heartbeats.
func (c *controller) lostBroker(p *peerConn) {
	if c.active != nil && p.broker != noNode {
		c.decisions.Suspect(c.now.Mono, p.broker, p.epoch, brokenLinkGrace)
	}
}
