package host

import (
	"context"
	"fmt"
	"time"

	"odradek/node/env"
)

// connectTimeout is how long a peer may take to answer a dial: Kafka's
// socket.connection.setup.timeout.ms.
const connectTimeout = 10 * time.Second

// dial connects in the background.
//
//	Dial --> connect --> reached, in the mailbox --> Dialed
//	              `----> ConnClosed
//
// The reader waits at the gate until the machine was told.
func (r *runner) dial(e env.Dial) {
	ctx, giveUp := context.WithTimeout(r.host.dialing, connectTimeout)
	r.dialing[e.Conn] = giveUp
	r.host.dialings.Go(func() {
		defer giveUp()
		c, err := r.host.connect(ctx, r.box, e)
		if err != nil {
			r.host.cfg.Log(env.Debug, fmt.Sprintf("dialing %s: %v", e.Addr, err))
			r.box.put(env.ConnClosed{Conn: e.Conn})
			return
		}
		r.box.put(reached{conn: c, Dialed: env.Dialed{Conn: c.id}})
		go c.read()
	})
}

func (h *host) connect(ctx context.Context, box *mailbox, e env.Dial) (*conn, error) {
	link, err := h.cfg.Network.Dial(ctx, e.Addr)
	if err != nil {
		return nil, err
	}
	c, err := newConn(h, link, box)
	if err != nil {
		_ = link.Close()
		return nil, err
	}
	c.id = e.Conn
	c.gate.pause(true)
	h.clients.enter(c)
	return c, nil
}

// stands tells the machine of a connection that it dialed, unless it has given
// up meanwhile: then nothing is read, and ConnClosed follows.
func (r *runner) stands(ev reached) {
	r.conns[ev.Conn] = ev.conn
	if r.dialing[ev.Conn] == nil {
		ev.conn.finish("")
		return
	}
	delete(r.dialing, ev.Conn)
	ev.conn.gate.pause(false)
	r.step(ev.Dialed)
}

// giveUp ends a dial that is under way.
func (r *runner) giveUp(id env.ConnID) {
	if cancel := r.dialing[id]; cancel != nil {
		cancel()
		delete(r.dialing, id)
	}
}
