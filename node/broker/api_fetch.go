package broker

// Fetch, key 1, versions 4 to 18. Topics by name up to 12, by id from 13.
// Sessions (KIP-227) belong to the shard that is encoded in their id. Long
// polls end by an append, an error or the time, whatever comes first; the first
// batch comes whole however large (KIP-74). Records are ranges of files and
// are never copied here. From version 11 on a follower answers, too (KIP-392).

import (
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/storage"
	"odradek/node/wire"
)

// fetchQuestion is a Fetch request, for the shard of its session.
type fetchQuestion struct {
	ID       uint64 // of the asker
	Req      *kmsg.FetchRequest
	Listener string
}

// fetchAnswer is the response without its records, and these.
type fetchAnswer struct {
	resp   *kmsg.FetchResponse
	slices []storage.Slice // one for each partition, through all topics
}

// abandoned says that the client of a fetchQuestion is gone.
type abandoned struct{ Fetch uint64 }

func (s *shard) fetchAPI(k *call, req *kmsg.FetchRequest) {
	s.lastFetch++
	id, to := s.lastFetch, s.sessions.owner(req.SessionID)
	k.givenUp = append(k.givenUp, func() { s.tell(to, abandoned{id}) })
	s.askShard(to, fetchQuestion{ID: id, Req: req, Listener: k.conn.listener}, func(body any) { k.replyFetch(body.(fetchAnswer)) })
}

func (k *call) replyFetch(a fetchAnswer) {
	a.resp.SetVersion(k.req.Version)
	k.s.nameFetchLeaders(k, a.resp)
	sizes := make([]int, len(a.slices))
	for i := range a.slices {
		sizes[i] = a.slices[i].Size
	}
	var parts []env.Part
	for _, p := range wire.AppendFetch(nil, k.req.CorrelationID, a.resp, sizes) {
		if p.Range < 0 {
			parts = append(parts, env.Part{Bytes: p.Bytes})
		} else {
			parts = append(parts, a.slices[p.Range].Parts...)
		}
	}
	k.replyParts(parts)
}

// fetchFor serves a fetch whose session, if any, is ours.
func (s *shard) fetchFor(from int, q fetchQuestion, done func(any)) {
	if q.Req.IsolationLevel > 1 {
		done(failedFetch(q.Req))
		return
	}
	fc, code := s.sessions.open(q.Req)
	if code != nil {
		done(refusedFetch(q.Req, code))
		return
	}
	for _, p := range fc.parts {
		if !p.known() {
			p.failed = s.resolve(p, q.Req.Version >= 13)
		}
	}
	s.gather(watchKey{from, q.ID}, q.Req, q.Listener, fc, func(seen []*sessionPart, results []lookResult) {
		done(fc.answer(q.Req, seen, results))
	})
}

func (s *shard) gather(key watchKey, req *kmsg.FetchRequest, listener string, fc *fetchContext, done func([]*sessionPart, []lookResult)) {
	spec := fetchSpec{context: fc}
	spec.minBytes = int(req.MinBytes)
	spec.maxBytes = int(min(req.MaxBytes, s.node.config.FetchMaxBytes))
	spec.reader = readerOf(req, listener)
	spec.wait = time.Duration(req.MaxWaitMillis) * time.Millisecond
	spec.minOne = true
	finished := false
	f := s.fetch(spec, func(seen []*sessionPart, results []lookResult) {
		finished = true
		delete(s.remote, key)
		done(seen, results)
	})
	if !finished {
		s.remote[key] = f
	}
}

func refusedFetch(req *kmsg.FetchRequest, code *kerr.Error) fetchAnswer {
	resp := kmsg.NewPtrFetchResponse()
	resp.SetVersion(req.Version)
	resp.ErrorCode = code.Code
	return fetchAnswer{resp: resp}
}

// failedFetch is Kafka's answer to an isolation level that does not exist.
func failedFetch(req *kmsg.FetchRequest) fetchAnswer {
	b := fetchBuilder{ids: req.Version >= 13, resp: kmsg.NewPtrFetchResponse()}
	b.resp.SetVersion(req.Version)
	b.resp.ErrorCode = kerr.UnknownServerError.Code
	for _, p := range requested(req) {
		p.failed = kerr.UnknownServerError
		b.refuse(p)
	}
	return fetchAnswer{resp: b.resp, slices: b.slices}
}

// resolve finds the partition's topic; the error is what the response says.
func (s *shard) resolve(p *sessionPart, byID bool) error {
	if byID && p.topic == "" {
		t := s.image.TopicByID(p.id)
		if t == nil {
			return kerr.UnknownTopicID
		}
		p.topic = t.Name
	}
	t := s.image.Topic(p.topic)
	if t == nil || p.index < 0 || int(p.index) >= len(t.Partitions) {
		return kerr.UnknownTopicOrPartition
	}
	p.late = nil
	if byID && t.ID != p.id {
		p.late = kerr.InconsistentTopicID
	}
	p.key = partitionKey{t.ID, p.index}
	return nil
}

func (p *sessionPart) look() lookPart {
	return lookPart{Key: p.key, Offset: p.offset, Max: int(p.max), LeaderEpoch: max(p.epoch, -1), LastEpoch: p.lastEpoch, LogStart: p.logStart}
}
