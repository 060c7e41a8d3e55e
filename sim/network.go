package sim

import (
	"time"

	"odradek/faults"
)

// network is what is wrong between computers.
type network struct {
	blocks  map[link]int           // faults that block it
	delays  map[link]time.Duration // added to each piece
	clogs   map[link]time.Duration // between two pieces of a connection
	stalled []*line                // in the order in which they did
}

func newNetwork() network {
	return network{blocks: map[link]int{}, delays: map[link]time.Duration{}, clogs: map[link]time.Duration{}}
}

func (n *network) blocked(l link) bool { return n.blocks[l] > 0 }

// apart tells whether no connection can come about between two computers.
func (n *network) apart(a, b int) bool {
	return n.blocked(link{a, b}) || n.blocked(link{b, a})
}

// block counts a fault on a link; faults may overlap.
func (w *World) block(l link) { w.net.blocks[l]++ }

func (w *World) unblock(l link) {
	if add(w.net.blocks, l, -1) {
		return
	}
	for _, x := range w.net.stalled {
		if x.link == l {
			x.mended()
		}
	}
}

// add changes a number, and tells whether anything of it is left.
func add[T int | time.Duration](of map[link]T, l link, by T) bool {
	of[l] += by
	left := of[l] != 0
	if !left {
		delete(of, l)
	}
	return left
}

// disturb is where a fault of the network happens; it returns what ends it.
func (w *World) disturb(f faults.Fault) (mend func()) {
	l := link{f.On, f.To}
	switch f.Kind {
	case faults.Block:
		w.block(l)
		return func() { w.unblock(l) }
	case faults.DelayLink:
		add(w.net.delays, l, f.Delay)
		return func() { add(w.net.delays, l, -f.Delay) }
	case faults.ClogLink:
		add(w.net.clogs, l, f.Delay)
		return func() { add(w.net.clogs, l, -f.Delay) }
	}
	cut := w.linksBetween(f.Apart)
	for _, l := range cut {
		w.block(l)
	}
	return func() {
		for _, l := range cut {
			w.unblock(l)
		}
	}
}

// linksBetween are the links that groups cut.
func (w *World) linksBetween(apart faults.Groups) (cut []link) {
	for a := faults.Clients; a < len(w.nodes); a++ {
		for b := faults.Clients; b < len(w.nodes); b++ {
			if apart.Between(a, b) {
				cut = append(cut, link{a, b})
			}
		}
	}
	return cut
}

// mend ends all faults of the network.
func (w *World) mend() {
	clear(w.net.blocks)
	clear(w.net.delays)
	clear(w.net.clogs)
	for _, l := range w.net.stalled {
		l.mended()
	}
}
