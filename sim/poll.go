package sim

import (
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker"
)

// poll is a consumer's fetches from one node, one after the other, with a session
// of their own if it uses them.
type poll struct {
	*consumer
	node    int
	session int32
	epoch   int32
	told    []int64 // by partition: the place that the session knows; -1: none
	asked   []*cursor
}

// forget begins a session anew.
func (p *poll) forget() {
	p.session, p.epoch = 0, 0
	for i := range p.told {
		p.told[i] = -1
	}
}

func (p *poll) turn() {
	switch {
	case p.stopped && !p.limits:
		return
	case p.limits && p.complete():
		p.done()
		return
	}
	p.fetch()
}

func (p *poll) again(after time.Duration) { p.w.After(after, p.turn) }

func (p *poll) fetch() {
	req := p.request()
	p.asked = nil
	for i, x := range p.parts {
		if x.failed == p {
			p.told[i], x.failed = -1, nil // what the session knows of it was wrong
		}
		node, epoch, known := p.c.leader(x.target)
		switch {
		case known && node == p.node && !x.flying && !x.lost:
			p.ask(req, i, epoch)
		case p.told[i] >= 0:
			p.told[i] = -1
			leave(req, x)
		}
	}
	if len(p.asked) == 0 {
		p.again(p.w.between(time.Millisecond, retryAfter))
		return
	}
	p.c.send(p.node, req, false, p.fetched)
}

func (p *poll) request() *kmsg.FetchRequest {
	req := kmsg.NewPtrFetchRequest()
	req.Version, req.MaxBytes, req.MinBytes = p.k.Version, p.k.MaxBytes, 1
	req.MaxWaitMillis = int32(p.k.Wait / time.Millisecond)
	req.SessionID, req.SessionEpoch = p.session, p.epoch
	if !p.k.Sessions {
		req.SessionID, req.SessionEpoch = 0, -1
	}
	return req
}

// ask puts a partition into a fetch, unless the session has it there.
func (p *poll) ask(req *kmsg.FetchRequest, i int, epoch int32) {
	x := p.parts[i]
	p.maySeek(x)
	x.id = p.h.InvokeFetch(p.process, p.at(), x.tp(), checker.Fetch{From: x.at, Seek: x.seek})
	x.sought, x.seek, x.flying = x.seek, false, true
	p.asked = append(p.asked, x)
	if p.k.Sessions && p.epoch > 0 && p.told[i] == x.at {
		return
	}
	if p.k.Sessions {
		p.told[i] = x.at
	}
	put(req, x, epoch, p.k.PartMax)
}

func put(req *kmsg.FetchRequest, x *cursor, epoch int32, most int32) {
	part := kmsg.NewFetchRequestTopicPartition()
	part.Partition, part.FetchOffset, part.PartitionMaxBytes, part.CurrentLeaderEpoch = x.index, x.at, most, epoch
	for i := range req.Topics {
		if req.Topics[i].Topic == x.topic {
			req.Topics[i].Partitions = append(req.Topics[i].Partitions, part)
			return
		}
	}
	t := kmsg.NewFetchRequestTopic()
	t.Topic, t.TopicID = x.topic, x.target.id
	t.Partitions = append(t.Partitions, part)
	req.Topics = append(req.Topics, t)
}

// leave takes a partition out of a session: another node leads it now.
func leave(req *kmsg.FetchRequest, x *cursor) {
	t := kmsg.NewFetchRequestForgottenTopic()
	t.Topic, t.TopicID = x.topic, x.target.id
	t.Partitions = append(t.Partitions, x.index)
	req.ForgottenTopics = append(req.ForgottenTopics, t)
}

func (p *poll) fetched(resp kmsg.Response, err error) {
	got, ok := resp.(*kmsg.FetchResponse)
	for _, x := range p.asked {
		x.flying = false
	}
	if err != nil || !ok || got.ErrorCode != 0 {
		p.fail(got, err)
		return
	}
	if p.k.Sessions {
		p.session = got.SessionID
		if p.epoch++; p.session == 0 {
			p.forget()
		}
	}
	seen := map[*cursor]bool{}
	for i := range got.Topics {
		for j := range got.Topics[i].Partitions {
			if x := p.find(&got.Topics[i], got.Topics[i].Partitions[j].Partition, got.Version); x != nil {
				seen[x] = true
				if !p.take(x, &got.Topics[i].Partitions[j]) {
					x.failed = p
				}
			}
		}
	}
	for _, x := range p.asked {
		if !seen[x] {
			p.h.OKFetch(x.id, p.at(), checker.Fetched{HighWatermark: checker.Unknown, LogStart: checker.Unknown})
		}
	}
	p.again(p.w.between(0, p.k.Pause))
}

// fail ends a fetch that got no answer of use; the session begins anew.
func (p *poll) fail(resp *kmsg.FetchResponse, err error) {
	why := "refused"
	if err != nil {
		why = err.Error()
	} else if resp != nil {
		why = kerr.ErrorForCode(resp.ErrorCode).Error()
	}
	for _, x := range p.asked {
		p.h.Fail(x.id, p.at(), why)
		x.seek = x.seek || x.sought
		p.c.doubt(x.target)
	}
	p.forget()
	p.again(p.w.between(retryAfter, 2*retryAfter))
}

// find is the partition that an answer is about, if it was asked for.
func (p *poll) find(t *kmsg.FetchResponseTopic, index int32, version int16) *cursor {
	for _, x := range p.asked {
		if x.index == index && (version < 13 && x.topic == t.Topic || version >= 13 && x.target.id == t.TopicID) {
			return x
		}
	}
	return nil
}
