package maelstrom

import (
	"context"
	"errors"
	"fmt"
	"net"
	"slices"
	"sync"
	"syscall"
	"time"
)

// tickEvery is how often streams look at their clocks, and how long an
// acknowledgement may wait for something to travel with.
const tickEvery = 200 * time.Millisecond

// Network connects the nodes with one another: addresses are "n1:9092", a node
// and a port. It is what node/host takes for TCP.
type Network struct {
	self     string
	nodes    []string
	patience time.Duration // with an end that does not acknowledge
	post     *post

	mu      sync.Mutex
	streams map[streamKey]*stream
	doors   map[string]*door // by port
	last    uint64
	closed  bool
}

// streamKey names one end of a connection: both may be this node's.
type streamKey struct {
	peer   string
	id     uint64
	dialed bool // by this end
}

func newNetwork(self string, nodes []string, patience time.Duration, p *post) *Network {
	n := &Network{
		self: self, nodes: nodes, patience: patience, post: p,
		streams: map[streamKey]*stream{}, doors: map[string]*door{},
		last: uint64(time.Now().UnixNano()), // those of an earlier process are others
	}
	p.self = func(g *segment) { n.deliver(self, g) }
	return n
}

// run ticks until ctx is done, and ends all connections then.
func (n *Network) run(ctx context.Context) {
	t := time.NewTicker(tickEvery)
	defer t.Stop()
	for {
		select {
		case now := <-t.C:
			for _, s := range n.all() {
				s.tick(now)
			}
		case <-ctx.Done():
			n.end()
			return
		}
	}
}

func (n *Network) all() []*stream {
	n.mu.Lock()
	defer n.mu.Unlock()
	all := make([]*stream, 0, len(n.streams))
	for _, s := range n.streams {
		all = append(all, s)
	}
	return all
}

func (n *Network) end() {
	n.mu.Lock()
	n.closed = true
	n.mu.Unlock()
	for _, s := range n.all() {
		s.mu.Lock()
		s.fail(errEnded)
		s.mu.Unlock()
	}
}

func (n *Network) send(to string, g *segment) {
	g.Type = streamType
	n.post.send(letter{src: n.self, dest: to, seg: g})
}

// refuse tells the other end that there is no such connection.
func (n *Network) refuse(k streamKey) {
	n.send(k.peer, &segment{ID: k.id, Dialer: k.dialed, Reset: true})
}

func (n *Network) forget(k streamKey) {
	n.mu.Lock()
	delete(n.streams, k)
	n.mu.Unlock()
}

// deliver takes a segment that a node has sent.
func (n *Network) deliver(from string, g *segment) {
	k := streamKey{from, g.ID, !g.Dialer}
	n.mu.Lock()
	s := n.streams[k]
	n.mu.Unlock()
	switch {
	case s != nil:
		s.receive(g)
	case g.Open != "" && g.Seq == 1 && g.Dialer:
		n.accept(k, g.Open)
	case g.Seq > 0 && !g.Reset:
		n.refuse(k)
	}
}

// accept takes a connection on, if somebody listens at the port.
func (n *Network) accept(k streamKey, port string) {
	s := newStream(n, k, address(k.peer))
	s.arrived = 1
	n.mu.Lock()
	d := n.doors[port]
	if d == nil || n.closed || !d.enter(s) {
		n.mu.Unlock()
		n.refuse(k)
		return
	}
	n.streams[k] = s
	n.mu.Unlock()
	s.mu.Lock()
	s.emit(&segment{})
	s.mu.Unlock()
}

// errStranger is an address that is not of this cluster.
var errStranger = errors.New("no node of this cluster")

// Dial connects to a port of a node. Errors: an address that is none; ECONNREFUSED
// if nobody listens there, or does not answer in time; ctx's.
func (n *Network) Dial(ctx context.Context, addr string) (net.Conn, error) {
	node, port, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, err
	}
	if !slices.Contains(n.nodes, node) {
		return nil, fmt.Errorf("dial %s: %w", addr, errStranger)
	}
	n.mu.Lock()
	if n.closed {
		n.mu.Unlock()
		return nil, errEnded
	}
	n.last++
	k := streamKey{node, n.last, true}
	s := newStream(n, k, address(addr))
	n.streams[k] = s
	n.mu.Unlock()
	return s.open(ctx, port)
}

// open waits until the other end has acknowledged the first segment.
func (s *stream) open(ctx context.Context, port string) (net.Conn, error) {
	defer context.AfterFunc(ctx, s.wake)()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.emit(&segment{Open: port})
	for s.acked == 0 && s.failed == nil && ctx.Err() == nil {
		s.changed.Wait()
	}
	switch {
	case s.failed != nil:
		return nil, fmt.Errorf("dial %s: %w", s.far, syscall.ECONNREFUSED)
	case s.acked == 0:
		s.sever(errReset)
		return nil, fmt.Errorf("dial %s: %w", s.far, ctx.Err())
	}
	return s, nil
}
