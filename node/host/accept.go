package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"odradek/node/env"
)

// acceptAgain is the time until the next attempt after a failed one, for
// instance when the process has no file descriptor left.
const acceptAgain = 100 * time.Millisecond

// door is a bound address. Clients that come before the node is ready wait in
// the system's queue.
type door struct {
	Listener
	bound net.Listener
}

func bind(ctx context.Context, network Network, listeners []Listener) ([]door, error) {
	var doors []door
	for _, l := range listeners {
		ln, err := network.Listen(ctx, l.Addr)
		if err != nil {
			closeAll(doors)
			return nil, fmt.Errorf("listener %s: %w", l.Name, err)
		}
		doors = append(doors, door{l, ln})
	}
	return doors, nil
}

func closeAll(doors []door) {
	for _, d := range doors {
		_ = d.bound.Close()
	}
}

// accept lets clients in until the door is closed.
func (h *host) accept(d door) {
	for {
		link, err := d.bound.Accept()
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err != nil {
			h.cfg.Log(env.Error, fmt.Sprintf("listener %s: %v", d.Name, err))
			if !h.pause(acceptAgain) {
				return
			}
			continue
		}
		if !d.Controller && !h.clients.slot(h.quit) {
			_ = link.Close()
			return
		}
		if err := h.welcome(d.Listener, link); err != nil {
			h.cfg.Log(env.Warn, fmt.Sprintf("listener %s: refused %v: %v", d.Name, link.RemoteAddr(), err))
			_ = link.Close()
			if !d.Controller {
				h.clients.freeSlot()
			}
		}
	}
}

func (h *host) pause(d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-h.quit:
		return false
	}
}

var errPerIP = errors.New("too many connections of this address")

// welcome gives a client to the next machine in turn, another node's controller
// to the first one.
func (h *host) welcome(l Listener, link net.Conn) error {
	r := h.runners[0]
	if !l.Controller {
		r = h.nextRunner()
	}
	c, err := newConn(h, link, r.box)
	if err != nil {
		return err
	}
	c.id, c.counted = env.ConnID(h.lastConn.Add(1)), !l.Controller
	if !h.clients.enter(c) {
		return errPerIP
	}
	r.box.put(opened{conn: c, ConnOpened: env.ConnOpened{
		Conn: c.id, Listener: l.Name,
		Local: link.LocalAddr().String(), Peer: link.RemoteAddr().String(),
	}})
	go c.read()
	return nil
}

// nextRunner goes round the machines but the first, unless it is the only one.
func (h *host) nextRunner() *runner {
	if len(h.runners) == 1 {
		return h.runners[0]
	}
	n := h.turn.Add(1) - 1
	return h.runners[1+n%uint64(len(h.runners)-1)]
}
