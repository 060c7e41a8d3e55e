package broker

import (
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/meta"
)

// electionWait bounds how long a Metadata request may wait for the election of a
// leader. Clients ask anew when a leader is gone, and some then not again for
// seconds: an answer that still names the old one would cost them these.
const electionWait = 3 * time.Second

// electing are the Metadata requests that wait for elections.
type electing struct {
	s    *shard
	req  *kmsg.MetadataRequest
	then func()
}

// awaitElection calls then when all leaders of what is asked for seem to live,
// or the time is up; false: they do already.
func (s *shard) awaitElection(req *kmsg.MetadataRequest, then func()) bool {
	if !s.suspects(req) {
		return false
	}
	e := &electing{s, req, then}
	s.elections = append(s.elections, e)
	s.timers.Set(e, s.now.Mono+electionWait)
	return true
}

func (e *electing) fired() {
	for i, x := range e.s.elections {
		if x == e {
			e.s.elections = append(e.s.elections[:i:i], e.s.elections[i+1:]...)
			e.s.timers.Cancel(e)
			e.then()
			return
		}
	}
}

// elected looks again after metadata was replayed.
func (s *shard) elected() {
	for _, e := range append([]*electing(nil), s.elections...) {
		if !s.suspects(e.req) {
			e.fired()
		}
	}
}

// suspects tells whether the leader of something that is asked for by name is a
// node to which our own connection broke.
func (s *shard) suspects(req *kmsg.MetadataRequest) bool {
	for i := range req.Topics {
		t := &req.Topics[i]
		found := s.image.TopicByID(t.TopicID)
		if t.Topic != nil {
			found = s.image.Topic(*t.Topic)
		}
		if found != nil && s.ledByGone(found) {
			return true
		}
	}
	return false
}

func (s *shard) ledByGone(t *meta.Topic) bool {
	for i := range t.Partitions {
		if f := s.fetchers[t.Partitions[i].Leader]; f != nil && f.failures > 0 {
			return true
		}
	}
	return false
}
