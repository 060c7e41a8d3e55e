package sim

import (
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker"
)

// committer commits offsets to a group's coordinator and looks them up.
type committer struct {
	l       *workload
	c       *client
	process int32
	by      checker.Membership // as whom; its group is the one that is asked
	node    int                // of the coordinator; -1: not known
	said    *int               // commits so far: each is told from the others
}

func (l *workload) committer(group string) committer {
	process := l.newProcess()
	by := checker.Membership{Group: group, Generation: int32(checker.Unknown)}
	return committer{l: l, c: l.client(fmt.Sprintf("%s-%d", group, process)), process: process, by: by, node: -1, said: new(int)}
}

// find asks any node for the coordinator.
func (m *committer) find(next func()) {
	req := kmsg.NewPtrFindCoordinatorRequest()
	req.Version, req.CoordinatorKeys = m.l.version(req, 4), []string{m.by.Group}
	m.c.send(m.l.anyone(), req, false, func(resp kmsg.Response, err error) {
		if err == nil {
			x := resp.(*kmsg.FindCoordinatorResponse).Coordinators[0]
			m.node = nodeIndex(x.NodeID, x.ErrorCode)
		}
		if m.node < 0 {
			m.l.w.After(m.l.w.between(retryAfter, 2*retryAfter), next)
			return
		}
		next()
	})
}

// committed asks for the committed offset of a partition.
func (m *committer) committed(t target, done func(offset int64, code int16, err error)) {
	req := kmsg.NewPtrOffsetFetchRequest()
	req.Version, req.RequireStable = 8, m.l.w.Rand.IntN(2) == 0
	x := kmsg.NewOffsetFetchRequestGroup()
	x.Group = m.by.Group
	topic := kmsg.NewOffsetFetchRequestGroupTopic()
	topic.Topic, topic.Partitions = t.topic, []int32{t.index}
	x.Topics = append(x.Topics, topic)
	req.Groups = append(req.Groups, x)
	id := m.l.h.InvokeCommitted(m.process, m.l.at(), t.tp(), m.by, int64(m.node))
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
			m.l.h.Fail(id, m.l.at(), reason(code, err))
		} else {
			m.l.h.OKCommitted(id, m.l.at(), offset, metadata)
		}
		done(offset, code, err)
	})
}

// put commits an offset.
func (m *committer) put(by checker.Membership, x target, at int64, done func(code int16, err error)) {
	*m.said++
	metadata := fmt.Sprintf("%d-%d", m.process, *m.said)
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Version, req.Group, req.MemberID, req.Generation = 9, by.Group, by.Member, by.Generation
	if by.Instance != "" {
		req.InstanceID = &by.Instance
	}
	t := kmsg.NewOffsetCommitRequestTopic()
	t.Topic = x.topic
	p := kmsg.NewOffsetCommitRequestTopicPartition()
	p.Partition, p.Offset, p.Metadata = x.index, at, &metadata
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	l := m.l
	id := l.h.InvokeCommit(m.process, l.at(), x.tp(), checker.Commit{By: by, Node: int64(m.node), Offset: at, Metadata: metadata})
	m.c.send(m.node, req, false, func(resp kmsg.Response, err error) {
		code := int16(0)
		if err == nil {
			code = resp.(*kmsg.OffsetCommitResponse).Topics[0].Partitions[0].ErrorCode
		}
		switch {
		case open(code, err):
			l.h.Maybe(id, l.at(), reason(code, err))
		case err != nil || code != 0:
			l.h.Fail(id, l.at(), reason(code, err))
		default:
			l.h.OK(id, l.at())
		}
		done(code, err)
	})
}

// open tells whether a commit may have taken effect though nobody says so.
func open(code int16, err error) bool {
	why := kerr.ErrorForCode(code)
	return err != nil && !errors.Is(err, errRefused) || errors.Is(why, kerr.RequestTimedOut) ||
		errors.Is(why, kerr.NotCoordinator) || errors.Is(why, kerr.CoordinatorNotAvailable) || errors.Is(why, kerr.UnknownServerError)
}
