package meta

import "time"

// session is what the controller knows of a registered broker by its heartbeats.
// It is lost with the controller: the next one gives everybody a fresh one.
type session struct {
	epoch   int64
	heard   time.Duration // when, on the controller's monotonic clock
	offset  int64         // of the metadata that the broker has replayed; -1: not told yet
	leaveAt int64         // metadata offset that all must have before it may shut down; -1: none
}

// sessionTimeout is how long a broker may be silent (broker.session.timeout.ms).
func (c *Controller) sessionTimeout() time.Duration {
	ms, _ := c.config.Int("broker.session.timeout.ms")
	return time.Duration(ms) * time.Millisecond
}

// Activate begins the sessions of all brokers in service anew, at now. The owner
// calls it when its node has become the active controller and has replayed all
// that is committed: silence under another controller proves nothing. A broker
// that lives looks for the new controller at once: it has grace to be heard of
// first. now is a monotonic clock of this process, as it is for all methods.
func (c *Controller) Activate(now, grace time.Duration) {
	clear(c.sessions)
	for b := range c.image.Brokers() {
		if !b.Fenced {
			c.touch(now, b.ID, b.Epoch)
			c.Suspect(now, b.ID, b.Epoch, grace)
		}
	}
}

// Suspect says that a broker may be gone: the connection over which it sent its
// heartbeats was closed. Unless it is heard of within grace, its session is over.
// It is a hint, no more: a broker that lives connects again at once.
func (c *Controller) Suspect(now time.Duration, id int32, epoch int64, grace time.Duration) {
	if s := c.sessions[id]; s != nil && s.epoch == epoch {
		s.heard = min(s.heard, now+grace-c.sessionTimeout())
	}
}

// touch notes that a broker lives.
func (c *Controller) touch(now time.Duration, id int32, epoch int64) *session {
	s := c.sessions[id]
	if s == nil || s.epoch != epoch {
		s = &session{epoch: epoch, offset: -1, leaveAt: -1}
		c.sessions[id] = s
	}
	s.heard = now
	return s
}

// alive tells whether the process that registered this way is still to be
// reckoned with.
func (c *Controller) alive(now time.Duration, b *Broker) bool {
	s := c.sessions[b.ID]
	return s != nil && s.epoch == b.Epoch && now < s.heard+c.sessionTimeout()
}

// NextExpiry is when Expire is to be called, unless heartbeats come; ok is false
// if no broker in service has a session.
func (c *Controller) NextExpiry() (at time.Duration, ok bool) {
	for b := range c.image.Brokers() {
		s := c.sessions[b.ID]
		if b.Fenced || s == nil || s.epoch != b.Epoch {
			continue
		}
		if end := s.heard + c.sessionTimeout(); !ok || end < at {
			at, ok = end, true
		}
	}
	return at, ok
}

// Expire fences the brokers whose session is over (KIP-631), all in one decision.
// Nobody waits for an answer.
func (c *Controller) Expire(now time.Duration) []Record {
	var over []int32
	for b := range c.image.Brokers() {
		if s := c.sessions[b.ID]; !b.Fenced && s != nil && s.epoch == b.Epoch && !c.alive(now, b) {
			over = append(over, b.ID)
		}
	}
	if over == nil {
		return nil
	}
	return c.fence(over...)
}
