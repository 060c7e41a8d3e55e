package sim

import (
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker"
)

// find asks any node for the coordinator.
func (m *member) find() {
	req := kmsg.NewPtrFindCoordinatorRequest()
	req.Version, req.CoordinatorKeys = m.version(req, 4), []string{m.g.name}
	m.c.send(m.anyone(), req, false, func(resp kmsg.Response, err error) {
		if err == nil {
			x := resp.(*kmsg.FindCoordinatorResponse).Coordinators[0]
			m.node = nodeIndex(x.NodeID, x.ErrorCode)
		}
		if m.node < 0 {
			m.again(m.w.between(retryAfter, 2*retryAfter))
			return
		}
		m.turn()
	})
}

// committed asks for the committed offset of a partition.
func (m *member) committed(t target, done func(offset int64, code int16, err error)) {
	req := kmsg.NewPtrOffsetFetchRequest()
	req.Version, req.RequireStable = 8, m.w.Rand.IntN(2) == 0
	x := kmsg.NewOffsetFetchRequestGroup()
	x.Group = m.g.name
	topic := kmsg.NewOffsetFetchRequestGroupTopic()
	topic.Topic, topic.Partitions = t.topic, []int32{t.index}
	x.Topics = append(x.Topics, topic)
	req.Groups = append(req.Groups, x)
	id := m.h.InvokeCommitted(m.process, m.at(), t.tp(), m.by, int64(m.node))
	m.c.send(m.node, req, false, func(resp kmsg.Response, err error) {
		code, offset, metadata := int16(0), checker.Unknown, ""
		if err == nil {
			got := resp.(*kmsg.OffsetFetchResponse).Groups[0]
			if code = got.ErrorCode; code == 0 && len(got.Topics) > 0 {
				p := got.Topics[0].Partitions[0]
				if code, offset = p.ErrorCode, p.Offset; p.Metadata != nil {
					metadata = *p.Metadata
				}
			}
		}
		if err != nil || code != 0 {
			m.h.Fail(id, m.at(), reason(code, err))
		} else {
			m.h.OKCommitted(id, m.at(), offset, metadata)
		}
		done(offset, code, err)
	})
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
	m.said++
	at, metadata := x.at, fmt.Sprintf("%d-%d", m.process, m.said)
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Version, req.Group, req.MemberID, req.Generation = 9, m.g.name, m.by.Member, m.by.Generation
	t := kmsg.NewOffsetCommitRequestTopic()
	t.Topic = x.topic
	p := kmsg.NewOffsetCommitRequestTopicPartition()
	p.Partition, p.Offset, p.Metadata = x.index, at, &metadata
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	id := m.h.InvokeCommit(m.process, m.at(), x.tp(), checker.Commit{By: m.by, Node: int64(m.node), Offset: at, Metadata: metadata})
	m.c.send(m.node, req, false, func(resp kmsg.Response, err error) {
		code := int16(0)
		if err == nil {
			code = resp.(*kmsg.OffsetCommitResponse).Topics[0].Partitions[0].ErrorCode
		}
		switch {
		case open(code, err):
			m.h.Maybe(id, m.at(), reason(code, err))
		case err != nil || code != 0:
			m.h.Fail(id, m.at(), reason(code, err))
		default:
			m.h.OK(id, m.at())
			m.commits[x.target] = at
			m.turn()
			return
		}
		m.refused(code, err)
	})
}

// open tells whether a commit may have taken effect though nobody says so.
func open(code int16, err error) bool {
	why := kerr.ErrorForCode(code)
	return err != nil && !errors.Is(err, errRefused) || errors.Is(why, kerr.RequestTimedOut) ||
		errors.Is(why, kerr.NotCoordinator) || errors.Is(why, kerr.CoordinatorNotAvailable) || errors.Is(why, kerr.UnknownServerError)
}
