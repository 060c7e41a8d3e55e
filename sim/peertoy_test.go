package sim

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"
	"time"

	"odradek/node/env"
)

// talker is a machine that echoes what it is sent, and keeps a conversation with
// another node: over one connection at a time, numbered frames of many sizes, some
// at a time and then a rest, each of which must come back as it was.
type talker struct {
	t      testing.TB
	addr   string // "": it only echoes
	rest   time.Duration
	conn   env.ConnID
	stands bool
	next   int // number of the next frame
	due    int // of the next answer
	open   map[env.ConnID]bool
	book   *book
}

// book is what a talker's processes saw.
type book struct {
	answers, dialed, ended, refused int
	rest                            time.Duration // if it is not the usual one
}

// talk is a node that calls another one.
func talk(t testing.TB, w *World, addr string) (*Node, *book) { return talkWith(t, w, addr, &book{}) }

func talkWith(t testing.TB, w *World, addr string, b *book) (*Node, *book) {
	n := w.AddNode(func(Boot) []env.Machine {
		return []env.Machine{&toy{step: echo}, newTalker(t, addr, b)}
	}, "/d")
	return n, b
}

func newTalker(t testing.TB, addr string, b *book) *toy {
	x := &talker{t: t, addr: addr, rest: max(b.rest, 5*time.Millisecond), open: map[env.ConnID]bool{}, book: b}
	return &toy{step: func(now env.Time, ev env.Event, out *env.Outbox) { x.step(now, ev, out) }}
}

func (x *talker) step(now env.Time, ev env.Event, out *env.Outbox) {
	switch ev := ev.(type) {
	case env.Started, env.Wake:
		if x.conn == 0 && x.addr != "" {
			x.conn = out.Dial(x.addr)
		}
		x.more(out)
	case env.ConnOpened:
		x.open[ev.Conn] = true
	case env.Dialed:
		x.stands = ev.Conn == x.conn
		x.book.dialed++
		x.more(out)
	case env.Request:
		x.frame(now, ev, out)
	case env.ConnClosed:
		x.closed(now, ev, out)
	}
}

func (x *talker) closed(now env.Time, ev env.ConnClosed, out *env.Outbox) {
	if !ev.Conn.Dialed() {
		if !x.open[ev.Conn] {
			x.t.Errorf("connection %d ended twice", ev.Conn)
		}
		delete(x.open, ev.Conn)
		return
	}
	if ev.Conn != x.conn {
		x.t.Errorf("connection %d ended, and %d was dialed", ev.Conn, x.conn)
	}
	if x.book.ended++; !x.stands {
		x.book.refused++
	}
	x.conn, x.stands, x.due = 0, false, x.next
	out.WakeAt(now.Mono + 20*time.Millisecond)
}

func (x *talker) frame(now env.Time, ev env.Request, out *env.Outbox) {
	if !ev.Conn.Dialed() {
		if !x.open[ev.Conn] {
			x.t.Errorf("a frame came on connection %d, which is not open", ev.Conn)
		}
		out.Emit(&env.Reply{Conn: ev.Conn, Parts: []env.Part{{Bytes: frame(string(ev.Frame))}}})
		return
	}
	if got, want := string(ev.Frame), text(x.due); !x.stands || got != want {
		x.t.Errorf("%.20q came back, %.20q was due (stands: %v)", got, want, x.stands)
	}
	x.due++
	x.book.answers++
	if x.due == x.next {
		out.WakeAt(now.Mono + x.rest)
	}
}

func (x *talker) more(out *env.Outbox) {
	if !x.stands || x.next > x.due {
		return
	}
	for range 8 {
		out.Emit(&env.Reply{Conn: x.conn, Parts: []env.Part{{Bytes: frame(text(x.next))}}})
		x.next++
	}
}

// text is a frame that tells its number, of a size that goes with it.
func text(n int) string {
	return fmt.Sprintf("%08d", n) + strings.Repeat(string(rune('a'+n%26)), n*31%997)
}

// goesOn tells whether answers come within a while.
func goesOn(w *World, b *book, within time.Duration) bool {
	was := b.answers
	return w.Run(w.now+within, 1_000_000, func() bool { return b.answers > was+10 })
}

// silent tells whether none comes for a while, once what was under way is there.
func silent(w *World, b *book, d time.Duration) bool {
	pass(w, 50*time.Millisecond)
	was := b.answers
	pass(w, d)
	return b.answers == was
}

// pair is a world of two nodes which talk: node 1 calls node 0.
func pair(t testing.TB, seed uint64) (*World, []*Node, *book) {
	w := NewWorld(seed)
	a, _ := talk(t, w, "")
	b, book := talk(t, w, "node0:9092")
	if !goesOn(w, book, time.Second) {
		t.Fatal("they do not talk")
	}
	return w, []*Node{a, b}, book
}

// sized is a frame with this many bytes in its body.
func sized(n int) []byte {
	return append(binary.BigEndian.AppendUint32(nil, uint32(n)), make([]byte, n)...)
}
