package host

import (
	"context"
	"errors"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"odradek/node/env"
)

// host is one running node.
type host struct {
	cfg      Config
	start    time.Time
	doors    []door
	runners  []*runner
	clients  *clients
	frames   frames
	lastConn atomic.Uint64
	turn     atomic.Uint64

	quit      chan struct{} // closed when nobody is let in any more
	result    chan error    // of the effect Stopped
	opening   sync.Mutex    // Ready against the end
	closing   bool
	acceptors sync.WaitGroup
	machines  sync.WaitGroup

	dialing  context.Context // done when nobody is dialed any more
	hangUp   context.CancelFunc
	dialings sync.WaitGroup
}

// errNoMachine is a mistake of the caller.
var errNoMachine = errors.New("a node needs at least one machine")

// Run runs a node's machines, the first of which is asked to end (Shutdown)
// when ctx is done, until it has (Stopped, whose error is returned). Addresses
// are bound at once, other nodes' controllers let in at once too, and clients at
// Ready. A node that has not ended
// Config.Grace after ctx was done is ended by force, with an error.
//
// Errors: an address that cannot be bound, *net.OpError; Stopped.Err.
func Run(ctx context.Context, cfg Config, machines []env.Machine) error {
	if len(machines) == 0 {
		return errNoMachine
	}
	cfg = cfg.withDefaults()
	doors, err := bind(ctx, cfg.Network, cfg.Listeners)
	if err != nil {
		return err
	}
	h := newHost(cfg, doors, machines)
	for _, r := range h.runners {
		h.machines.Go(r.run)
	}
	h.open(true)
	err = h.wait(ctx)
	return errors.Join(err, h.end())
}

func newHost(cfg Config, doors []door, machines []env.Machine) *host {
	h := &host{
		cfg: cfg, start: time.Now(), doors: doors,
		clients: newClients(cfg.MaxConnections, cfg.MaxConnectionsPerIP),
		quit:    make(chan struct{}), result: make(chan error, 1),
	}
	h.dialing, h.hangUp = context.WithCancel(context.Background())
	for i, m := range machines {
		h.runners = append(h.runners, newRunner(h, i, m))
	}
	return h
}

func (h *host) now() env.Time {
	now := time.Now()
	return env.Time{Mono: now.Sub(h.start), Wall: now.UnixMilli()}
}

// ready is the effect: clients are let in.
func (h *host) ready() {
	if !h.open(false) {
		return
	}
	addrs := make([]net.Addr, 0, len(h.doors))
	for _, d := range h.doors {
		addrs = append(addrs, d.bound.Addr())
	}
	h.cfg.OnReady(addrs)
}

// open lets those in who come by the doors of controllers, or by the others;
// false: the node is about to end.
func (h *host) open(controllers bool) bool {
	h.opening.Lock()
	defer h.opening.Unlock()
	for _, d := range h.doors {
		if d.Controller == controllers && !h.closing {
			h.acceptors.Go(func() { h.accept(d) })
		}
	}
	return !h.closing
}

// stopped is the effect, the last one that counts.
func (h *host) stopped(err error) {
	select {
	case h.result <- err:
	default:
	}
}

// closeDoors lets nobody in any more.
func (h *host) closeDoors() {
	h.opening.Lock()
	first := !h.closing
	h.closing = true
	h.opening.Unlock()
	if first {
		close(h.quit)
		closeAll(h.doors)
		h.acceptors.Wait()
	}
}

// wait returns when machine 0 has stopped, or has not in time.
func (h *host) wait(ctx context.Context) error {
	select {
	case err := <-h.result:
		return err
	case <-ctx.Done():
	}
	h.closeDoors()
	h.runners[0].box.put(env.Shutdown{})
	late := time.NewTimer(h.cfg.Grace)
	defer late.Stop()
	select {
	case err := <-h.result:
		return err
	case <-late.C:
		return fmt.Errorf("the node did not end within %v", h.cfg.Grace)
	}
}

// end takes everything down: machines, then clients and peers with the replies that they
// were given, then disks. What was not synced by then was promised to nobody.
func (h *host) end() error {
	h.closeDoors()
	for _, r := range h.runners {
		r.box.close()
	}
	h.machines.Wait()
	h.hangUp()
	h.dialings.Wait()
	if !h.clients.end(h.cfg.Grace) {
		return errors.New("a connection does not end: its file cannot be read")
	}
	for _, r := range h.runners {
		if !r.disk.stop(h.cfg.Grace) {
			return errors.New("a disk call does not return")
		}
	}
	return nil
}

// pin finds an open file by its id, which tells the machine that opened it.
func (h *host) pin(id env.FileID) *pinned {
	machine := int(id >> 48)
	if machine >= len(h.runners) {
		return nil
	}
	return h.runners[machine].disk.pin(id)
}
