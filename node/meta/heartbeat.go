package meta

import (
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// BrokerHeartbeat decides on a sign of life (API key 63, v0 to v2; KIP-631,
// Kafka's BrokerHeartbeatManager):
//
//	          caught up, wants no fence
//	fenced ------------------------------> in service
//	  ^  ^                                    |    | wants to shut down, leads something
//	  |  +---- wants a fence, or expired -----+    v
//	  +------- leads nothing: may go --------- in controlled shutdown
//
// A broker is caught up when it has replayed its own registration. It may shut
// down (ShouldShutdown) when it is fenced, or leads nothing and all others in
// service have replayed that. Errors: STALE_BROKER_EPOCH.
func (c *Controller) BrokerHeartbeat(now time.Duration, req *kmsg.BrokerHeartbeatRequest) ([]Record, *kmsg.BrokerHeartbeatResponse) {
	resp := req.ResponseKind().(*kmsg.BrokerHeartbeatResponse)
	b := c.image.Broker(req.BrokerID)
	if b == nil || b.Epoch != req.BrokerEpoch {
		resp.ErrorCode = kerr.StaleBrokerEpoch.Code
		return nil, resp
	}
	s := c.touch(now, b.ID, b.Epoch)
	s.offset = max(s.offset, req.CurrentMetadataOffset)
	d := c.draft()
	want := wish{fence: req.WantFence, shutdown: req.WantShutdown, caughtUp: req.CurrentMetadataOffset >= b.Epoch}
	want.fence = d.offline(b.ID, req) || want.fence
	resp.ShouldShutdown = d.transit(b, s, want)
	resp.IsCaughtUp = want.caughtUp
	resp.IsFenced = d.broker(b.ID).Fenced
	if resp.ShouldShutdown {
		delete(c.sessions, b.ID) // its next process need not wait for the end of this session
	}
	return d.records, resp
}

// wish is what a heartbeat asks for.
type wish struct{ fence, shutdown, caughtUp bool }

// transit moves the broker to its next state, and tells whether it may go.
func (d *draft) transit(b *Broker, s *session, want wish) (mayGo bool) {
	switch {
	case b.Fenced && want.shutdown:
		return true
	case b.Fenced:
		if want.caughtUp && !want.fence {
			d.become(b, &BrokerRegistrationChangeRecord{Fenced: -1})
		}
		return false
	case b.InControlledShutdown:
		mayGo = !d.leads(b.ID) && d.othersKnow(b, s)
	case want.shutdown:
		mayGo = want.fence || !d.leads(b.ID)
	}
	switch {
	case mayGo, want.fence && !b.InControlledShutdown:
		d.become(b, &BrokerRegistrationChangeRecord{Fenced: 1})
	case want.shutdown && !b.InControlledShutdown:
		d.become(b, &BrokerRegistrationChangeRecord{InControlledShutdown: 1})
	}
	return mayGo
}

// become changes a registration, and the partitions with it.
func (d *draft) become(b *Broker, change *BrokerRegistrationChangeRecord) {
	change.BrokerID, change.BrokerEpoch = b.ID, b.Epoch
	d.addBroker(change)
	d.sweep([]int32{b.ID}, nil)
}

// leads tells whether a broker leads anything.
func (d *draft) leads(id int32) bool {
	for t := range d.c.image.Topics() {
		if slices.ContainsFunc(t.Partitions, func(p Partition) bool { return d.now(t, &p).Leader == id }) {
			return true
		}
	}
	return false
}

// othersKnow tells whether all brokers in service have replayed that this one
// leads nothing any more.
func (d *draft) othersKnow(b *Broker, s *session) bool {
	if s.leaveAt < 0 {
		s.leaveAt = d.c.image.Version()
	}
	for _, other := range d.allBrokers() {
		if !other.Active() {
			continue
		}
		if of := d.c.sessions[other.ID]; of == nil || of.epoch != other.Epoch || of.offset < s.leaveAt {
			return false
		}
	}
	return true
}
