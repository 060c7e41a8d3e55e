package broker

import (
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/meta"
)

// life keeps this node's broker registered with the active controller (KIP-631):
//
//	register -> epoch -> heartbeats: fenced -> in service (clients are let in) -> wants to go -> may go
type life struct {
	c           *controller
	incarnation env.UUID
	epoch       int64 // -1: not registered
	ready       bool  // clients were let in
	leaving     func()
	asking      bool
	alone       int // attempts to leave in a row for which nobody was reached
}

// Pauses between attempts, and how long an answer may take.
const (
	lifePause    = 100 * time.Millisecond
	lifePatience = 4 * time.Second
	leavingLimit = 5 * time.Second // less than the world gives a node to end

	leavingAttempts = 20
)

// register announces this process, until it is heard.
func (l *life) register() {
	if l.c.ended {
		return
	}
	l.epoch = -1
	l.c.route(l.registration(), lifePatience, func(resp kmsg.Response, err error) {
		if err == nil {
			got := resp.(*kmsg.BrokerRegistrationResponse)
			if err = codeError(got.ErrorCode); err == nil {
				l.epoch = got.BrokerEpoch
				l.beat()
				return
			}
		}
		if err != errReach && err != kerr.NotController {
			l.c.out.Logf(env.Warn, "registration: %v", err)
		}
		l.c.after(lifePause, l.register)
	})
}

// beat sends a heartbeat, and after a while the next one.
func (l *life) beat() {
	if l.asking || l.epoch < 0 || l.c.ended {
		return
	}
	l.asking = true
	l.c.pulse(func(well bool) {
		if well || l.lonely() {
			l.send()
			return
		}
		l.asking = false
		l.c.out.Logf(env.Warn, "the disk stands still: no heartbeat")
		l.beatAfter(lifePause)
	})
}

func (l *life) send() {
	req := kmsg.NewPtrBrokerHeartbeatRequest()
	req.Version = 1
	req.BrokerID, req.BrokerEpoch = l.c.node.config.NodeID, l.epoch
	req.CurrentMetadataOffset, req.WantShutdown = l.c.slowest(), l.leaving != nil
	for _, d := range l.c.dirs {
		if l.c.lost[d.path] {
			req.OfflineLogDirs = append(req.OfflineLogDirs, d.id)
		}
	}
	l.c.route(req, lifePatience, func(resp kmsg.Response, err error) {
		l.asking = false
		if err == nil {
			got := resp.(*kmsg.BrokerHeartbeatResponse)
			if err = codeError(got.ErrorCode); err == nil {
				l.answered(got)
				return
			}
		}
		if l.alone++; l.leaving != nil && l.alone > leavingAttempts {
			l.gone() // there is nobody to take over
			return
		}
		if err == kerr.StaleBrokerEpoch {
			l.register()
			return
		}
		l.beatAfter(lifePause)
	})
}

// beatAfter sets the time of the next heartbeat; there is one at a time.
func (l *life) beatAfter(wait time.Duration) { l.c.timers.Set(l, l.c.now.Mono+wait) }

func (l *life) fired() { l.beat() }

// hurry sends a heartbeat soon: who decides has changed, or may think that this
// broker is gone.
func (l *life) hurry() {
	if l.epoch >= 0 && !l.asking {
		l.beatAfter(0)
	}
}

func (l *life) answered(got *kmsg.BrokerHeartbeatResponse) {
	l.alone = 0
	switch {
	case l.leaving != nil && got.ShouldShutdown:
		l.gone()
		return
	case !got.IsFenced && l.leaving == nil:
		l.serve()
		l.beatAfter(l.c.millis("broker.heartbeat.interval.ms"))
		return
	}
	l.beatAfter(lifePause)
}

// serve lets clients in, once.
func (l *life) serve() {
	if !l.ready {
		l.ready = true
		l.c.out.Emit(env.Ready{})
	}
}

// look is called when metadata was replayed: who is not in service yet need not
// wait for the next heartbeat's time.
func (l *life) look() {
	if b := l.c.image.Broker(l.c.node.config.NodeID); !l.ready && b != nil && b.Epoch == l.epoch && !b.Fenced {
		l.serve()
	}
}

// leave asks to go; done is called when all that this node led is led by others,
// or it took too long.
func (l *life) leave(done func()) {
	l.leaving = done
	l.c.after(leavingLimit, l.gone)
	l.beat()
}

func (l *life) gone() {
	if done := l.leaving; done != nil && l.epoch != -2 {
		l.epoch = -2
		done()
	}
}

// lonely tells whether no other broker is in service: nobody could take over.
func (l *life) lonely() bool {
	for b := range l.c.image.Brokers() {
		if b.ID != l.c.node.config.NodeID && b.Active() {
			return false
		}
	}
	return true
}

// registration is what this process tells of its broker.
func (l *life) registration() *kmsg.BrokerRegistrationRequest {
	c := l.c
	req := kmsg.NewPtrBrokerRegistrationRequest()
	req.Version = 4
	req.BrokerID, req.ClusterID, req.IncarnationID = c.node.config.NodeID, c.image.ClusterID, l.incarnation
	if rack := c.node.config.Rack; rack != "" {
		req.Rack = &rack
	}
	for _, d := range c.dirs {
		req.LogDirs = append(req.LogDirs, d.id)
	}
	for _, l := range c.node.config.Advertised {
		x := kmsg.NewBrokerRegistrationRequestListener()
		x.Name, x.Host, x.Port = l.Name, l.Host, uint16(l.Port)
		req.Listeners = append(req.Listeners, x)
	}
	for _, f := range meta.Features() {
		x := kmsg.NewBrokerRegistrationRequestFeature()
		x.Name, x.MinSupportedVersion, x.MaxSupportedVersion = f.Name, f.Min, f.Max
		req.Features = append(req.Features, x)
	}
	tagLossy(req, c.lossy())
	return req
}
