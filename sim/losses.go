package sim

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/faults"
	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/storage"
)

// losses keeps the loss of storage in a run within its budget:
//
//	         fewer than Most are lost: it may happen
//	a fault ----------------------------------------> lost --> every ISR is full: none is
//	         else it waits
//
// With a spared node a loss begins while every ISR is full, and all happens at that
// time; then the spared one must stay in ISR or ELR until every ISR is full again.
// With one that is to be outside, a loss waits until it is.
type losses struct {
	r       *run
	k       Losses
	lost    map[int]bool // places of nodes that lost storage since every ISR was full
	chopped map[int]bool // those of which nobody can tell by the metadata whether they have it again
	opened  time.Duration
	count   int
	beyond  string
}

// permit tells whether a fault may happen now.
func (l *losses) permit(f faults.Fault) bool {
	now := l.r.w.now
	im := l.r.image()
	switch {
	case l.k == Losses{} || l.count > 0 && l.opened == now && l.k.Spared+l.k.Outside > 0:
	case im == nil:
		return false
	case l.k.Outside > 0:
		if l.count > 0 || !l.outside(im) {
			return false
		}
	case l.full(im):
		clear(l.lost)
		maps.Copy(l.lost, l.chopped)
	case l.k.Spared > 0:
		return false
	}
	if l.k.Most > 0 && !l.lost[f.On] && len(l.lost) >= l.k.Most {
		return false
	}
	l.opened = now
	l.lost[f.On] = true
	if f.Kind == faults.Chop {
		l.chopped[f.On] = true
	}
	if l.count++; l.k.Spared > 0 {
		l.look()
	}
	return true
}

// look sees that the spared node stays a member until every ISR is full again.
func (l *losses) look() {
	im := l.r.image()
	if im != nil && l.full(im) || l.beyond != "" {
		return
	}
	if im != nil {
		l.partitions(im, func(name string, p *meta.Partition) {
			if id := int32(l.k.Spared); !slices.Contains(p.ISR, id) && !slices.Contains(p.ELR, id) {
				l.beyond = fmt.Sprintf("at %v the last one is no member of %s-%d", l.r.w.now, name, p.Index)
			}
		})
	}
	l.r.w.After(permitPause, l.look)
}

// full tells whether all replicas of all partitions are in the ISR, with the storage
// that they have now.
func (l *losses) full(im *meta.Image) bool {
	full := true
	l.partitions(im, func(_ string, p *meta.Partition) { full = full && p.Leader >= 0 && len(p.ISR) == len(p.Replicas) })
	for place := range l.r.nodes {
		if l.lost[place] && !l.chopped[place] && !l.returned(im, place) {
			return false
		}
	}
	return full
}

// returned tells whether a node is registered with the directory that it has now.
func (l *losses) returned(im *meta.Image, place int) bool {
	b := im.Broker(int32(place) + 1)
	text, there := l.r.nodes[place].disk.Cached(DataDir + "/meta.properties")
	if b == nil || b.Fenced || !there {
		return false
	}
	p, err := storage.ParseMetaProperties(text)
	return err == nil && slices.Contains(b.LogDirs, env.UUID(p.DirectoryID))
}

// outside tells whether the node that is to be outside can lead nothing, while
// others do.
func (l *losses) outside(im *meta.Image) bool {
	outside, id := l.r.w.now > l.r.begun+l.r.k.Length/2, int32(l.k.Outside)
	l.partitions(im, func(_ string, p *meta.Partition) {
		outside = outside && p.Leader >= 0 && !slices.Contains(p.ISR, id) && !slices.Contains(p.ELR, id)
	})
	return outside
}

// partitions visits those that the clients use.
func (l *losses) partitions(im *meta.Image, visit func(name string, p *meta.Partition)) {
	for _, name := range l.r.names {
		if t := im.Topic(name); t != nil {
			for i := range t.Partitions {
				visit(name, &t.Partitions[i])
			}
		}
	}
}

// image is the newest metadata that any node has replayed; nil: none is up.
func (r *run) image() (newest *meta.Image) {
	for _, n := range r.w.nodes {
		if n.process == nil || len(n.process.boxes) == 0 {
			continue
		}
		m, ok := n.process.boxes[0].machine.(interface{ Image() *meta.Image })
		if ok && (newest == nil || m.Image().Version() > newest.Version()) {
			newest = m.Image()
		}
	}
	return newest
}

// giveUp does what an operator does in the end when nobody who may lead has kept its
// storage: it has another one elected, until the end. Only what goes beyond the promises
// comes to that.
func (r *run) giveUp() {
	if !r.k.Campaign.Negative() {
		return
	}
	req := kmsg.NewPtrElectLeadersRequest()
	req.Version, req.TimeoutMillis, req.ElectionType = r.workload.version(req, 1), 1000, 1
	again := func(kmsg.Response, error) { r.w.After(time.Second, r.giveUp) }
	r.admin.c.send(r.anyone(), req, false, again)
}
