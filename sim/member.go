package sim

import (
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker"
	"odradek/node/record"
)

// member is a consumer of a group. It does one thing at a time:
//
//	find the coordinator -> join -> look up commits -> fetch, commit, heartbeat, ...
//	        ^                ^                              |
//	        `-- lost --------+------- out, or a rebalance --'
type member struct {
	*workload
	g       *group
	c       *client
	reader  *consumer
	process int32
	by      checker.Membership
	node    int // of the coordinator; -1: not known
	owned   []*cursor
	commits map[target]int64         // what it has committed, or found so
	ends    map[target]time.Duration // when a fetch began that found the end
	joined  bool
	joining bool // assign is under way
	assign  checker.ID
	beat    time.Duration // when the last heartbeat was sent
	next    int           // of owned
	said    int           // commits so far
	leaving bool
	gone    bool
}

func (g *group) member() *member {
	l := g.workload
	m := &member{workload: l, g: g, process: l.newProcess(), node: -1}
	m.c = l.client(fmt.Sprintf("%s-%d", g.name, m.process))
	m.c.patience(3 * time.Second)
	m.reader = &consumer{workload: l, c: m.c, process: m.process, k: consumerKnobs{Version: 12}, codecs: record.NewCompressor()}
	m.out()
	m.forget()
	return m
}

// forget makes it a stranger to the group.
func (m *member) forget() {
	m.by = checker.Membership{Group: m.g.name, Generation: int32(checker.Unknown), PerMember: m.g.k.Epochs}
	m.joined = false
	if m.g.k.Epochs {
		m.g.ids++
		m.by.Member, m.by.Generation = fmt.Sprintf("%s-m%d", m.g.name, m.g.ids), 0
	}
}

// out gives up everything: it is no longer a member, or rejoins.
func (m *member) out() {
	if m.joined {
		m.h.Released(m.process, m.at(), m.by)
	}
	m.owned, m.joined = nil, false
	m.commits, m.ends = map[target]int64{}, map[target]time.Duration{}
}

func (m *member) again(after time.Duration) { m.w.After(after, m.turn) }

func (m *member) turn() {
	switch {
	case m.gone:
	case m.node < 0:
		m.find()
	case m.leaving:
		m.leave()
	case !m.stopped && m.misbehave():
	case !m.joined && m.g.k.Epochs:
		m.tell()
	case !m.joined:
		m.join()
	case m.w.now-m.beat > m.g.k.Session/4:
		m.heartbeat()
	default:
		m.work()
	}
}

// misbehave lets it die, or sleep and then commit as whom it was before.
func (m *member) misbehave() bool {
	switch m.w.Rand.IntN(200) {
	case 0:
		m.out()
		m.gone = true
		m.w.After(m.w.between(0, m.g.k.Session), func() { m.g.add() })
		return true
	case 1:
		m.w.After(m.w.between(m.g.k.Session/2, 2*m.g.k.Session), func() {
			if len(m.owned) > 0 {
				m.commit(m.owned[0])
				return
			}
			m.turn()
		})
		return true
	}
	return false
}

// work looks up, reads, or commits one partition.
func (m *member) work() {
	if len(m.owned) == 0 {
		m.again(m.w.between(5*time.Millisecond, m.g.k.Session/4))
		return
	}
	m.next++
	x := m.owned[m.next%len(m.owned)]
	at, known := m.commits[x.target]
	switch {
	case !known:
		m.lookUp(x)
	case x.at > at && !x.seek && m.w.Rand.IntN(3) == 0:
		m.commit(x)
	default:
		m.fetch(x)
	}
}

func (m *member) fetch(x *cursor) {
	node, epoch, known := m.c.leader(x.target)
	if !known || x.lost {
		m.again(m.w.between(time.Millisecond, retryAfter))
		return
	}
	req := kmsg.NewPtrFetchRequest()
	req.Version, req.MaxBytes, req.MinBytes, req.MaxWaitMillis, req.SessionEpoch = 12, 1<<20, 1, 5, -1
	put(req, x, epoch, 1<<16)
	began := m.w.now
	x.id = m.h.InvokeFetch(m.process, m.at(), x.tp(), checker.Fetch{From: x.at, Seek: x.seek, By: m.by})
	x.sought, x.seek = x.seek, false
	m.c.send(node, req, false, func(resp kmsg.Response, err error) {
		m.again(m.w.between(time.Millisecond, m.g.k.Pause))
		got, ok := resp.(*kmsg.FetchResponse)
		if err != nil || !ok || got.ErrorCode != 0 || len(got.Topics) == 0 {
			m.h.Fail(x.id, m.at(), "refused")
			x.seek = x.seek || x.sought
			m.c.doubt(x.target)
			return
		}
		if m.reader.take(x, &got.Topics[0].Partitions[0]) && x.at >= got.Topics[0].Partitions[0].HighWatermark {
			m.ends[x.target] = began
		}
	})
}

// settled tells whether it has read and committed all that it owns.
func (m *member) settled() bool {
	for _, x := range m.owned {
		at, known := m.commits[x.target]
		if !known || x.at > 0 && at < x.at || m.ends[x.target] <= m.g.silent {
			return false
		}
	}
	return m.joined
}

// refused sorts what a coordinator answers when it does not do what it is asked.
func (m *member) refused(code int16, err error) {
	why := kerr.ErrorForCode(code)
	switch {
	case err != nil, errors.Is(why, kerr.NotCoordinator), errors.Is(why, kerr.CoordinatorNotAvailable):
		m.node = -1
	case errors.Is(why, kerr.RebalanceInProgress):
		m.out()
	case errors.Is(why, kerr.UnknownMemberID), errors.Is(why, kerr.IllegalGeneration), errors.Is(why, kerr.FencedMemberEpoch):
		m.out()
		m.failAssign(reason(code, err))
		m.forget()
	}
	m.again(m.w.between(retryAfter/2, retryAfter))
}

// failAssign ends an assignment that will never be told.
func (m *member) failAssign(why string) {
	if m.joining {
		m.h.Fail(m.assign, m.at(), why)
		m.joining = false
	}
}
