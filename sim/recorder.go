package sim

import (
	"encoding/binary"
	"slices"
	"time"

	"odradek/faults"
)

// Recorder is told of what passes between computers. A world has none unless somebody
// wants to see it: then nothing of this costs anything.
type Recorder interface {
	Passed(Message)
	Struck(faults.Fault) // a fault happens, now
}

// Message is a frame from one computer to another.
type Message struct {
	From, To      int           // faults.Clients, or nodes by their place
	Sent, Arrived time.Duration // Arrived is -1 if it did not
	Frame         []byte        // without its size
	Asked         int32         // the API key of the request, if this is an answer; else -1
}

// ledger is what a Recorder needs to know of one direction of a connection.
type ledger struct {
	sent  []time.Duration // of frames under way
	asked map[int32]int16 // the API keys of requests that came this way, by correlation id
}

// sends notes that a frame begins its way.
func (l *line) sends() {
	if l.w.Recorder != nil {
		l.ledger.sent = append(l.ledger.sent, l.w.now)
	}
}

// heard tells of a frame that has arrived whole. request tells whether the one who
// dialed has sent it; back is the direction of its answer, or of what it answers.
func (l *line) heard(frame []byte, request bool, back *line) {
	if l.w.Recorder == nil || len(l.ledger.sent) == 0 || len(frame) < 8 {
		return
	}
	m := Message{From: l.from, To: l.to, Sent: l.ledger.sent[0], Arrived: l.w.now, Frame: slices.Clone(frame), Asked: -1}
	l.ledger.sent = l.ledger.sent[1:]
	if request {
		l.ledger.ask(int32(binary.BigEndian.Uint32(frame[4:])), int16(binary.BigEndian.Uint16(frame)))
	} else if key, known := back.ledger.asked[int32(binary.BigEndian.Uint32(frame))]; known {
		m.Asked = int32(key)
		delete(back.ledger.asked, int32(binary.BigEndian.Uint32(frame)))
	}
	l.w.Recorder.Passed(m)
}

// unheard tells of the frames that were under way when the connection ended.
func (l *line) unheard() {
	if l == nil || l.w.Recorder == nil {
		return
	}
	for _, at := range l.ledger.sent {
		l.w.Recorder.Passed(Message{From: l.from, To: l.to, Sent: at, Arrived: -1, Asked: -1})
	}
	l.ledger.sent = nil
}

func (r *ledger) ask(correlation int32, key int16) {
	if r.asked == nil {
		r.asked = map[int32]int16{}
	}
	r.asked[correlation] = key
}
