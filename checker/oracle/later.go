package oracle

import "fmt"

// flight is a request that was sent and whose answer has not been taken. Some are
// answered only when another connection has moved on: JoinGroup, when all have
// joined.
type flight struct {
	call call
	over connName
}

// send sends the request after @later.
func (p *player) send(c call) error {
	name := p.later
	p.later = ""
	conn, err := p.conn()
	if err != nil {
		return err
	}
	p.sent[name] = flight{c, connName{p.at, p.name}}
	_, _, err = conn.RoundTrip(c.frame, false)
	return err
}

// await takes the answer to what was sent under a name. Answers over one
// connection come in the order of its requests, and are to be taken in it.
func (p *player) await(e *entry) error {
	f, ok := p.sent[e.arg]
	conn, canWait := p.conns[f.over].(Receiver)
	if !ok || !canWait {
		return fmt.Errorf("nothing is under way as %q", e.arg)
	}
	delete(p.sent, e.arg)
	reply, closed, err := conn.Receive()
	out, err := p.take(f, reply, closed, err)
	if err != nil {
		return err
	}
	p.last = out.resp
	p.answered(e, out.lines)
	return nil
}
