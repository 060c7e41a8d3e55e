package sim

import (
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker"
	"odradek/node/wire"
)

// workload is what all clients of a run share.
type workload struct {
	w         *World
	nodes     []*Node  // the brokers: clients know no other ones
	names     []string // of the topics that producers and consumers use
	h         *checker.History
	values    *values
	stopped   bool // no new work
	processes int32

	given      map[int64]string // who was given a producer id
	complaints []string         // of clients that were told what cannot be
}

// complain notes an answer that a right broker cannot have given, though the
// history of records and offsets does not show it.
func (l *workload) complain(format string, args ...any) {
	l.complaints = append(l.complaints, fmt.Sprintf(format, args...))
}

// at is the virtual time, as the history counts it.
func (l *workload) at() int64 { return int64(l.w.now) }

// wall is the clients' wall clock, ms.
func (l *workload) wall() int64 { return wallStart + l.w.now.Milliseconds() }

func (l *workload) newProcess() int32 {
	l.processes++
	return l.processes
}

// version draws one of those that the node lists, from low on.
func (l *workload) version(req kmsg.Request, low int16) int16 {
	for _, r := range wire.Versions {
		if r.Key == req.Key() {
			low, high := max(low, r.Min), min(r.Max, req.MaxVersion())
			return low + int16(l.w.Rand.IntN(int(high-low)+1))
		}
	}
	panic("sim: a request that the node does not list")
}

// list asks for one offset; done is told it, or that there was no answer.
func (l *workload) list(c *client, process int32, t target, spec int64, done func(offset int64, ok bool)) {
	node, epoch, known := c.leader(t)
	if !known {
		l.w.After(retryAfter, func() { done(-1, false) })
		return
	}
	req := kmsg.NewPtrListOffsetsRequest()
	req.Version, req.ReplicaID = l.version(req, 7), -1
	p := kmsg.NewListOffsetsRequestTopicPartition()
	p.Partition, p.CurrentLeaderEpoch, p.Timestamp = t.index, epoch, spec
	x := kmsg.NewListOffsetsRequestTopic()
	x.Topic = t.topic
	x.Partitions = append(x.Partitions, p)
	req.Topics = append(req.Topics, x)
	id := l.h.InvokeList(process, l.at(), t.tp(), spec)
	c.send(node, req, false, func(resp kmsg.Response, err error) {
		code, offset, at := int16(0), int64(-1), int64(-1)
		if err == nil {
			a := resp.(*kmsg.ListOffsetsResponse).Topics[0].Partitions[0]
			code, offset, at = a.ErrorCode, a.Offset, a.Timestamp
		}
		if err != nil || code != 0 {
			c.doubt(t)
			l.h.Fail(id, l.at(), reason(code, err))
			done(-1, false)
			return
		}
		l.h.OKList(id, l.at(), offset, at)
		done(offset, true)
	})
}

func reason(code int16, err error) string {
	if err != nil {
		return err.Error()
	}
	return kerr.ErrorForCode(code).Error()
}

// admin asks and changes things beside the data, until it is told to stop.
type admin struct {
	*workload
	c       *client
	process int32
	k       adminKnobs
	parts   []target
	high    map[target]int64
	topics  int // made so far
	live    []string
}

type adminKnobs struct {
	Pause  time.Duration // between two acts, at most; 0: there are none once the topics are made
	Trims  int           // one act in so many deletes records; 0: none
	Topics int           // one act in so many makes or deletes a topic; 0: none

	Moves    int   // one act in so many moves a partition, or its leadership; 0: none
	Replicas int16 // of each partition that it makes
	Fixed    bool  // min.insync.replicas stays as it is
}

func (a *admin) turn() {
	if a.stopped {
		return
	}
	rng := a.w.Rand
	next := func() { a.w.After(a.w.between(a.k.Pause/2, a.k.Pause), a.turn) }
	t := a.parts[rng.IntN(len(a.parts))]
	switch {
	case a.k.Trims > 0 && rng.IntN(a.k.Trims) == 0:
		a.trim(t, next)
	case a.k.Topics > 0 && rng.IntN(a.k.Topics) == 0:
		a.changeTopics(next)
	case a.k.Moves > 0 && rng.IntN(a.k.Moves) == 0:
		a.move(next)
	default:
		specs := []int64{checker.Latest, checker.Earliest, checker.MaxTimestamp, a.wall() - rng.Int64N(10000)}
		spec := specs[rng.IntN(len(specs))]
		a.list(a.c, a.process, t, spec, func(offset int64, ok bool) {
			if ok && spec == checker.Latest {
				a.high[t] = max(a.high[t], offset)
			}
			next()
		})
	}
}

// trim deletes records before an offset that is known to be committed, or all
// that are.
func (a *admin) trim(t target, next func()) {
	before := a.w.Rand.Int64N(a.high[t] + 1)
	if a.w.Rand.IntN(3) == 0 {
		before = checker.Unknown // which is Kafka's "up to the high watermark", too
	}
	a.trimTo(t, before, next)
}

func (a *admin) trimTo(t target, before int64, next func()) {
	node, _, known := a.c.leader(t)
	if !known {
		next()
		return
	}
	req := kmsg.NewPtrDeleteRecordsRequest()
	req.Version, req.TimeoutMillis = a.version(req, 0), 5000
	p := kmsg.NewDeleteRecordsRequestTopicPartition()
	p.Partition, p.Offset = t.index, before
	x := kmsg.NewDeleteRecordsRequestTopic()
	x.Topic = t.topic
	x.Partitions = append(x.Partitions, p)
	req.Topics = append(req.Topics, x)
	id := a.h.InvokeTrim(a.process, a.at(), t.tp(), before)
	a.c.send(node, req, false, func(resp kmsg.Response, err error) {
		defer next()
		if err != nil {
			a.c.doubt(t)
			a.h.Maybe(id, a.at(), err.Error())
			return
		}
		got := resp.(*kmsg.DeleteRecordsResponse).Topics[0].Partitions[0]
		if got.ErrorCode != 0 {
			a.c.doubt(t)
			a.h.Maybe(id, a.at(), reason(got.ErrorCode, nil))
			return
		}
		a.h.OKTrim(id, a.at(), got.LowWatermark)
	})
}

// changeTopics makes a topic, deletes one, gives one more partitions, or looks
// whether one is there.
func (a *admin) changeTopics(next func()) {
	switch n := a.w.Rand.IntN(4); {
	case n == 0 || len(a.live) == 0:
		a.topics++
		name := "side-" + string(rune('a'+a.topics%26)) + string(rune('a'+a.topics/26%26))
		a.live = append(a.live, name)
		a.create(name, 2, func(bool) { next() })
	case n == 1:
		name := a.live[0]
		a.live = a.live[1:]
		a.remove(name, next)
	case n == 2:
		a.grow(a.live[a.w.Rand.IntN(len(a.live))], next)
	default:
		a.exists(a.live[a.w.Rand.IntN(len(a.live))], func(*kmsg.MetadataResponseTopic) { next() })
	}
}

func (a *admin) create(topic string, partitions int32, done func(ok bool)) {
	a.createWith(topic, partitions, nil, done)
}

// createWith makes a topic with configs: names and values in turn.
func (a *admin) createWith(topic string, partitions int32, configs []string, done func(ok bool)) {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Version, req.TimeoutMillis = a.version(req, 0), 5000
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = topic, partitions, a.k.Replicas
	for i := 0; i < len(configs); i += 2 {
		c := kmsg.NewCreateTopicsRequestTopicConfig()
		c.Name, c.Value = configs[i], &configs[i+1]
		t.Configs = append(t.Configs, c)
	}
	req.Topics = append(req.Topics, t)
	id := a.h.InvokeCreate(a.process, a.at(), topic, partitions)
	a.c.send(a.anyone(), req, false, func(resp kmsg.Response, err error) {
		ok := false
		if err != nil {
			a.h.Maybe(id, a.at(), err.Error())
		} else if code := resp.(*kmsg.CreateTopicsResponse).Topics[0].ErrorCode; code != 0 {
			a.h.Maybe(id, a.at(), reason(code, nil))
			ok = code == kerr.TopicAlreadyExists.Code
		} else {
			a.h.OK(id, a.at())
			ok = true
		}
		done(ok)
	})
}

func (a *admin) remove(topic string, next func()) {
	req := kmsg.NewPtrDeleteTopicsRequest()
	req.Version, req.TimeoutMillis, req.TopicNames = a.version(req, 0), 5000, []string{topic}
	x := kmsg.NewDeleteTopicsRequestTopic()
	x.Topic = &topic
	req.Topics = append(req.Topics, x) // from v6 on
	id := a.h.InvokeDelete(a.process, a.at(), topic)
	a.c.send(a.anyone(), req, false, func(resp kmsg.Response, err error) {
		defer next()
		if err != nil {
			a.h.Maybe(id, a.at(), err.Error())
			return
		}
		if code := resp.(*kmsg.DeleteTopicsResponse).Topics[0].ErrorCode; code != 0 {
			a.h.Maybe(id, a.at(), reason(code, nil))
			return
		}
		a.h.OK(id, a.at())
	})
}

// grow asks for more partitions. Nobody uses them: it is for the disturbance.
func (a *admin) grow(topic string, next func()) {
	req := kmsg.NewPtrCreatePartitionsRequest()
	req.Version, req.TimeoutMillis = a.version(req, 0), 5000
	t := kmsg.NewCreatePartitionsRequestTopic()
	t.Topic, t.Count = topic, int32(2+a.w.Rand.IntN(5))
	req.Topics = append(req.Topics, t)
	a.c.send(a.anyone(), req, false, func(kmsg.Response, error) { next() })
}

// exists looks a topic up, without making it.
func (a *admin) exists(topic string, done func(*kmsg.MetadataResponseTopic)) {
	req := kmsg.NewPtrMetadataRequest()
	req.Version, req.AllowAutoTopicCreation = a.version(req, 10), false // with topic ids
	t := kmsg.NewMetadataRequestTopic()
	t.Topic = &topic
	req.Topics = append(req.Topics, t)
	id := a.h.InvokeMetadata(a.process, a.at(), topic)
	a.c.send(a.anyone(), req, false, func(resp kmsg.Response, err error) {
		if err != nil {
			a.h.Fail(id, a.at(), err.Error())
			done(nil)
			return
		}
		got := resp.(*kmsg.MetadataResponse).Topics[0]
		switch got.ErrorCode {
		case 0, kerr.UnknownTopicOrPartition.Code:
			a.h.OKMetadata(id, a.at(), got.ErrorCode == 0)
		default:
			a.h.Fail(id, a.at(), reason(got.ErrorCode, nil))
		}
		done(&got)
	})
}
