package sim

import (
	"strings"
	"time"

	"odradek/faults"
)

// Apply arms every fault of a plan. Nodes and connections that do not exist are
// left alone.
func (w *World) Apply(plan faults.Plan) {
	for _, f := range plan {
		if f.Kind == faults.Reset {
			w.resets[f.On] = append(w.resets[f.On], f.At)
			continue
		}
		if f.Kind == faults.Partition || f.Kind.Linked() {
			w.unhealed(f.At-w.now, func() {
				w.struck(f)
				w.unhealed(f.Until-w.now, w.disturb(f))
			})
			continue
		}
		if f.On >= len(w.nodes) {
			continue
		}
		n := w.nodes[f.On]
		happen := func() { w.whenPermitted(f, func() { n.suffer(f) }) }
		if f.ByOp {
			n.atOp[f.Op] = append(n.atOp[f.Op], happen)
		} else {
			w.unhealed(f.At-w.now, happen)
		}
	}
}

// unhealed is After, unless all is healed before then.
func (w *World) unhealed(d time.Duration, f func()) {
	season := w.season
	w.After(d, func() {
		if w.season == season {
			f()
		}
	})
}

// whenPermitted is where faults wait that lose storage, until the budget allows it.
func (w *World) whenPermitted(f faults.Fault, happen func()) {
	if f.Kind.Loses() && w.Permit != nil && !w.Permit(f) {
		w.unhealed(permitPause, func() { w.whenPermitted(f, happen) })
		return
	}
	happen()
}

// chopDown is how long a node is down that lost the end of a log.
const chopDown = 100 * time.Millisecond

const permitPause = 5 * time.Millisecond

// struck takes note of a fault that happens.
func (w *World) struck(f faults.Fault) {
	w.trace.mix(uint64(w.now))
	w.trace.bytes([]byte(f.String()))
	if w.Suffered != nil {
		w.Suffered(f)
	}
	if w.Recorder != nil {
		w.Recorder.Struck(f)
	}
}

// suffer is where a fault of a node happens.
func (n *Node) suffer(f faults.Fault) {
	w := n.w
	w.struck(f)
	switch f.Kind {
	case faults.PowerCut:
		n.PowerCut()
		n.startIn(f.Delay)
	case faults.Crash:
		n.Kill()
		n.startIn(f.Delay)
	case faults.Stop:
		n.stopFor(f.Delay)
	case faults.EIOSync, faults.EIOWrite, faults.EIORead:
		n.disk.Arm(f.Kind)
	case faults.DiskFull:
		n.fill(1)
		w.unhealed(f.Until-w.now, func() { n.fill(-1) })
	case faults.DiskSlow:
		n.slow += f.Delay
		w.unhealed(f.Until-w.now, func() { n.slow -= f.Delay })
	case faults.Flip:
		n.disk.Flip(f.Bit, func(string) bool { return true })
	case faults.FlipIndex:
		n.disk.Flip(f.Bit, func(path string) bool { return strings.HasSuffix(path, ".index") })
	case faults.FlipRecord:
		n.disk.Flip(f.Bit, records)
	case faults.Clock:
		n.skew += f.Delay
	case faults.Drift:
		n.setDrift(n.drift + f.Delay)
		w.unhealed(f.Until-w.now, func() { n.setDrift(n.drift - f.Delay) })
	case faults.Wipe:
		n.Wipe()
		n.startIn(f.Delay)
	case faults.WipeLogs:
		n.WipeLogs()
		n.startIn(f.Delay)
	case faults.Chop:
		n.Chop(f.Bit)
		n.startIn(chopDown)
	case faults.Pause:
		if p := n.process; p != nil {
			p.frozen++
			w.unhealed(f.Until-w.now, func() { p.thaw(1) })
		}
	}
}

// thaw takes away faults that let the process stand still; after the last one
// it does all that it could not do meanwhile.
func (p *process) thaw(of int) {
	p.frozen -= of
	if of == 0 || p.frozen > 0 || p.dead {
		return
	}
	w := p.n.w
	for _, b := range p.boxes {
		if b.stuck {
			w.After(w.between(0, 40*time.Microsecond), b.drain)
		}
	}
	p.lanes.fill()
	for _, e := range p.ends() {
		e.leave()
	}
}

// records tells whether a file holds records of a partition, not of the metadata.
func records(path string) bool {
	return strings.HasSuffix(path, ".log") && !strings.Contains(path, "/__")
}

// fill counts the faults that take the disk's space: they may overlap.
func (n *Node) fill(by int) {
	n.full += by
	n.disk.SetFull(n.full > 0)
}

// stopFor asks for a clean end, and starts again some time after it.
func (n *Node) stopFor(down time.Duration) {
	if n.process == nil {
		return
	}
	n.Stop()
	p := n.process
	var watch func()
	watch = func() {
		if p.dead {
			n.startIn(down)
			return
		}
		n.w.After(5*time.Millisecond, watch)
	}
	watch()
}

// Heal ends every fault that lasts, calls off those to come, and brings every
// node back.
func (w *World) Heal() {
	w.season++
	w.mend()
	for _, n := range w.nodes {
		n.fill(-n.full)
		n.disk.armed = nil
		n.slow = 0
		n.setDrift(0)
		if n.process != nil {
			n.process.thaw(n.process.frozen)
		}
		clear(n.atOp)
		n.Start()
	}
	clear(w.resets)
}
