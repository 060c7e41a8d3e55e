package host

import (
	"net/netip"
	"sync"
	"time"
)

// parting is how long clients may take their last replies when a node ends.
const parting = 500 * time.Millisecond

// clients are the connections of a node, and the limits of those of clients.
type clients struct {
	slots chan struct{} // one per connection; nil: any number
	perIP int           // 0: any number
	gone  sync.WaitGroup

	mu   sync.Mutex
	all  map[*conn]struct{}
	byIP map[netip.Addr]int
}

func newClients(most, perIP int) *clients {
	c := &clients{perIP: perIP, all: map[*conn]struct{}{}, byIP: map[netip.Addr]int{}}
	if most > 0 {
		c.slots = make(chan struct{}, most)
	}
	return c
}

// slot waits for the place of one more connection; false once quit is closed.
func (c *clients) slot(quit <-chan struct{}) bool {
	if c.slots == nil {
		return true
	}
	select {
	case c.slots <- struct{}{}:
		return true
	case <-quit:
		return false
	}
}

func (c *clients) freeSlot() {
	if c.slots != nil {
		<-c.slots
	}
}

// enter lets a connection in that has its slot, if it counts; false when its address has as
// many as it may.
func (c *clients) enter(n *conn) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if ip := n.ip(); n.counted {
		if c.perIP > 0 && c.byIP[ip] >= c.perIP {
			return false
		}
		c.byIP[ip]++
	}
	c.all[n] = struct{}{}
	c.gone.Add(1)
	return true
}

// leave is the end of a connection that has entered.
func (c *clients) leave(n *conn) {
	c.mu.Lock()
	delete(c.all, n)
	if ip := n.ip(); n.counted {
		if c.byIP[ip]--; c.byIP[ip] == 0 {
			delete(c.byIP, ip)
		}
	}
	c.mu.Unlock()
	if n.counted {
		c.freeSlot()
	}
	c.gone.Done()
}

// end says goodbye to everyone: first kindly, then not. false: something does
// not return.
func (c *clients) end(patience time.Duration) bool {
	c.each(func(n *conn) { n.finish("") })
	if within(parting, c.gone.Wait) {
		return true
	}
	c.each((*conn).abort)
	return within(patience, c.gone.Wait)
}

func (c *clients) each(do func(*conn)) {
	c.mu.Lock()
	all := make([]*conn, 0, len(c.all))
	for n := range c.all {
		all = append(all, n)
	}
	c.mu.Unlock()
	for _, n := range all {
		do(n)
	}
}

// within tells whether wait returns in time.
func within(patience time.Duration, wait func()) bool {
	done := make(chan struct{})
	go func() {
		wait()
		close(done)
	}()
	late := time.NewTimer(patience)
	defer late.Stop()
	select {
	case <-done:
		return true
	case <-late.C:
		return false
	}
}
