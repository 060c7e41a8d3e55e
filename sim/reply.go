package sim

import (
	"time"

	"odradek/node/env"
)

// outgoing is a reply on its way; ranges are read as late as they leave.
type outgoing struct {
	parts []env.Part
	sums  []uint32 // of the parts' bytes, which nobody may change
	pins  []*inode // of the parts that are ranges
	part  int
	at    int // in the part
	size  int
}

// reply queues a reply and pins the files that it needs.
func (b *mailbox) reply(r *env.Reply) {
	poison(r.Frame)
	e := b.end(r.Conn)
	if e == nil || e.closing {
		return
	}
	if e.dialing {
		b.p.n.w.fail("machine %d sends on connection %d, which does not stand yet", e.box.index, e.id)
		return
	}
	o := &outgoing{parts: r.Parts, sums: make([]uint32, len(r.Parts)), pins: make([]*inode, len(r.Parts))}
	for i, part := range r.Parts {
		o.size += part.Size()
		if part.Len == 0 {
			o.sums[i] = sum(part.Bytes)
			continue
		}
		h := b.p.n.disk.files[part.File]
		if h == nil {
			e.reset()
			return
		}
		o.pins[i] = h.node
	}
	e.out = append(e.out, o)
	e.line.sends()
	e.leave()
}

// poison is what becomes of a buffer that is used again: whoever still reads it
// reads nonsense.
func poison(frame []byte) {
	for i := range frame {
		frame[i] = 0xdb
	}
}

// leave schedules the next piece of the first reply.
func (e *end) leave() {
	if e.leaving || e.gone {
		return
	}
	if len(e.out) == 0 {
		if e.closing {
			e.close()
		}
		return
	}
	if e.p.frozen > 0 || e.line.filled() {
		return
	}
	e.leaving = true
	e.p.n.w.After(e.takes(), e.sendPiece)
}

// room goes on with what had to wait.
func (e *end) room() { e.leave() }

// takes draws how long the other side lets the next piece wait.
func (e *end) takes() time.Duration {
	w := e.p.n.w
	wait := w.between(2*time.Microsecond, 60*time.Microsecond)
	if e.slow == 0 {
		return wait
	}
	if w.Rand.IntN(50) == 0 {
		wait += w.between(0, 200*time.Millisecond)
	}
	return wait + w.between(0, e.slow)
}

func (e *end) sendPiece() {
	e.leaving = false
	if e.deaf() || e.p.frozen > 0 {
		return
	}
	o := e.out[0]
	piece, whole := o.next(e.p.n.w)
	if piece == nil {
		e.reset() // a file is shorter than was promised
		return
	}
	e.line.send(piece)
	if whole {
		e.out = e.out[1:]
		e.box.post(env.Sent{Conn: e.id, Size: o.size})
	}
	e.leave()
}

// next takes an arbitrary number of bytes off the reply.
func (o *outgoing) next(w *World) (piece []byte, whole bool) {
	most := 1 << 16
	if w.Rand.IntN(4) == 0 {
		most = 1 + w.Rand.IntN(2000)
	}
	for o.part < len(o.parts) && len(piece) < most {
		p := o.parts[o.part]
		n := min(p.Size()-o.at, most-len(piece))
		if p.Len > 0 {
			data := o.pins[o.part].read(p.Off+int64(o.at), n)
			if len(data) < n {
				return nil, false
			}
			piece = append(piece, data...)
		} else {
			piece = append(piece, p.Bytes[o.at:o.at+n]...)
		}
		if o.at += n; o.at == p.Size() {
			if p.Len == 0 && sum(p.Bytes) != o.sums[o.part] {
				w.fail("bytes of a reply were changed before they had left")
			}
			o.part, o.at = o.part+1, 0
		}
	}
	return piece, o.part == len(o.parts)
}
