package sim

import (
	"fmt"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Bounds of what a healed cluster needs, in virtual time.
const (
	wholeTime = 120 * time.Second // until all replicas are in sync
	calmTime  = 3 * time.Second   // without a change
	calmTries = 10
)

// standing is what a node says of the partitions that the run uses.
type standing struct {
	text    string // of all
	missing string // what is not as it should be; "": nothing
}

// whole waits until every node says that every partition has a leader, and all
// its replicas in sync.
func (r *run) whole() bool {
	if len(r.nodes) == 1 {
		return true
	}
	r.lacking = make([]string, len(r.nodes))
	for i := range r.nodes {
		r.lacking[i] = "no answer"
		r.awaitWhole(i)
	}
	return r.w.Run(r.w.now+wholeTime, mostEvents, func() bool {
		return !slices.ContainsFunc(r.lacking, func(s string) bool { return s != "" })
	})
}

func (r *run) awaitWhole(node int) {
	r.describe(node, func(s standing) {
		r.lacking[node] = s.missing
		if s.missing != "" {
			r.w.After(50*time.Millisecond, func() { r.awaitWhole(node) })
		}
	})
}

// lacks says what a cluster lacks to be whole.
func (r *run) lacks() string {
	text := ""
	for i, s := range r.lacking {
		if s != "" {
			text += fmt.Sprintf("\n  as node %d says: %s", i, s)
		}
	}
	return text
}

// calm waits for a while in which no leader and no ISR changes, and no node
// thinks otherwise than the others.
func (r *run) calm() bool {
	if len(r.nodes) == 1 {
		return true
	}
	was, version := "?", int64(-2)
	for range calmTries {
		now, ok := r.views()
		if !ok {
			return false
		}
		if now == was && version == r.version() {
			return true
		}
		was, version = now, r.version()
		r.w.Run(r.w.now+calmTime, mostEvents, func() bool { return false })
	}
	return false
}

// version is that of the metadata, if somebody looks.
func (r *run) version() int64 {
	if r.w.Watch == nil {
		return 0
	}
	return r.w.Watch.Version()
}

// views is what the nodes say; false: one says nothing, or another thing.
func (r *run) views() (text string, ok bool) {
	texts := make([]string, len(r.nodes))
	left := len(r.nodes)
	for i := range r.nodes {
		r.describe(i, func(s standing) {
			texts[i] = s.text
			left--
		})
	}
	if !r.w.Run(r.w.now+setupTime, mostEvents, func() bool { return left == 0 }) {
		return "", false
	}
	if len(slices.Compact(slices.Clone(texts))) > 1 {
		return fmt.Sprintf("they differ at %v", r.w.now), true // which is not what was
	}
	return texts[0], true
}

// describe asks one node.
func (r *run) describe(node int, done func(standing)) {
	req := kmsg.NewPtrMetadataRequest()
	req.Version = 12
	for _, name := range r.names {
		t := kmsg.NewMetadataRequestTopic()
		t.Topic = &name
		req.Topics = append(req.Topics, t)
	}
	r.admin.c.send(node, req, false, func(resp kmsg.Response, err error) {
		if err != nil {
			done(standing{missing: err.Error()})
			return
		}
		done(r.judge(resp.(*kmsg.MetadataResponse)))
	})
}

func (r *run) judge(resp *kmsg.MetadataResponse) (s standing) {
	parts := 0
	for _, t := range resp.Topics {
		for _, p := range t.Partitions {
			parts++
			line := fmt.Sprintf("%s-%d leader %d epoch %d replicas %v isr %v error %d;",
				*t.Topic, p.Partition, p.Leader, p.LeaderEpoch, p.Replicas, p.ISR, p.ErrorCode)
			s.text += line
			if p.ErrorCode != 0 || p.Leader < 0 || len(p.ISR) < int(r.k.Cluster.Replicas) {
				s.missing += line
			}
		}
	}
	if len(resp.Brokers) < len(r.nodes) || parts < len(r.targets) {
		s.missing += fmt.Sprintf("%d brokers and %d partitions", len(resp.Brokers), parts)
	}
	return s
}
