package broker

// Produce, key 0, versions 3 to 13 (0 to 2 are advertised and refused, see
// wire.Versions). Topics by name up to 12, by id from 13. One batch of format 2
// per partition. acks=1 and acks=all are answered when the batch is durable
// (and, for all, held by the in-sync replicas); acks=0 gets no answer, and an
// error ends the connection, since there is no other way to tell; the next
// request of the connection that is no Produce waits for it all the same.

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/partition"
	"odradek/node/record"
)

// produce gathers the answers of one request.
type produce struct {
	k     *call
	req   *kmsg.ProduceRequest
	parts []producePart // in order of the request
	one   struct {      // room for the one part that most requests have
		parts   [1]producePart
		good    [1]*producePart
		appends [1]appendPart
	}
}

type producePart struct {
	topic     int // index in the request
	partition int32
	append    appendPart
	result    appendResult
}

func appendKey(p **producePart) partitionKey { return (*p).append.Key }

func (s *shard) produce(k *call, req *kmsg.ProduceRequest) {
	p := &produce{k: k, req: req}
	p.list(s)
	if acks := req.Acks; acks < -1 || acks > 1 {
		p.failAll(kerr.InvalidRequiredAcks)
		p.finish()
		return
	}
	if req.TransactionID == nil && p.anyTransactional() {
		p.failAll(kerr.TransactionalIDAuthorizationFailed)
		p.finish()
		return
	}
	p.refuseTransactional()
	p.ask(s)
}

func (p *produce) anyTransactional() bool {
	return slices.ContainsFunc(p.parts, producePart.isTransactional)
}

func (p producePart) isTransactional() bool {
	b := record.Batch(p.append.Records)
	return len(b) >= record.HeaderSize && b.Magic() == record.Magic && b.IsTransactional()
}

// refuseTransactional answers as Kafka does when it finds no coordinator to ask
// whether the transaction is open (KIP-890): the client tries again.
func (p *produce) refuseTransactional() {
	for i := range p.parts {
		if part := &p.parts[i]; part.result.Code == 0 && part.isTransactional() {
			part.result.fail(kerr.NotEnoughReplicas)
			part.result.Message = "there is no transaction coordinator that knows the transaction"
		}
	}
}

// list takes the partitions in the request's order; of one named twice the last
// counts, as in Kafka.
func (p *produce) list(s *shard) {
	seen := map[partitionKey]int{}
	p.parts = p.one.parts[:0]
	for i := range p.req.Topics {
		t := &p.req.Topics[i]
		id, err := s.topicIn(p.req.Version >= 13, t.Topic, t.TopicID)
		known := err == nil
		if known && s.ownTopic(id) {
			err = kerr.InvalidTopicException
		}
		for j := range t.Partitions {
			part := producePart{topic: i, partition: t.Partitions[j].Partition}
			part.append = appendPart{Key: partitionKey{id, part.partition}, Records: t.Partitions[j].Records}
			part.result = nothingAppended
			part.result.fail(err)
			if at, twice := seen[part.append.Key]; twice && known {
				p.parts[at] = part
				continue
			}
			seen[part.append.Key] = len(p.parts)
			p.parts = append(p.parts, part)
		}
	}
}

func (p *produce) failAll(err error) {
	for i := range p.parts {
		p.parts[i].result.fail(err)
	}
}

// ask sends each shard its parts.
func (p *produce) ask(s *shard) {
	good := p.one.good[:0]
	for i := range p.parts {
		if p.parts[i].result.Code == 0 {
			good = append(good, &p.parts[i])
		}
	}
	question := func(some []*producePart) any {
		q := appendQuestion{Acks: p.req.Acks, TimeoutMs: p.req.TimeoutMillis, OldCodecs: p.req.Version < 7}
		if len(good) == 1 {
			q.Parts = p.one.appends[:0]
		}
		for _, part := range some {
			q.Parts = append(q.Parts, part.append)
		}
		return q
	}
	scatter(s, good, appendKey, question, func(results []appendResult) {
		for i, r := range results {
			good[i].result = r
		}
		p.finish()
	})
}

func (p *produce) finish() {
	if p.req.Acks != partition.AcksNone {
		p.k.spent = p.spent()
		p.k.reply(p.response())
		return
	}
	for _, part := range p.parts {
		if code := part.result.Code; code != 0 && code != kerr.RequestTimedOut.Code {
			p.k.end("produce with acks=0 failed: " + kerr.TypedErrorForCode(part.result.Code).Error())
			return
		}
	}
	p.k.replyNothing()
}

// spent tells whether nothing needs the request's bytes any more.
func (p *produce) spent() bool {
	for i := range p.parts {
		if r := &p.parts[i].result; r.Code != 0 || !r.Spent {
			return false
		}
	}
	return true
}

func (p *produce) response() *kmsg.ProduceResponse {
	resp := p.k.s.emptyProduced()
	resp.SetVersion(p.req.Version)
	last := -1
	for i := range p.parts {
		part := &p.parts[i]
		if part.topic != last {
			t := addProduced(resp)
			t.Topic, t.TopicID = p.req.Topics[part.topic].Topic, p.req.Topics[part.topic].TopicID
			last = part.topic
		}
		t := &resp.Topics[len(resp.Topics)-1]
		t.Partitions = append(t.Partitions, part.result.response(part.partition))
	}
	p.k.s.nameProduceLeaders(p.k, resp)
	return resp
}

// keptProduced is for how many topics of a response, and partitions of each, memory
// is kept.
const keptProduced = 16

// emptyProduced is the shard's one response to Produce, which is encoded before the
// next one is begun.
func (s *shard) emptyProduced() *kmsg.ProduceResponse {
	topics := s.produced.Topics[:0]
	if cap(topics) > keptProduced {
		topics = nil
	}
	s.produced = kmsg.ProduceResponse{Topics: topics}
	return &s.produced
}

// addProduced adds an empty topic, in the memory of an earlier one if there is any.
func addProduced(resp *kmsg.ProduceResponse) *kmsg.ProduceResponseTopic {
	n := len(resp.Topics)
	if n == cap(resp.Topics) {
		resp.Topics = append(resp.Topics, kmsg.NewProduceResponseTopic())
		return &resp.Topics[n]
	}
	resp.Topics = resp.Topics[:n+1]
	t := &resp.Topics[n]
	partitions := t.Partitions[:0]
	if cap(partitions) > keptProduced {
		partitions = nil
	}
	*t = kmsg.NewProduceResponseTopic()
	t.Partitions = partitions
	return t
}

func (r *appendResult) response(index int32) kmsg.ProduceResponseTopicPartition {
	p := kmsg.NewProduceResponseTopicPartition()
	p.Partition, p.ErrorCode = index, r.Code
	p.BaseOffset, p.LogAppendTime, p.LogStartOffset = r.Base, r.AppendTime, r.LogStart
	if r.Message != "" {
		p.ErrorMessage = &r.Message
	}
	for _, e := range r.Records {
		x := kmsg.NewProduceResponseTopicPartitionErrorRecord()
		x.RelativeOffset, x.ErrorMessage = e.Index, &e.Message
		p.ErrorRecords = append(p.ErrorRecords, x)
	}
	return p
}

// ownTopic tells whether a topic is the broker's own: clients only read it.
func (s *shard) ownTopic(id env.UUID) bool {
	t := s.image.TopicByID(id)
	return t != nil && isInternal(t.Name)
}

// topicIn finds a topic's id by name or id.
func (s *shard) topicIn(byID bool, name string, id [16]byte) (env.UUID, error) {
	if byID {
		if s.image.TopicByID(id) == nil {
			return id, kerr.UnknownTopicID
		}
		return id, nil
	}
	t := s.image.Topic(name)
	if t == nil {
		return env.UUID{}, kerr.UnknownTopicOrPartition
	}
	return t.ID, nil
}
