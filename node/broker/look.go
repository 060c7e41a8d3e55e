package broker

import (
	"errors"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/partition"
	"odradek/node/storage"
)

// lookQuestion asks a shard what can be read from its partitions now. It is
// answered with one lookResult per part. With Watch, a woken message for Fetch
// follows once, when one of them has changed.
type lookQuestion struct {
	Fetch    uint64
	Watch    bool
	MaxBytes int
	Reader   reader
	MinOne   bool // the first batch is returned even if larger than the limits
	Parts    []lookPart
}

// reader is who reads: a consumer, or with its broker epoch a replica.
type reader struct {
	Replica     int32 // noNode: a consumer
	BrokerEpoch int64
	Anywhere    bool   // a follower may answer, too
	Rack        string // of a consumer; "": it does not say
	Listener    string // on which it came
}

func (r reader) follows() bool { return r.Replica >= 0 }

type lookPart struct {
	Key         partitionKey
	Offset      int64
	Max         int
	LeaderEpoch int32 // as the reader knows it; -1: it does not say
	LastEpoch   int32 // of the record before Offset; -1: it does not say
	LogStart    int64 // of a replica
}

func (p *lookPart) key() partitionKey { return p.Key }

// lookResult is what one partition offers.
type lookResult struct {
	Code      int16
	High      int64
	Stable    int64
	Start     int64
	Slice     storage.Slice
	Diverged  bool
	Producers []byte // for a replica that begins anew
	Epoch     int32  // where the reader's log leaves ours
	End       int64
	Closer    bool // the reader should ask the replica Preferred instead
	Preferred int32
	Stale     bool // a follower does not know how much is committed
}

// woken and unwatch end a watch, from either side.
type (
	woken   struct{ Fetch uint64 }
	unwatch struct {
		Fetch uint64
		Keys  []partitionKey
		Quiet []*replica // of the asker's own
	}
)

// watch is one fetch's interest in the partitions of a shard.
type watch struct {
	s     *shard
	from  int // the machine to wake
	fetch uint64
	due   bool
}

// Changed is called by a partition.
func (w *watch) Changed() {
	if !w.due {
		w.due = true
		w.s.tell(w.from, woken{w.fetch})
	}
}

type watchKey struct {
	from  int
	fetch uint64
}

// lookJob is a lookQuestion under way.
type lookJob struct {
	s     *shard
	q     lookQuestion
	watch *watch
}

func (s *shard) look(from int, q lookQuestion, done func(any)) {
	j := &lookJob{s: s, q: q, watch: s.watchFor(from, q)}
	perReplica(s, q.Parts, (*lookPart).key, done, j.one)
}

func (s *shard) watchFor(from int, q lookQuestion) *watch {
	if !q.Watch {
		return nil
	}
	key := watchKey{from, q.Fetch}
	w := s.watches[key]
	if w == nil {
		w = &watch{s: s, from: from, fetch: q.Fetch}
		s.watches[key] = w
	}
	w.due = false
	return w
}

func (s *shard) unwatch(from int, u unwatch) {
	key := watchKey{from, u.Fetch}
	w := s.watches[key]
	if w == nil {
		return
	}
	delete(s.watches, key)
	w.due = true
	for _, k := range u.Keys {
		if r := s.replicas[k]; r != nil {
			r.part.Unwatch(w)
		}
	}
	for _, r := range u.Quiet {
		r.part.Unwatch(w)
	}
}

func (j *lookJob) one(p *lookPart, r *replica, err error, res *lookResult, finish func()) {
	res.High, res.Stable, res.Start = -1, -1, -1
	if w := j.watch; w != nil && r != nil && !w.due {
		if j.q.Reader.follows() {
			r.part.WatchWritten(w)
		} else {
			r.part.Watch(w)
		}
	}
	if err == nil {
		err = j.admits(r, p)
	}
	if err == nil && j.q.Reader.follows() {
		j.follow(p, r, res, finish)
		return
	}
	if err != nil {
		res.Code = codeOf(err)
		finish()
		return
	}
	res.High, res.Stable, res.Start = r.part.HighWatermark(), r.part.LastStable(), r.log.Start()
	if res.Preferred, res.Closer = j.s.prefer(r, &j.q.Reader, p.Offset); res.Closer || res.diverges(r, p) {
		finish()
		return
	}
	j.read(p, r, res.High, res, finish)
}

// follow serves a replica, and takes its offset for an acknowledgement.
func (j *lookJob) follow(p *lookPart, r *replica, res *lookResult, finish func()) {
	v, err := r.part.FollowerFetch(j.s.now, partition.FollowerFetch{
		Replica: j.q.Reader.Replica, BrokerEpoch: j.q.Reader.BrokerEpoch,
		LeaderEpoch: p.LeaderEpoch, Offset: p.Offset, LastEpoch: p.LastEpoch, LogStart: p.LogStart,
	})
	res.Code, res.High, res.Stable, res.Start = codeOf(err), v.High, v.Stable, v.Start
	if v.Stuck {
		r.verify(p.Offset)
	}
	res.Stale = v.Stale && j.s.closest() // its consumers wait for that
	res.Producers = v.Producers
	if v.Diverged || err == kerr.OffsetOutOfRange {
		res.Diverged, res.Epoch, res.End = true, v.Epoch, v.End
	}
	if err != nil || v.Diverged {
		finish()
		return
	}
	if !r.throttledLeader(j.q.Reader.Replica) {
		j.read(p, r, v.Limit, res, finish)
		return
	}
	if j.s.giving.over(j.s) {
		finish()
		return
	}
	j.read(p, r, v.Limit, res, func() {
		j.s.giving.took(j.s, res.Slice.Size)
		finish()
	})
}

func (j *lookJob) admits(r *replica, p *lookPart) error {
	switch {
	case p.Max < 0 || j.q.MaxBytes < 0:
		return kerr.UnknownServerError // Kafka's answer
	case j.q.Reader.follows():
		return nil // the partition judges
	}
	return serves(r, &j.q.Reader, p.LeaderEpoch)
}

// diverges tells a reader whose last epoch ended elsewhere where to cut (KIP-595).
func (res *lookResult) diverges(r *replica, p *lookPart) bool {
	if p.LastEpoch < 0 {
		return false
	}
	epoch, end := r.log.Epochs().EndOffset(p.LastEpoch, r.log.End())
	if epoch < 0 || end < 0 {
		*res = lookResult{Code: kerr.OffsetOutOfRange.Code, High: -1, Stable: -1, Start: -1}
		return true
	}
	if epoch < p.LastEpoch || end < p.Offset {
		res.Diverged, res.Epoch, res.End = true, epoch, end
	}
	return res.Diverged
}

func (j *lookJob) read(p *lookPart, r *replica, end int64, res *lookResult, finish func()) {
	slice, ok, err := r.log.Read(p.Offset, min(p.Max, j.q.MaxBytes), end, j.q.MinOne)
	if !ok && err == nil {
		j.readSlow(p, r, end, res, finish)
		return
	}
	res.offer(slice, err)
	finish()
}

func (j *lookJob) readSlow(p *lookPart, r *replica, end int64, res *lookResult, finish func()) {
	var slice storage.Slice
	epoch := r.part.State().LeaderEpoch
	j.s.start(func(t *env.Task) (err error) {
		slice, err = r.log.ReadSlow(t, p.Offset, min(p.Max, j.q.MaxBytes), end, j.q.MinOne)
		return err
	}, func(err error) {
		if err == nil && r.part.State().LeaderEpoch != epoch {
			err = kerr.NotLeaderForPartition // what was read may be another's now
		}
		var corrupt *storage.CorruptError
		if errors.As(err, &corrupt) {
			r.verify(p.Offset)
		}
		res.offer(slice, err)
		finish()
	})
}

func (res *lookResult) offer(slice storage.Slice, err error) {
	if err != nil {
		res.Code = codeOf(err)
		res.High, res.Stable, res.Start = -1, -1, -1
		return
	}
	res.Slice = slice
}
