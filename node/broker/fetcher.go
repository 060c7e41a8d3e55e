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
	first    int // of the followed, in the next request
	flying   bool
	pausing  bool
	failures int // in a row
}

// Pauses after an error: twice as long each time, up to replica.fetch.backoff.ms.
const (
	fetchPause    = 20 * time.Millisecond
	fetchPatience = 30 * time.Second // replica.socket.timeout.ms
)

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

// wanted is one partition in a fetch under way.
type wanted struct {
	r *replica
	f partition.Fetch
}

// wake sends the next fetch, unless one is under way or what the last one brought
// is not synced.
func (f *fetcher) wake() {
	if f.flying || f.pausing || f.s.stopping {
		return
	}
	asked := map[partitionKey]wanted{}
	req := f.request()
	for i := range f.followed {
		r := f.followed[(f.first+i)%len(f.followed)]
		if f.s.now.Mono < r.pauseUntil {
			continue
		}
		x, ok := r.part.Fetch()
		if ok {
			asked[r.key] = wanted{r, x}
			f.add(req, r, x)
		} else if r.unsynced() {
			return // MayFetch comes
		}
	}
	if len(asked) == 0 {
		return
	}
	f.first++
	f.flying = true
	f.link.ask(req, fetchPatience, func(resp kmsg.Response, err error) {
		f.flying = false
		if err == nil {
			err = codeError(resp.(*kmsg.FetchResponse).ErrorCode)
		}
		if err != nil {
			f.pause()
			return
		}
		f.failures = 0
		f.take(resp.(*kmsg.FetchResponse), asked)
		f.wake()
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
	req.MaxBytes, req.SessionEpoch = number("replica.fetch.response.max.bytes"), finalEpoch
	return req
}

func (f *fetcher) add(req *kmsg.FetchRequest, r *replica, x partition.Fetch) {
	most, _ := f.s.node.config.Int("replica.fetch.max.bytes")
	p := kmsg.NewFetchRequestTopicPartition()
	p.Partition, p.CurrentLeaderEpoch = r.key.Index, x.LeaderEpoch
	p.FetchOffset, p.LastFetchedEpoch, p.LogStartOffset = x.Offset, x.LastEpoch, x.LogStart
	p.PartitionMaxBytes = int32(most)
	if n := len(req.Topics); n > 0 && req.Topics[n-1].TopicID == r.key.Topic {
		req.Topics[n-1].Partitions = append(req.Topics[n-1].Partitions, p)
		return
	}
	t := kmsg.NewFetchRequestTopic()
	t.TopicID = r.key.Topic
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
}

// take hands the partitions of a response to their replicas.
func (f *fetcher) take(resp *kmsg.FetchResponse, asked map[partitionKey]wanted) {
	for i := range resp.Topics {
		t := &resp.Topics[i]
		for j := range t.Partitions {
			x := &t.Partitions[j]
			key := partitionKey{t.TopicID, x.Partition}
			if w, ok := asked[key]; ok && f.s.replicas[key] == w.r && w.r.log != nil {
				f.takeOne(w, x)
			}
		}
	}
}

func (f *fetcher) takeOne(w wanted, x *kmsg.FetchResponseTopicPartition) {
	r := w.r
	answer := partition.Response{Err: codeError(x.ErrorCode), High: x.HighWatermark, Start: x.LogStartOffset,
		Epoch: x.DivergingEpoch.Epoch, End: x.DivergingEpoch.EndOffset, Records: x.RecordBatches}
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
