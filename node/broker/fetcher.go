package broker

import (
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/partition"
)

// fetcher follows one other node for the partitions of this shard that it leads
// (Kafka's ReplicaFetcherThread), over a connection of its own:
//
//	ask all that may -> Fetch -> response -> append -> all synced -> ask all that may ...
//
// What was fetched is synced before more is asked for: the offset of a fetch is
// an acknowledgement.
type fetcher struct {
	s        *shard
	node     int32
	link     *link
	followed []*replica
	session  following
	first    int // of the followed, in the next request
	flying   bool
	pausing  bool
	held     bool // it will look again at what a throttle holds back
	failures int  // in a row
}

// Pauses after an error: twice as long each time, up to replica.fetch.backoff.ms.
const (
	fetchPause    = 20 * time.Millisecond
	fetchPatience = 30 * time.Second // replica.socket.timeout.ms
)

// producersTag is where the answer to a replica that begins anew has the producers
// of records that are deleted: a tagged field of our own, which others skip.
const producersTag = 20000

func (s *shard) fetcherOf(node int32) *fetcher {
	f := s.fetchers[node]
	if f == nil {
		f = &fetcher{s: s, node: node}
		f.link = s.link(func() string { return s.address(node) })
		s.fetchers[node] = f
	}
	return f
}

// follow moves a replica to the fetcher of its leader, or to none.
func (r *replica) follow() {
	leader := r.part.State().Leader
	if r.gone != nil || leader < 0 || leader == r.s.node.config.NodeID {
		leader = noNode
	}
	if f := r.fetcher; f != nil {
		if f.node == leader {
			f.wakeLater()
			return
		}
		f.followed = slices.DeleteFunc(f.followed, func(x *replica) bool { return x == r })
		r.fetcher = nil
		f.wakeLater() // it may have waited for this one's sync
	}
	if leader != noNode {
		r.pauseUntil, r.troubles = 0, 0 // which the timer of the other fetcher was to end
		r.fetcher = r.s.fetcherOf(leader)
		r.fetcher.followed = append(r.fetcher.followed, r)
		r.fetcher.wakeLater()
	}
}

// fetchMore has a fetcher look again, at the end of the step.
type fetchMore struct{ f *fetcher }

func (f *fetcher) wakeLater() { f.s.tell(f.s.index, fetchMore{f}) }

// wake sends the next fetch, unless one is under way or what the last one brought
// is not synced.
func (f *fetcher) wake() {
	if f.flying || f.pausing || f.s.stopping {
		return
	}
	var now []wanted
	for i := range f.followed {
		r := f.followed[(f.first+i)%len(f.followed)]
		if f.s.now.Mono < r.pauseUntil || r.bereft() {
			continue
		}
		if r.throttledFollower() && f.s.taking.over(f.s) {
			f.lookAgain()
			continue
		}
		x, ok := r.part.Fetch()
		if ok {
			now = append(now, wanted{r, x})
		} else if r.unsynced() {
			return // MayFetch comes
		}
	}
	if len(now) == 0 {
		return
	}
	f.first++
	f.send(now)
}

func (f *fetcher) send(now []wanted) {
	req := f.request()
	most, _ := f.s.node.config.Int("replica.fetch.max.bytes")
	f.session.ask(req, now, int32(most))
	f.flying = true
	f.link.ask(req, fetchPatience, func(resp kmsg.Response, err error) {
		f.flying = false
		if err != nil {
			f.session.forget()
			f.pause()
			return
		}
		got := resp.(*kmsg.FetchResponse)
		switch {
		case !f.session.answered(got):
			f.wake()
		case got.ErrorCode != 0:
			f.session.forget()
			f.pause()
		default:
			f.failures = 0
			f.take(got)
			f.wake()
		}
	})
}

func (r *replica) unsynced() bool {
	return r.log != nil && r.failed == nil && r.log.Acked() < r.log.End()
}

func (f *fetcher) request() *kmsg.FetchRequest {
	c := f.s.node.config
	number := func(key string) int32 { n, _ := c.Int(key); return int32(n) }
	req := kmsg.NewPtrFetchRequest()
	req.Version, req.ReplicaID = 17, -1
	req.ReplicaState.ID, req.ReplicaState.Epoch = c.NodeID, f.s.epoch()
	req.MaxWaitMillis, req.MinBytes = number("replica.fetch.wait.max.ms"), number("replica.fetch.min.bytes")
	req.MaxBytes = number("replica.fetch.response.max.bytes")
	return req
}

// take hands the partitions of a response to their replicas.
func (f *fetcher) take(resp *kmsg.FetchResponse) {
	for i := range resp.Topics {
		t := &resp.Topics[i]
		for j := range t.Partitions {
			x := &t.Partitions[j]
			key := partitionKey{t.TopicID, x.Partition}
			if w, ok := f.session.parts[key]; ok && f.s.replicas[key] == w.r && w.r.log != nil {
				f.takeOne(w, x)
			}
		}
	}
}

func (f *fetcher) takeOne(w wanted, x *kmsg.FetchResponseTopicPartition) {
	r := w.r
	answer := partition.Response{Err: codeError(x.ErrorCode), High: x.HighWatermark, Start: x.LogStartOffset,
		Epoch: x.DivergingEpoch.Epoch, End: x.DivergingEpoch.EndOffset, Records: x.RecordBatches}
	x.UnknownTags.Each(func(key uint32, value []byte) {
		if key == producersTag {
			answer.Producers = value
		}
	})
	if r.throttledFollower() {
		f.s.taking.took(f.s, len(x.RecordBatches))
	}
	answer.Diverged = x.ErrorCode == 0 && x.DivergingEpoch.EndOffset >= 0
	err := r.part.Fetched(f.s.now, w.f, answer, f.s.out)
	if r.log.Dirty() {
		r.touch()
	}
	switch {
	case err == nil:
		r.troubles = 0
		return
	case err == partition.ErrStale:
		return
	case !waits(err):
		f.s.out.Logf(env.Warn, "%s from node %d: %v", r.name(), f.node, err)
	}
	r.pauseUntil = f.s.now.Mono + f.backoff(r.troubles)
	r.troubles++
	f.s.after(f.backoff(r.troubles), f.wake)
}

// waits tells whether an error is of those that pass when metadata has spread.
func waits(err error) bool {
	return err == kerr.NotLeaderForPartition || err == kerr.FencedLeaderEpoch || err == kerr.UnknownLeaderEpoch ||
		err == kerr.UnknownTopicID || err == kerr.UnknownTopicOrPartition
}

func (f *fetcher) pause() {
	f.pausing = true
	f.s.after(f.backoff(f.failures), func() {
		f.pausing = false
		f.wake()
	})
	f.failures++
}

func (f *fetcher) backoff(failures int) time.Duration {
	most, _ := f.s.node.config.Int("replica.fetch.backoff.ms")
	return min(fetchPause<<min(failures, 10), time.Duration(most)*time.Millisecond)
}

// epoch is this node's broker epoch, as replayed; -1 if it is not registered.
func (s *shard) epoch() int64 {
	if b := s.image.Broker(s.node.config.NodeID); b != nil {
		return b.Epoch
	}
	return -1
}
