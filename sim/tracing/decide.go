package tracing

import (
	"reflect"
	"slices"
	"strings"

	"odradek/node/meta"
	"odradek/sim"
)

// standing is what a decision may change of a broker.
type standing struct {
	epoch  int64
	active bool
}

// brokers are those that are registered.
func (r *Recorder) brokers() map[int32]standing {
	all := map[int32]standing{}
	for b := range r.known.Brokers() {
		all[b.ID] = standing{b.Epoch, b.Active()}
	}
	return all
}

// follow tells every partition what was decided, and takes in those that are new.
func (r *Recorder) follow(was map[int32]standing) {
	for t := range r.known.Topics() {
		if !strings.HasPrefix(t.Name, sim.TopicPrefix) {
			continue
		}
		for i := range t.Partitions {
			m := &t.Partitions[i]
			p := r.parts[key{t.ID, m.Index}]
			switch {
			case p == nil && len(m.Replicas) > 1:
				r.begin(key{t.ID, m.Index}, t.Name, m)
			case p != nil && p.cut == "":
				p.decided(r, m, was)
			}
		}
	}
}

// decided writes the line of a decision, if it concerns the partition.
func (p *part) decided(r *Recorder, m *meta.Partition, was map[int32]standing) {
	l := &line{at: r.w.Now()}
	p.registrations(r, l, was)
	p.activity(r, l, was)
	switch next := p.entry(m); {
	case slices.ContainsFunc(p.stillborn, func(at int) bool { return p.bereft(at, r.known.Broker(p.brokers[at-1])) }):
		p.cut = "a process was registered whose storage has been lost since"
		return
	case m.PartitionEpoch > p.epoch+1:
		p.cut = "its metadata was replayed from a snapshot"
		return
	case !slices.Equal(sorted32(m.Replicas), p.brokers):
		p.cut = "it was moved"
		return
	case m.PartitionEpoch == p.epoch+1:
		p.moves(l, m.PartitionEpoch, next)
	}
	if len(l.acts) == 0 {
		return
	}
	p.lines = append(p.lines, l)
	p.settle(l)
}

// moves takes a new state of the partition. One that differs in the directories alone, as
// that of a broker which comes with new ones, is none to the specification.
func (p *part) moves(l *line, epoch int32, next Entry) {
	place := p.metas[p.epoch]
	if len(l.acts) == 0 || !reflect.DeepEqual(next, p.last) {
		place++
		l.after = append(l.after, change{name: "metalog", entry: next})
	}
	if len(l.acts) == 0 {
		l.acts = append(l.acts, p.decision(next))
	}
	p.epoch, p.last, p.metas = epoch, next, append(p.metas, place)
}

// settle says where the replicas are that wait for a decision to be applied, and ends
// again those whose process is gone meanwhile.
func (p *part) settle(l *line) {
	for _, a := range l.acts {
		x := p.replicas[max(a.replica-1, 0)]
		switch a.name {
		case "Register":
			x.up, x.lost, x.gone = true, false, false
			x.base, x.applied = p.epoch, p.epoch
			l.after = append(l.after, change{name: "applied", replica: a.replica, n: int64(p.metas[x.applied])}, p.ups())
		case "Confess":
			x.lost = false
			x.base, x.applied = p.epoch, p.epoch
			l.after = append(l.after, change{name: "applied", replica: a.replica, n: int64(p.metas[x.applied])})
		}
	}
	for _, at := range p.stillborn {
		p.crashed(l.at, at)
	}
	p.stillborn = nil
}

// registrations are those that are new. A process may be gone before it is registered.
func (p *part) registrations(r *Recorder, l *line, was map[int32]standing) {
	for at, id := range p.brokers {
		b := r.known.Broker(id)
		if b == nil || was[id].epoch == b.Epoch {
			continue
		}
		p.born[at] = append(p.born[at], b.Epoch)
		l.acts = append(l.acts, act{name: "Register", replica: at + 1})
		l.after = append(l.after, change{name: "brokerEpoch", replica: at + 1, n: int64(len(p.born[at]))}, p.actives(r))
		if !r.lives(b) {
			p.stillborn = append(p.stillborn, at+1)
		}
	}
}

// bereft tells whether the process that is registered had storage which was lost since.
func (p *part) bereft(at int, b *meta.Broker) bool {
	x := p.replica(at)
	return x.gone && x.keeper == b.Incarnation
}

// activity is who is put into service, and who is taken out of it.
func (p *part) activity(r *Recorder, l *line, was map[int32]standing) {
	var gone []int
	for at, id := range p.brokers {
		b := r.known.Broker(id)
		if b == nil || was[id].epoch != b.Epoch || was[id].active == b.Active() {
			continue
		}
		if b.Active() {
			l.acts = append(l.acts, act{name: "Unfence", replica: at + 1})
		} else {
			gone = append(gone, at+1)
		}
	}
	if len(gone) > 0 {
		l.acts = append(l.acts, act{name: "Fence", set: gone})
	}
	if len(l.acts) > 0 && len(l.after) == 0 {
		l.after = append(l.after, p.actives(r))
	}
}

// decision tells what kind of one made the partition so, all brokers being as before.
func (p *part) decision(next Entry) act {
	for at, x := range p.replicas {
		if x.lost && next.LeaderEpoch > p.last.LeaderEpoch && !slices.Contains(next.ISR, at+1) && !slices.Contains(next.ELR, at+1) {
			return act{name: "Confess", replica: at + 1}
		}
	}
	if next.Leader != p.last.Leader && slices.Equal(next.ISR, p.last.ISR) {
		return act{name: "Elect"}
	}
	return act{name: "Commit"}
}

func (p *part) actives(r *Recorder) change {
	c := change{name: "active", set: []int{}}
	for at, id := range p.brokers {
		if b := r.known.Broker(id); b != nil && b.Active() {
			c.set = append(c.set, at+1)
		}
	}
	return c
}

func (p *part) ups() change {
	c := change{name: "up", set: []int{}}
	for at, x := range p.replicas {
		if x.up {
			c.set = append(c.set, at+1)
		}
	}
	return c
}

// entry is the metadata of the partition as a specification has it.
func (p *part) entry(m *meta.Partition) Entry {
	e := Entry{Leader: p.place(m.Leader), LeaderEpoch: int(m.LeaderEpoch), ISR: p.places(m.ISR), ELR: p.places(m.ELR)}
	if len(m.LastKnownELR) > 0 {
		e.Last = p.place(m.LastKnownELR[0])
	}
	return e
}

// place is a broker's number among the replicas, from 1; 0: it has none.
func (p *part) place(id int32) int { return slices.Index(p.brokers, id) + 1 }

func (p *part) places(ids []int32) []int {
	all := []int{}
	for _, id := range ids {
		all = append(all, p.place(id))
	}
	return sorted(all)
}

func sorted32(ids []int32) []int32 {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	return ids
}
