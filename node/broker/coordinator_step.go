package broker

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/group"
	"odradek/node/partition"
	"odradek/node/record"
)

// groupQuestion asks the coordinator of a partition; answered with a
// kmsg.Response.
type groupQuestion struct {
	Key    partitionKey
	ID     uint64 // of the asker, for forgotten
	Caller group.Caller
	Req    kmsg.Request
}

// forgotten says that nobody waits for the answer to a question any more.
type forgotten struct {
	Key partitionKey
	ID  uint64
}

type askerKey struct {
	from int
	id   uint64
}

// pendingReply is a question that was handed to the groups.
type pendingReply struct {
	who  askerKey
	req  kmsg.Request
	done func(any)
}

func (s *shard) askCoordinator(from int, q groupQuestion, done func(any)) {
	c, err := s.coordinatorFor(q.Key)
	if err == nil {
		err = c.admits(q.Req)
	}
	if err != nil {
		done(group.Refuse(q.Req, group.Unavailable(q.Req, err)))
		return
	}
	c.handle(askerKey{from, q.ID}, q, done)
}

// admits refuses early what would have to be written and cannot be: a failed
// append costs a load.
func (c *coordinator) admits(req kmsg.Request) *kerr.Error {
	switch req.(type) {
	case *kmsg.OffsetCommitRequest, *kmsg.OffsetDeleteRequest, *kmsg.DeleteGroupsRequest:
		return kerr.TypedErrorForCode(codeOf(c.r.part.Admits(partition.AcksAll)))
	}
	return nil
}

func (c *coordinator) handle(who askerKey, q groupQuestion, done func(any)) {
	c.lastToken++
	token := c.lastToken
	c.asked[token], c.tokens[who] = &pendingReply{who, q.Req, done}, token
	c.step(func(o *group.Outcome) { c.core.Handle(c.s.now, token, q.Caller, q.Req, o) })
}

// forget drops a question whose client is gone. To the groups that changes nothing:
// a member is there until its session ends, as in Kafka.
func (s *shard) forget(from int, f forgotten) {
	c := s.coordinators[f.Key]
	if c == nil {
		return
	}
	who := askerKey{from, f.ID}
	if token, waits := c.tokens[who]; waits {
		delete(c.tokens, who)
		delete(c.asked, token)
	}
}

// fired: something of a group is due.
func (c *coordinator) fired() {
	c.step(func(o *group.Outcome) { c.core.Fire(c.s.now, o) })
}

// step lets the groups do something, and carries out what follows from it.
func (c *coordinator) step(do func(*group.Outcome)) {
	topic := &c.r.topic.config
	c.s.groups.MaxBatchBytes = int(min(int64(topic.MaxMessageBytes), topic.SegmentBytes))
	var o group.Outcome
	do(&o)
	if at, any := c.core.Next(); any {
		c.s.timers.Set(c, at)
	} else {
		c.s.timers.Cancel(c)
	}
	if len(o.Records) > 0 {
		if err := c.append(o.Records); err != nil {
			c.fail(err)
			return
		}
	}
	if len(o.Records)+len(o.Replies) > 0 {
		c.park(o.Replies)
	}
}

func (c *coordinator) append(records []group.Record) error {
	b := record.NewBuilder(c.s.codecs)
	b.Codec, b.Levels = c.s.offsetsLog.codec, c.r.topic.config.Levels
	for _, r := range records {
		b.Append(record.Record{Timestamp: c.s.now.Wall, Key: r.Key, Value: r.Value})
	}
	batch, err := b.Build()
	if err != nil {
		return err
	}
	rules := c.r.topic.rules(c.s.now.Wall)
	rules.Compressor = c.s.codecs
	v, err := record.Validate(batch, rules)
	if err != nil {
		return err
	}
	if int64(len(v.Batch)) > c.r.topic.config.SegmentBytes {
		return kerr.RecordListTooLarge
	}
	a, err := c.r.part.Append(c.s.now, &v, partition.AcksAll, c.s.out)
	if err != nil {
		return err
	}
	c.r.touch()
	c.last = a.Last
	return nil
}

// park keeps replies until all that this coordinator knows is committed.
func (c *coordinator) park(replies []group.Reply) {
	p := &parkedReplies{c: c, replies: replies}
	if len(replies) > 0 {
		c.s.timers.Set(p, c.s.now.Mono+c.s.offsetsLog.patience)
	}
	c.r.part.Await(c.last, partition.AcksAll, p)
}

type parkedReplies struct {
	c       *coordinator
	replies []group.Reply
}

// Done is called by the partition. That fewer replicas hold the records than a
// producer would be promised does not matter: they are committed.
func (p *parkedReplies) Done(err error) {
	p.c.s.timers.Cancel(p)
	switch {
	case p.c.ended:
	case err != nil && err != kerr.NotEnoughReplicasAfterAppend:
		p.c.fail(err)
	default:
		for _, r := range p.replies {
			p.c.answer(r.To, r.Response)
		}
	}
}

// fired: the time is up. The records may be committed yet.
func (p *parkedReplies) fired() {
	for _, r := range p.replies {
		p.c.refuse(r.To, kerr.RequestTimedOut)
	}
	p.replies = nil
}

func (c *coordinator) answer(token group.Token, resp kmsg.Response) {
	if a := c.asked[token]; a != nil {
		delete(c.asked, token)
		delete(c.tokens, a.who)
		a.done(resp)
	}
}

func (c *coordinator) refuse(token group.Token, why *kerr.Error) {
	if a := c.asked[token]; a != nil {
		c.answer(token, group.Refuse(a.req, group.Unavailable(a.req, why)))
	}
}
