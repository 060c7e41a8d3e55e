package sim

import (
	"slices"
	"time"
)

// window is how many bytes may be under way in one direction: what the systems of
// both sides buffer. A machine that reads no more stops its peer there.
const window = 1 << 20

// link is one direction between two computers: nodes by their number, or
// faults.Clients.
type link struct{ from, to int }

// line carries one direction of a connection, in order. What arrives while its
// link is blocked waits, and so does all that comes after it, until the network
// is mended and the sender's system has tried again; or it, or the receiver's,
// gives up.
//
//	send --delay--> arrive ----------------------------> far.receive
//	                  `--blocked--> stalled --mended-------^
//	                                   `--> both sides lost
type line struct {
	w *World
	link
	near, far side
	arrives   time.Duration // when the last piece under way arrives
	load      int           // bytes sent, and not taken by the far side
	full      bool          // the near side waits for room
	stalled   [][]byte
	stalls    int // so far
	ledger    ledger
}

// side is one of the two that a connection joins.
type side interface {
	receive(piece []byte) // bytes of the other side; nil: it has closed
	room()                // the other side has taken bytes
	lost()                // there is no connection any more
}

// join lays the lines between two sides: there from near to far, and back.
func (w *World) join(near side, nearAt int, far side, farAt int) (there, back *line) {
	there = &line{w: w, link: link{nearAt, farAt}, near: near, far: far}
	back = &line{w: w, link: link{farAt, nearAt}, near: far, far: near}
	return there, back
}

// hop draws how long one piece takes between two computers.
func (w *World) hop() time.Duration { return w.between(20*time.Microsecond, 300*time.Microsecond) }

// send carries a piece; nil is the end.
func (l *line) send(piece []byte) {
	w := l.w
	l.load += len(piece)
	at := w.now + w.hop() + w.net.delays[l.link]
	if each := w.net.clogs[l.link]; each > 0 {
		at = max(at, l.arrives+each)
	}
	l.arrives = max(l.arrives, at)
	w.After(l.arrives-w.now, func() { l.arrive(piece) })
}

func (l *line) arrive(piece []byte) {
	if len(l.stalled) == 0 && !l.w.net.blocked(l.link) {
		l.far.receive(piece)
		return
	}
	if len(l.stalled) == 0 {
		l.stall()
	}
	l.stalled = append(l.stalled, piece)
}

// stall begins to wait; a system does not try for ever.
func (l *line) stall() {
	l.w.net.stalled = append(l.w.net.stalled, l)
	l.stalls++
	mine := l.stalls
	l.w.After(l.w.between(10*time.Second, 100*time.Second), func() {
		if l.stalls == mine && len(l.stalled) > 0 {
			l.cut(30 * time.Second)
		}
	})
}

// mended lets a stalled line go on when its sender tries the next time, unless
// somebody on the way has forgotten the connection meanwhile.
func (l *line) mended() {
	if l.w.Rand.IntN(4) == 0 {
		l.w.After(l.w.between(0, 300*time.Millisecond), func() { l.cut(300 * time.Millisecond) })
		return
	}
	l.w.After(l.w.between(0, time.Second), l.release)
}

func (l *line) release() {
	if l.w.net.blocked(l.link) {
		return
	}
	for _, piece := range l.drop() {
		l.far.receive(piece)
	}
}

// drop ends the wait.
func (l *line) drop() [][]byte {
	pieces := l.stalled
	l.stalled = nil
	l.w.net.stalled = slices.DeleteFunc(l.w.net.stalled, func(other *line) bool { return other == l })
	return pieces
}

// cut ends the connection: the sender knows at once, the other side soon.
func (l *line) cut(soon time.Duration) {
	l.drop()
	l.unheard()
	l.near.lost()
	l.w.After(l.w.between(0, soon), l.far.lost)
}

// filled tells whether no more can be sent for now; room is called when it can.
func (l *line) filled() bool {
	l.full = l.load >= window
	return l.full
}

// took says that the far side has taken bytes.
func (l *line) took(n int) {
	l.load -= n
	if l.full && l.load <= window/2 {
		l.full = false
		l.near.room()
	}
}
