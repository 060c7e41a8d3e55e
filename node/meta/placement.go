package meta

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"slices"
)

// place chooses the replicas of so many new partitions, the preferred leader
// first (Kafka's StripedReplicaPlacer). Leaders go round the racks, and within
// a rack round its brokers; the other replicas come from the racks that follow,
// so that a partition leaves no rack out before it enters one twice:
//
//	rack  brokers        partition 0   1   2   3
//	a     10 11          10*           11  ..          * leader
//	b     20 21          20  20*       21*
//	c     30 31          30  30 31*    ...
//
// A fenced broker never comes first in a list. An error says why there is no
// placement (INVALID_REPLICATION_FACTOR).
func place(im *Image, chance *rand.Rand, partitions int, replicas int16) ([][]int32, error) {
	racks := newStripes(im, chance)
	switch {
	case replicas <= 0:
		return nil, fmt.Errorf("replication factor %d is not positive", replicas)
	case racks.unfenced == 0:
		return nil, fmt.Errorf("all brokers are fenced or have all their log directories cordoned")
	case int(replicas) > racks.total:
		return nil, fmt.Errorf("replication factor %d is more than the %d usable brokers", replicas, racks.total)
	}
	all := make([][]int32, partitions)
	for i := range all {
		all[i] = racks.next(int(replicas))
	}
	return all, nil
}

// stripes deals replicas out.
type stripes struct {
	chance          *rand.Rand
	racks           []*rack
	offset          int // of the rack whose turn to lead it is
	turn            int // partitions dealt since the last shuffle
	total, unfenced int
}

type rack struct {
	name             string
	unfenced, fenced circle
}

func newStripes(im *Image, chance *rand.Rand) *stripes {
	s := &stripes{chance: chance}
	for b := range im.Brokers() {
		if b.usable() {
			s.add(b)
		}
	}
	slices.SortFunc(s.racks, func(a, b *rack) int { return cmp.Compare(a.name, b.name) })
	for _, r := range s.racks {
		r.unfenced.start(chance)
		r.fenced.start(chance)
	}
	if len(s.racks) > 0 {
		s.offset = chance.IntN(len(s.racks))
	}
	return s
}

// usable tells whether new replicas may be put there at all.
func (b *Broker) usable() bool {
	return !b.InControlledShutdown && (len(b.LogDirs) == 0 || len(b.CordonedLogDirs) < len(b.LogDirs))
}

func (s *stripes) add(b *Broker) {
	name := "" // those without a rack share one, before all others
	if b.Rack != nil {
		name = "/" + *b.Rack
	}
	at := slices.IndexFunc(s.racks, func(r *rack) bool { return r.name == name })
	if at < 0 {
		at = len(s.racks)
		s.racks = append(s.racks, &rack{name: name})
	}
	s.total++
	if b.Fenced {
		s.racks[at].fenced.brokers = append(s.racks[at].fenced.brokers, b.ID)
		return
	}
	s.unfenced++
	s.racks[at].unfenced.brokers = append(s.racks[at].unfenced.brokers, b.ID)
}

// next deals the replicas of one partition; there are enough brokers for it.
func (s *stripes) next(replicas int) []int32 {
	if s.turn == s.unfenced && s.unfenced > 1 {
		s.shuffle() // else the same lists would come again
		s.turn = 0
	}
	s.offset %= len(s.racks)
	led, leader := s.lead()
	list := append(make([]int32, 0, replicas), leader)
	for at := s.offset; len(list) < replicas; at = (at + 1) % len(s.racks) {
		if at == led {
			led = -1 // passed over once: it has given the leader
			continue
		}
		if id, ok := s.racks[at].any(s.turn); ok {
			list = append(list, id)
		}
	}
	s.turn++
	s.offset++
	return list
}

// lead takes the leader from the first rack, from the offset on, that has an
// unfenced broker.
func (s *stripes) lead() (at int, id int32) {
	for at = s.offset; ; at = (at + 1) % len(s.racks) {
		if id, ok := s.racks[at].unfenced.next(s.turn); ok {
			return at, id
		}
	}
}

func (s *stripes) shuffle() {
	s.chance.Shuffle(len(s.racks), func(i, j int) { s.racks[i], s.racks[j] = s.racks[j], s.racks[i] })
	for _, r := range s.racks {
		r.unfenced.shuffle(s.chance)
		r.fenced.shuffle(s.chance)
	}
}

func (r *rack) any(turn int) (int32, bool) {
	if id, ok := r.unfenced.next(turn); ok {
		return id, true
	}
	return r.fenced.next(turn)
}

// circle is brokers that are dealt in turn. In each turn each comes once, and
// the next turn starts one further.
type circle struct {
	brokers            []int32
	turn, offset, used int
}

func (c *circle) start(chance *rand.Rand) {
	if len(c.brokers) > 0 {
		c.offset = chance.IntN(len(c.brokers))
	}
}

func (c *circle) shuffle(chance *rand.Rand) {
	chance.Shuffle(len(c.brokers), func(i, j int) { c.brokers[i], c.brokers[j] = c.brokers[j], c.brokers[i] })
}

func (c *circle) next(turn int) (id int32, ok bool) {
	if len(c.brokers) == 0 {
		return 0, false
	}
	if c.turn != turn {
		c.turn, c.used = turn, 0
		c.offset = (c.offset + 1) % len(c.brokers)
	}
	if c.used == len(c.brokers) {
		return 0, false
	}
	id = c.brokers[(c.used+c.offset)%len(c.brokers)]
	c.used++
	return id, true
}
