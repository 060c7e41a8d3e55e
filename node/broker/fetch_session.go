package broker

import (
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/storage"
)

// Epochs of a fetch session with a meaning (KIP-227).
const (
	noSession  = 0
	firstEpoch = 0
	finalEpoch = -1
	leastStay  = 120 * time.Second // before another may take a session's place
)

// sessions are the incremental fetch sessions of one shard. Their ids, modulo
// the number of shards, name the shard.
type sessions struct {
	s     *shard
	slots int
	byID  map[int32]*session
	order []*session // by last use, oldest first; those gone are skipped
}

// session remembers what a client fetches, and what it was told last.
type session struct {
	id    int32
	epoch int32 // of the next request
	ids   bool  // topics by id
	parts []*sessionPart
	index map[sessionKey]*sessionPart
	used  time.Duration
}

type sessionKey struct {
	topic string
	id    env.UUID
	index int32
}

// sessionPart is one partition as the client asked for it.
type sessionPart struct {
	topic     string
	id        env.UUID
	index     int32
	offset    int64
	max       int32
	epoch     int32
	lastEpoch int32
	logStart  int64 // a replica's

	sentHigh  int64 // -1: nothing, or an error, was told last
	sentStart int64

	key    partitionKey
	r      *replica // when it was found quiet; nil: it was not
	failed error    // it was not looked at
	late   error    // it was, and is refused all the same
}

func newSessions(s *shard) sessions {
	slots := max(s.node.config.FetchSessionSlots/s.node.shards, 1)
	return sessions{s: s, slots: slots, byID: map[int32]*session{}}
}

// owner is the shard of a session; that of the connection for none.
func (ss *sessions) owner(id int32) int {
	if id <= noSession {
		return ss.s.index
	}
	return 1 + int(id)%ss.s.node.shards
}

// fetchContext is how one request is answered: in full or incrementally.
type fetchContext struct {
	ss          *sessions
	session     *session // nil: none, or not yet
	create      bool
	incremental bool
	ids         bool
	parts       []*sessionPart
}

// open finds the context of a request.
func (ss *sessions) open(req *kmsg.FetchRequest) (*fetchContext, *kerr.Error) {
	if req.Version < 7 {
		req.SessionID, req.SessionEpoch = noSession, finalEpoch
	}
	fc := &fetchContext{ss: ss, ids: req.Version >= 13}
	if req.SessionEpoch == firstEpoch || req.SessionEpoch == finalEpoch {
		delete(ss.byID, req.SessionID)
		fc.create = req.SessionEpoch == firstEpoch
		fc.parts = requested(req)
		return fc, nil
	}
	ses := ss.byID[req.SessionID]
	switch {
	case ses == nil:
		return nil, kerr.FetchSessionIDNotFound
	case ses.epoch != req.SessionEpoch:
		return nil, kerr.InvalidFetchSessionEpoch
	case ses.ids != fc.ids:
		return nil, kerr.FetchSessionTopicIDError
	}
	return ss.update(fc, ses, req), nil
}

func (ss *sessions) update(fc *fetchContext, ses *session, req *kmsg.FetchRequest) *fetchContext {
	ses.merge(requested(req))
	ses.forget(req)
	fc.parts = ses.parts
	if len(ses.parts) == 0 {
		delete(ss.byID, ses.id)
		fc.parts = requested(req)
		return fc
	}
	fc.session, fc.incremental = ses, true
	if ses.epoch++; ses.epoch < 0 {
		ses.epoch = 1
	}
	ss.touch(ses)
	return fc
}

// requested lists the partitions of a request; of one named twice the last counts.
func requested(req *kmsg.FetchRequest) []*sessionPart {
	var parts []*sessionPart
	index := map[sessionKey]int{}
	for i := range req.Topics {
		t := &req.Topics[i]
		for j := range t.Partitions {
			x := &t.Partitions[j]
			p := &sessionPart{topic: t.Topic, id: t.TopicID, index: x.Partition, offset: x.FetchOffset,
				max: x.PartitionMaxBytes, epoch: x.CurrentLeaderEpoch, lastEpoch: x.LastFetchedEpoch, logStart: x.LogStartOffset, sentHigh: -1, sentStart: -1}
			if at, twice := index[p.sessionKey(req.Version >= 13)]; twice {
				parts[at] = p
				continue
			}
			index[p.sessionKey(req.Version >= 13)] = len(parts)
			parts = append(parts, p)
		}
	}
	return parts
}

func (p *sessionPart) sessionKey(ids bool) sessionKey {
	if ids {
		return sessionKey{id: p.id, index: p.index}
	}
	return sessionKey{topic: p.topic, index: p.index}
}

func (ses *session) merge(parts []*sessionPart) {
	for _, p := range parts {
		old := ses.index[p.sessionKey(ses.ids)]
		if old == nil {
			ses.index[p.sessionKey(ses.ids)] = p
			ses.parts = append(ses.parts, p)
			continue
		}
		if old.r = nil; p.logStart >= 0 && (p.epoch != old.epoch || p.offset < old.offset) { // a replica forgot what it was told
			old.sentHigh = -1
		}
		old.offset, old.max, old.epoch, old.lastEpoch, old.logStart = p.offset, p.max, p.epoch, p.lastEpoch, p.logStart
	}
}

func (ses *session) forget(req *kmsg.FetchRequest) {
	gone := false
	for _, t := range req.ForgottenTopics {
		for _, index := range t.Partitions {
			p := sessionPart{topic: t.Topic, id: t.TopicID, index: index}
			delete(ses.index, p.sessionKey(ses.ids))
			gone = true
		}
	}
	if !gone {
		return
	}
	var kept []*sessionPart // not in place: a fetch under way may have the list
	for _, p := range ses.parts {
		if ses.index[p.sessionKey(ses.ids)] == p {
			kept = append(kept, p)
		}
	}
	ses.parts = kept
}

// add gives a full fetch a session, if there is room or an old one to replace.
func (ss *sessions) add(fc *fetchContext) int32 {
	if !ss.room() {
		return noSession
	}
	ses := &session{id: ss.newID(), epoch: 1, ids: fc.ids, index: map[sessionKey]*sessionPart{}}
	for _, p := range fc.parts {
		ses.index[p.sessionKey(fc.ids)] = p
	}
	ses.parts = refusedFirst(fc.parts)
	ss.byID[ses.id] = ses
	ss.touch(ses)
	return ses.id
}

// refusedFirst is the order in which Kafka's sessions begin.
func refusedFirst(parts []*sessionPart) []*sessionPart {
	ordered := slices.Clone(parts)
	slices.SortStableFunc(ordered, func(a, b *sessionPart) int {
		switch {
		case a.failed != nil && b.failed == nil:
			return -1
		case a.failed == nil && b.failed != nil:
			return 1
		}
		return 0
	})
	return ordered
}

func (ss *sessions) newID() int32 {
	n := int32(ss.s.node.shards)
	for {
		id := ss.s.rand.Int32()
		id += int32(ss.s.index-1) - id%n
		if id > noSession && ss.byID[id] == nil {
			return id
		}
	}
}

func (ss *sessions) touch(ses *session) {
	ses.used = ss.s.now.Mono
	ss.order = append(ss.order, ses)
	if len(ss.order) > 4*ss.slots+64 {
		ss.compact()
	}
}

// compact leaves each live session once, at the place of its last use.
func (ss *sessions) compact() {
	last := map[*session]int{}
	for i, ses := range ss.order {
		last[ses] = i
	}
	kept := ss.order[:0]
	for i, ses := range ss.order {
		if last[ses] == i && ss.byID[ses.id] == ses {
			kept = append(kept, ses)
		}
	}
	clear(ss.order[len(kept):])
	ss.order = kept
}

// room makes sure that a session can be added: that of longest ago goes, when
// it has had its time.
func (ss *sessions) room() bool {
	if len(ss.byID) < ss.slots {
		return true
	}
	ss.compact()
	oldest := ss.order[0]
	if ss.s.now.Mono-oldest.used < leastStay {
		return false
	}
	delete(ss.byID, oldest.id)
	return true
}

// answer makes the response of a fetch; results are those of the partitions
// that were looked at, in the order of the others.
func (fc *fetchContext) answer(req *kmsg.FetchRequest, seen []*sessionPart, results []lookResult) fetchAnswer {
	b := fetchBuilder{ids: fc.ids, committed: req.IsolationLevel == 1, resp: kmsg.NewPtrFetchResponse()}
	b.resp.SetVersion(req.Version)
	b.resp.SessionID = fc.sessionID()
	var refused, moved []*sessionPart
	stayed := make([]*sessionPart, 0, len(fc.parts))
	for _, p := range fc.parts {
		if p.failed != nil {
			refused = append(refused, p)
			stayed = append(stayed, p)
			continue
		}
		if len(seen) == 0 || seen[0] != p {
			stayed = append(stayed, p)
			continue
		}
		r := &results[0]
		seen, results = seen[1:], results[1:]
		if fc.add(&b, p, r) && r.Slice.Size > 0 {
			moved = append(moved, p)
		} else {
			stayed = append(stayed, p)
		}
	}
	for _, p := range refused {
		p.sentHigh = -1
		b.refuse(p)
	}
	if fc.session != nil {
		fc.session.parts = append(stayed, moved...) // those behind get their turn
	}
	return fetchAnswer{resp: b.resp, slices: b.slices}
}

func (fc *fetchContext) sessionID() int32 {
	switch {
	case fc.session != nil:
		return fc.session.id
	case fc.create:
		return fc.ss.add(fc)
	}
	return noSession
}

// add puts one partition into the response, unless an incremental one has
// nothing new to say of it.
func (fc *fetchContext) add(b *fetchBuilder, p *sessionPart, r *lookResult) bool {
	if p.late != nil {
		*r = lookResult{Code: codeOf(p.late), High: -1, Stable: -1, Start: -1}
	}
	news := r.Code != 0 || r.Diverged || r.Closer || r.Slice.Size > 0 || r.High != p.sentHigh || r.Start != p.sentStart
	p.sentHigh, p.sentStart = r.High, r.Start
	if r.Code != 0 {
		p.sentHigh = -1
	}
	if fc.incremental && !news {
		return false
	}
	b.add(p, r)
	return true
}

// fetchBuilder gathers partitions under their topics.
type fetchBuilder struct {
	ids       bool
	committed bool // the reader wants to know of aborted transactions
	resp      *kmsg.FetchResponse
	slices    []storage.Slice
}

func (b *fetchBuilder) topic(p *sessionPart) *kmsg.FetchResponseTopic {
	n := len(b.resp.Topics)
	if n > 0 {
		if t := &b.resp.Topics[n-1]; b.ids && t.TopicID == p.id || !b.ids && t.Topic == p.topic {
			return t
		}
	}
	t := kmsg.NewFetchResponseTopic()
	t.Topic, t.TopicID = p.topic, p.id
	b.resp.Topics = append(b.resp.Topics, t)
	return &b.resp.Topics[n]
}

func (b *fetchBuilder) add(p *sessionPart, r *lookResult) {
	t := b.topic(p)
	x := kmsg.NewFetchResponseTopicPartition()
	x.Partition, x.ErrorCode = p.index, r.Code
	x.HighWatermark, x.LastStableOffset, x.LogStartOffset = r.High, r.Stable, r.Start
	if b.committed && r.Code == 0 {
		x.AbortedTransactions = []kmsg.FetchResponseTopicPartitionAbortedTransaction{}
	}
	if len(r.Producers) > 0 {
		x.UnknownTags.Set(producersTag, r.Producers)
	}
	if r.Diverged {
		x.DivergingEpoch.Epoch, x.DivergingEpoch.EndOffset = r.Epoch, r.End
	}
	if r.Closer {
		x.PreferredReadReplica = r.Preferred
	}
	t.Partitions = append(t.Partitions, x)
	b.slices = append(b.slices, r.Slice)
}

func (b *fetchBuilder) refuse(p *sessionPart) {
	t := b.topic(p)
	x := kmsg.NewFetchResponseTopicPartition()
	x.Partition, x.ErrorCode = p.index, codeOf(p.failed)
	x.HighWatermark, x.LastStableOffset, x.LogStartOffset = -1, -1, -1
	x.AbortedTransactions = []kmsg.FetchResponseTopicPartitionAbortedTransaction{}
	t.Partitions = append(t.Partitions, x)
	b.slices = append(b.slices, storage.Slice{})
}
