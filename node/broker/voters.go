package broker

import (
	"errors"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/quorum"
)

// AddRaftVoter, key 80, and RemoveRaftVoter, key 81 (KIP-853): the active
// controller changes who votes, one at a time. A voter that lost its storage is
// removed under its old directory id, then added under the new one. Who is to be
// added has to be running: REQUEST_TIMED_OUT, unless it follows in time.

const (
	votersPause = 50 * time.Millisecond
	votersLimit = 30 * time.Second
)

// changeVoters answers a request that changes the voters; false: it is none.
func (c *controller) changeVoters(body kmsg.Request, done func(kmsg.Response, error)) bool {
	switch req := body.(type) {
	case *kmsg.AddRaftVoterRequest:
		v := quorum.Voter{ID: req.VoterID, Dir: req.VoterDirectoryID}
		for _, l := range req.Listeners {
			v.Endpoints = append(v.Endpoints, quorum.Endpoint{Name: l.Name, Host: l.Host, Port: l.Port})
		}
		c.addVoter(req, v, done)
	case *kmsg.RemoveRaftVoterRequest:
		c.removeVoter(req, quorum.Voter{ID: req.VoterID, Dir: req.VoterDirectoryID}, done)
	default:
		return false
	}
	return true
}

// addVoter adds a voter once it follows and has all there is, as Kafka's leader
// waits for it: one that is not there could not be outvoted.
func (c *controller) addVoter(req *kmsg.AddRaftVoterRequest, v quorum.Voter, done func(kmsg.Response, error)) {
	code := c.checkCluster(req.ClusterID)
	switch {
	case code != 0:
	case c.votes(func(x quorum.Voter) bool { return x.ID == v.ID }):
		code = kerr.DuplicateVoter.Code
	case len(v.Endpoints) == 0:
		code = kerr.InvalidRequest.Code
	}
	if code != 0 {
		done(refused(req, code), nil)
		return
	}
	wait := votersDeadline(req.TimeoutMillis)
	until := c.now.Mono + wait
	c.await(wait, func() bool { return c.follows(v) }, func(there bool) {
		if !there || c.active == nil {
			done(refused(req, kerr.RequestTimedOut.Code), nil)
			return
		}
		if code := c.voterError(c.quorum.AddVoter(c.now, v, c.out)); code != 0 {
			done(refused(req, code), nil)
			return
		}
		c.awaitVoters(req, until-c.now.Mono, func() bool { return c.votes(sameVoter(v)) }, done)
	})
}

func (c *controller) removeVoter(req *kmsg.RemoveRaftVoterRequest, v quorum.Voter, done func(kmsg.Response, error)) {
	code := c.checkCluster(req.ClusterID)
	switch {
	case code != 0:
	case !c.votes(sameVoter(v)):
		code = kerr.VoterNotFound.Code
	default:
		code = c.voterError(c.quorum.RemoveVoter(c.now, v, c.out))
	}
	if code != 0 {
		done(refused(req, code), nil)
		return
	}
	c.awaitVoters(req, votersLimit, func() bool { return !c.votes(sameVoter(v)) }, done)
}

func votersDeadline(ms int32) time.Duration {
	if ms <= 0 {
		return votersLimit
	}
	return min(time.Duration(ms)*time.Millisecond, votersLimit)
}

func sameVoter(v quorum.Voter) func(quorum.Voter) bool {
	return func(x quorum.Voter) bool { return x.ID == v.ID && x.Dir == v.Dir }
}

func (c *controller) votes(is func(quorum.Voter) bool) bool {
	return slices.ContainsFunc(c.quorum.Voters(), is)
}

func (c *controller) checkCluster(id *string) int16 {
	if id != nil && *id != c.image.ClusterID {
		return kerr.InconsistentClusterID.Code
	}
	return 0
}

func (c *controller) voterError(err error) int16 {
	switch {
	case err == nil:
		return 0
	case errors.Is(err, quorum.ErrBusy):
		return kerr.RequestTimedOut.Code // another change is under way, as in Kafka
	case errors.Is(err, quorum.ErrVoters):
		return kerr.InvalidRequest.Code
	}
	return codeOf(refusal(err))
}

// awaitVoters answers when the change is committed.
func (c *controller) awaitVoters(req kmsg.Request, wait time.Duration, is func() bool, done func(kmsg.Response, error)) {
	c.await(wait, func() bool { return c.quorum != nil && is() }, func(came bool) {
		if !came {
			done(refused(req, kerr.RequestTimedOut.Code), nil)
			return
		}
		done(refused(req, 0), nil)
	})
}

// await looks again and again, until it is so, the time is up, or another
// controller decides.
func (c *controller) await(wait time.Duration, so func() bool, done func(came bool)) {
	until := c.now.Mono + wait
	var look func()
	look = func() {
		switch {
		case so():
			done(true)
		case c.active == nil || c.now.Mono >= until:
			done(false)
		default:
			c.after(votersPause, look)
		}
	}
	look()
}
