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

// member is a consumer of a group. It does one thing at a time (but see mischief):
//
//	find the coordinator -> join -> look up commits -> fetch, commit, heartbeat, ...
//	        ^                ^                              |
//	        `-- lost --------+------- out, or a rebalance --'
type member struct {
	*workload
	committer
	g        *group
	k        memberKnobs
	instance string // group.instance.id; "": it is a dynamic member
	reader   *consumer
	beats    *client // of its own, for while it waits; nil: not needed yet
	owned    []*cursor
	commits  map[target]int64         // what it has committed, or found so
	ends     map[target]time.Duration // when a fetch began that found the end
	joined   bool
	known    bool // it has been assigned something: what it is is written down
	joining  bool // assign is under way
	assign   checker.ID
	beat     time.Duration // when the last heartbeat was sent
	heard    time.Duration // when that was sent which was last answered well
	next     int           // of owned
	past     *former       // what it was, and may remember too late
	gone     bool
}

func (g *group) member(k memberKnobs, instance string) *member {
	l := g.workload
	m := &member{workload: l, g: g, k: k, instance: instance, committer: g.committer(g.name)}
	m.c.patience(3 * time.Second)
	m.reader = &consumer{workload: l, c: m.c, process: m.process, k: consumerKnobs{Version: 12}, codecs: record.NewCompressor()}
	m.out()
	m.forget()
	return m
}

// forget makes it a stranger to the group.
func (m *member) forget() {
	m.by = checker.Membership{Group: m.g.name, Generation: int32(checker.Unknown), PerMember: m.g.perMember(), Instance: m.instance}
	m.joined, m.known, m.heard = false, false, 0
	if m.k.Epochs {
		m.g.ids++
		m.by.Member, m.by.Generation = fmt.Sprintf("%s-m%d", m.g.name, m.g.ids), 0
	}
}

// out gives up everything: it is no longer a member, or rejoins.
func (m *member) out() {
	if m.joined || len(m.owned) > 0 {
		m.h.Released(m.process, m.at(), m.by)
	}
	m.owned, m.joined = nil, false
	m.commits, m.ends = map[target]int64{}, map[target]time.Duration{}
}

// rejoin makes it join once more; a cooperative member keeps what it has.
func (m *member) rejoin() {
	m.remember()
	if !m.k.Cooperative {
		m.out()
	}
	m.joined = false
}

func (m *member) again(after time.Duration) { m.w.After(after, m.turn) }

func (m *member) turn() {
	switch {
	case m.gone:
	case m.node < 0:
		m.find(m.turn)
	case m.g.leaving:
		m.leave()
	case !m.stopped && m.mischief():
	case !m.joined && m.k.Epochs:
		m.tell()
	case !m.joined:
		m.join()
	case m.w.now-m.beat > m.g.k.Session/4:
		m.heartbeat()
	default:
		m.work()
	}
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
	case x.at > at && m.begun(x) && m.w.Rand.IntN(3) == 0:
		m.commit(x)
	default:
		m.fetch(x)
	}
}

// lookUp finds where to begin: at the commit, or at the beginning of the log.
func (m *member) lookUp(x *cursor) {
	m.committed(x.target, func(offset int64, code int16, err error) {
		if err != nil || code != 0 {
			m.refused(code, err)
			return
		}
		m.commits[x.target], x.at, x.seek = offset, max(offset, 0), true
		m.turn()
	})
}

// commit commits where it is.
func (m *member) commit(x *cursor) {
	at := x.at
	m.put(m.by, x.target, at, func(code int16, err error) {
		if err != nil || code != 0 {
			m.refused(code, err)
			return
		}
		m.commits[x.target] = at
		m.turn()
	})
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
		m.rejoin()
	case errors.Is(why, kerr.FencedInstanceID):
		m.fenced()
	case errors.Is(why, kerr.UnreleasedInstanceID):
		m.unreleased()
	case errors.Is(why, kerr.UnknownMemberID), errors.Is(why, kerr.IllegalGeneration), errors.Is(why, kerr.FencedMemberEpoch),
		errors.Is(why, kerr.GroupIDNotFound): // all were out, and it is forgotten
		m.unknown(why)
	}
	m.again(m.w.between(retryAfter/2, retryAfter))
}

// unknown begins anew. Where nothing disturbs the group but its own members, none can
// be unknown who asked, within the session and the time to rebalance, what was answered
// well. (A static one comes into the time that its former life had left; who stays behind
// when a group is converted is told so. A coordinator that loads, as it does after the
// ending, answers heartbeats blindly.)
func (m *member) unknown(why error) {
	calm := m.g.calm && !m.g.loads && m.instance == "" && !m.g.perMember()
	if since := m.w.now - m.heard; calm && m.heard > 0 && since < min(m.g.k.Session, rebalanceTimeout)*3/4 {
		m.complain("%s was told %v, and all was well %v before", m.c.name, why, since)
	}
	m.begone(why.Error())
}

// failAssign ends an assignment that will never be told.
func (m *member) failAssign(why string) {
	if m.joining {
		m.h.Fail(m.assign, m.at(), why)
		m.joining = false
	}
}

// end makes it no member any more, without a word.
func (m *member) end() {
	m.failAssign("it is gone")
	m.out()
	m.gone = true
}
