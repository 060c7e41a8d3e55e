package sim

import (
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// loner commits, looks up and deletes offsets of a group that has no members; now
// and then it tries to commit for one that has.
type loner struct {
	committer
	r *run
}

func (r *run) loner(name string) *loner {
	l := &loner{committer: r.committer(name), r: r}
	l.c.patience(time.Second)
	l.again()
	return l
}

func (l *loner) again() { l.l.w.After(l.l.w.between(time.Millisecond, 40*time.Millisecond), l.turn) }

func (l *loner) turn() {
	w := l.l.w
	if l.l.stopped {
		return
	}
	if l.node < 0 {
		l.find(l.turn)
		return
	}
	t := l.r.targets[w.Rand.IntN(len(l.r.targets))]
	switch n := w.Rand.IntN(20); {
	case n == 0:
		l.delete(t)
	case n == 1:
		l.meddle(t)
	case n < 10:
		l.committed(t, func(_ int64, code int16, err error) { l.told(code, err) })
	default:
		l.put(l.by, t, w.Rand.Int64N(l.r.admin.high[t]+1), l.told)
	}
}

// told looks for the coordinator again, whatever was wrong.
func (l *loner) told(code int16, err error) {
	if err != nil || code != 0 {
		l.node = -1
	}
	l.again()
}

// meddle commits for a group of others: it may, while that has no members.
func (l *loner) meddle(t target) {
	other := l.committer
	other.by.Group, other.node = l.r.groups[0].name, -1
	other.find(func() {
		if other.node < 0 {
			l.again()
			return
		}
		other.put(other.by, t, 0, func(int16, error) { l.again() })
	})
}

func (l *loner) delete(t target) {
	req := kmsg.NewPtrOffsetDeleteRequest()
	req.Group = l.by.Group
	x := kmsg.NewOffsetDeleteRequestTopic()
	x.Topic = t.topic
	p := kmsg.NewOffsetDeleteRequestTopicPartition()
	p.Partition = t.index
	x.Partitions = append(x.Partitions, p)
	req.Topics = append(req.Topics, x)
	h := l.l.h
	id := h.InvokeForget(l.process, l.l.at(), t.tp(), l.by.Group)
	l.c.send(l.node, req, false, func(resp kmsg.Response, err error) {
		code := int16(0)
		if err == nil {
			if code = resp.(*kmsg.OffsetDeleteResponse).ErrorCode; code == 0 {
				code = resp.(*kmsg.OffsetDeleteResponse).Topics[0].Partitions[0].ErrorCode
			}
		}
		if err != nil || code != 0 {
			h.Maybe(id, l.l.at(), reason(code, err))
		} else {
			h.OK(id, l.l.at())
		}
		l.told(code, err)
	})
}

// look asks for all that it may have committed, when all is over.
func (l *loner) look() {
	var next func(i int)
	next = func(i int) {
		switch {
		case i == len(l.r.targets):
		case l.node < 0:
			l.find(func() { next(i) })
		default:
			l.committed(l.r.targets[i], func(_ int64, code int16, err error) {
				if err != nil || code != 0 {
					l.node = -1
				} else {
					i++
				}
				next(i)
			})
		}
	}
	next(0)
}
