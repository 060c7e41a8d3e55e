package broker

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/record"
	"odradek/node/storage"
)

const (
	repairPeriod   = time.Second
	repairPatience = 10 * time.Second
	repairAtOnce   = 8 << 20   // bytes of one fetch
	repairMost     = 256 << 20 // bytes of one damaged range
	repairAttempts = 100       // to put in what was fetched, while the log is busy
	repairQuiet    = 60        // failures of which one is told
	repairRounds   = 3         // of all other replicas, until a leader that cannot lead gives up
)

// repairs fetch damaged ranges from other replicas, over links of their own:
//
//	donor: consumer's Fetch ... until the range is whole -> storage.Mend
//	next donor <- an error, or records that do not fit <--/
//
// The leader is asked first, of the others those in sync.
type repairs struct {
	s             *shard
	links         map[int32]*link
	found, mended int
}

// repair begins to mend one range of each replica that has some. It comes again,
// for as long as it takes.
func (x *repairs) repair() {
	for r := range x.s.stirring() {
		if damaged := r.log.Damaged(); len(damaged) > 0 && r.mending == nil && !x.s.stopping {
			x.mend(r, damaged[0])
		}
	}
}

// mending is the repair of one range under way.
type mending struct {
	x       *repairs
	r       *replica
	where   storage.Range
	donor   int32
	records []byte
	next    int64 // offset
}

func (x *repairs) mend(r *replica, where storage.Range) {
	donors := r.donors()
	if len(donors) == 0 {
		return
	}
	m := &mending{x: x, r: r, where: where, next: where.From, donor: donors[r.repairs%len(donors)]}
	r.mending = m
	m.fetch()
}

// donors are the other replicas of the partition, in the order in which they are
// asked.
func (r *replica) donors() []int32 {
	s := r.part.State()
	rank := func(id int32) int {
		switch {
		case id == s.Leader:
			return 0
		case slices.Contains(s.ISR, id):
			return 1
		}
		return 2
	}
	others := slices.DeleteFunc(slices.Clone(s.Replicas), func(id int32) bool { return id == r.s.node.config.NodeID })
	slices.SortStableFunc(others, func(a, b int32) int { return rank(a) - rank(b) })
	return others
}

func (x *repairs) link(node int32) *link {
	l := x.links[node]
	if l == nil {
		l = x.s.link(func() string { return x.s.address(node) })
		x.links[node] = l
	}
	return l
}

// fetch asks for what is missing, as a consumer of no rack would. The epoch of the
// record before says whether the logs agree up to there.
func (m *mending) fetch() {
	req := kmsg.NewPtrFetchRequest()
	req.Version, req.ReplicaID = 17, noNode
	req.ReplicaState.ID, req.ReplicaState.Epoch = noNode, -1
	req.MaxBytes, req.SessionEpoch = repairAtOnce, finalEpoch
	p := kmsg.NewFetchRequestTopicPartition()
	p.Partition, p.FetchOffset, p.PartitionMaxBytes = m.r.key.Index, m.next, repairAtOnce
	if l := m.r.log; m.next == m.where.From && m.next > l.Start() {
		p.LastFetchedEpoch = l.Epochs().EpochAt(m.next - 1)
	}
	t := kmsg.NewFetchRequestTopic()
	t.TopicID = m.r.key.Topic
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	m.x.link(m.donor).ask(req, repairPatience, func(resp kmsg.Response, err error) {
		if err == nil {
			err = m.take(resp.(*kmsg.FetchResponse))
		}
		switch {
		case err != nil:
			m.failed(err)
		case m.next >= m.where.To:
			m.put(repairAttempts)
		default:
			m.fetch()
		}
	})
}

// Errors of a donor.
var (
	errDonor   = errors.New("its answer is not what was asked for")
	errHasNot  = errors.New("it does not have them")
	errTooMuch = errors.New("they are too many")
)

// take gathers the batches of an answer. An answer with none is of one who has not
// so much, or does not yet know that it is committed.
func (m *mending) take(resp *kmsg.FetchResponse) error {
	if resp.ErrorCode != 0 {
		return codeError(resp.ErrorCode)
	}
	if len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1 {
		return errDonor
	}
	p := &resp.Topics[0].Partitions[0]
	switch {
	case p.ErrorCode != 0:
		return codeError(p.ErrorCode)
	case p.DivergingEpoch.EndOffset >= 0:
		return errHasNot
	}
	before := m.next
	for b, err := range record.Batches(p.RecordBatches) {
		if errors.Is(err, record.ErrTruncated) || m.next >= m.where.To {
			break
		}
		if err == nil {
			err = record.Check(b)
		}
		if err != nil {
			return err
		}
		m.records, m.next = append(m.records, b...), b.NextOffset()
	}
	switch {
	case m.next <= before:
		return errHasNot
	case len(m.records) > repairMost:
		return errTooMuch
	}
	return nil
}

// put hands the records to the log, which verifies them.
func (m *mending) put(attempts int) {
	r := m.r
	if r.gone != nil || r.failed != nil {
		r.mending = nil
		return
	}
	m.x.s.start(func(t *env.Task) error { return r.log.Mend(t, m.where, m.records) }, func(err error) {
		busy := errors.Is(err, storage.ErrBusy) || errors.Is(err, env.ErrNoSpace)
		switch {
		case busy && attempts > 0:
			m.x.s.after(repairPeriod/10, func() { m.put(attempts - 1) })
		case err != nil:
			m.failed(err)
		default:
			m.done()
		}
	})
}

func (m *mending) done() {
	r, s := m.r, m.x.s
	m.x.mended++
	r.mending, r.repairs = nil, 0
	s.out.Logf(env.Warn, "%s: records %d to %d are mended from node %d (%d ranges found, %d mended)",
		r.path(), m.where.From, m.where.To-1, m.donor, m.x.found, m.x.mended)
	r.part.Mended(s.now)
	r.coordinate()
}

// failed leaves the range to the next round, and the next donor.
func (m *mending) failed(err error) {
	r, s := m.r, m.x.s
	r.mending = nil
	if r.gone != nil || r.failed != nil {
		return
	}
	if r.repairs++; r.repairs%repairQuiet == 1 {
		s.out.Logf(env.Warn, "%s: records %d to %d cannot be mended yet: node %d: %v", r.path(), m.where.From, m.where.To-1, m.donor, err)
	}
	r.despair()
}

// despair is of a leader whose log cannot be mended, and which cannot lead without:
// it has lost storage, and says so.
func (r *replica) despair() {
	if r.log.Unsure() && !r.part.Lost() && r.part.State().Leader == r.s.node.config.NodeID && r.repairs >= repairRounds*len(r.donors()) {
		r.s.out.Logf(env.Error, "%s: no replica has the damaged records: it leaves the in-sync replicas", r.path())
		r.part.Lose()
		r.coordinate()
		r.confess()
	}
}

// address is where a node's broker listens for others of its kind, "" if nobody
// knows.
func (s *shard) address(node int32) string {
	if b := s.image.Broker(node); b != nil {
		if e, ok := endpoint(b, s.node.config.InterBroker); ok {
			return fmt.Sprintf("%s:%d", e.Host, e.Port)
		}
	}
	return ""
}
