package broker

import (
	"errors"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/mutant"
	"odradek/node/record"
)

// leastProduceWait is how long a produce may take at least. The timeout of the
// request is meant for replication; our own sync should not use it up.
const leastProduceWait = time.Second

// appendQuestion asks a shard to append to its partitions. It is answered with
// one appendResult per part.
type appendQuestion struct {
	Acks      int16
	TimeoutMs int32
	OldCodecs bool // the client's version does not know zstd
	Parts     []appendPart
}

type appendPart struct {
	Key     partitionKey
	Records []byte
}

// appendResult is the outcome for one partition.
type appendResult struct {
	Code       int16
	Message    string
	Records    []record.RecordError
	Base       int64
	AppendTime int64
	LogStart   int64
	Spent      bool // nothing under way needs the bytes of the records any more
}

// nothingAppended is a result without an offset. One with an offset keeps it,
// should the producer be told that its records are not known to be safe.
var nothingAppended = appendResult{Base: -1, AppendTime: -1, LogStart: -1}

// fail sets the code of err, if it is one.
func (r *appendResult) fail(err error) {
	if r.Code = codeOf(err); r.Code == 0 {
		return
	}
	var refusal *record.Refusal
	if !errors.As(err, &refusal) {
		return
	}
	if len(refusal.Records) > 0 || refusal.Framing && r.Code == kerr.CorruptMessage.Code {
		r.Message, r.Records = refusal.Message, refusal.Records // Kafka explains no others
	}
	if refusal.Framing {
		r.LogStart = -1
	}
}

// appendJob is an appendQuestion under way.
type appendJob struct {
	s       *shard
	q       appendQuestion
	results []appendResult
	waits   []appendWait // one for each part
	left    int
	done    func(any)
	single  struct { // room for the one part that nearly every question has
		results [1]appendResult
		waits   [1]appendWait
	}
}

// appendWait is one part of a job, on its way to safety.
type appendWait struct {
	j     *appendJob
	i     int
	ended bool
	r     *replica // that has appended it
	last  int64    // offset
}

// Done is called by the partition.
func (w *appendWait) Done(err error) {
	w.j.results[w.i].Spent = err == nil && w.r.log != nil && w.r.log.Settled(w.last)
	w.j.finish(w.i, err)
}

func (s *shard) append(q appendQuestion, done func(any)) {
	j := &appendJob{s: s, q: q, left: len(q.Parts), done: done}
	j.makeRoom(len(q.Parts))
	for i := range q.Parts {
		j.waits[i], j.results[i] = appendWait{j: j, i: i}, nothingAppended
		if r := s.replicas[q.Parts[i].Key]; r != nil && r.ready() {
			j.appendOne(i, r, nil)
			continue
		}
		s.withReplica(q.Parts[i].Key, func(r *replica, err error) { j.appendOne(i, r, err) })
	}
	if j.left > 0 {
		wait := max(time.Duration(q.TimeoutMs)*time.Millisecond, leastProduceWait)
		s.timers.Set(j, s.now.Mono+wait)
	}
}

func (j *appendJob) makeRoom(parts int) {
	if parts == 1 {
		j.results, j.waits = j.single.results[:], j.single.waits[:]
		return
	}
	j.results, j.waits = make([]appendResult, parts), make([]appendWait, parts)
}

func (j *appendJob) appendOne(i int, r *replica, err error) {
	if j.waits[i].ended {
		return // timed out while the log was loading: nothing was appended
	}
	if err != nil {
		j.finish(i, err)
		return
	}
	res := &j.results[i]
	v, err := record.Validate(j.q.Parts[i].Records, j.rules(r))
	if err != nil {
		res.LogStart = r.log.Start()
		j.finish(i, err)
		return
	}
	if int64(len(v.Batch)) > r.topic.config.SegmentBytes {
		j.finish(i, kerr.RecordListTooLarge) // no segment holds it
		return
	}
	a, err := r.part.Append(j.s.now, &v, j.q.Acks, j.s.out)
	if err != nil {
		res.LogStart = r.log.Start()
		j.finish(i, err)
		return
	}
	r.touch()
	res.Base, res.AppendTime, res.LogStart = a.Base, a.AppendTime, r.log.Start()
	if a.Duplicate && mutant.On("D9") { // D9: a duplicate is answered before its original is durable
		j.finish(i, nil)
		return
	}
	j.waits[i].r, j.waits[i].last = r, a.Last
	r.part.Await(a.Last, j.q.Acks, &j.waits[i])
}

func (j *appendJob) rules(r *replica) record.Rules {
	rules := r.topic.rules(j.s.now.Wall)
	rules.NoZstd, rules.Compressor = j.q.OldCodecs, j.s.codecs
	return rules
}

func (j *appendJob) finish(i int, err error) {
	if j.waits[i].ended {
		return
	}
	j.waits[i].ended = true
	j.results[i].fail(err)
	if !tellsStart(j.results[i].Code) {
		j.results[i].LogStart = -1
	}
	if j.left--; j.left == 0 {
		j.s.timers.Cancel(j)
		j.done(j.results)
	}
}

// fired: the time is up. What was appended may still become durable.
func (j *appendJob) fired() {
	for i := range j.waits {
		j.finish(i, kerr.RequestTimedOut)
	}
}

// tellsStart tells whether Kafka says the log start with an error: not with
// those that it expects (ReplicaManager.appendRecordsToLeader).
func tellsStart(code int16) bool {
	switch code {
	case kerr.UnknownTopicOrPartition.Code, kerr.NotLeaderForPartition.Code, kerr.MessageTooLarge.Code,
		kerr.RecordListTooLarge.Code, kerr.CorruptMessage.Code, kerr.KafkaStorageError.Code:
		return false
	}
	return true
}
