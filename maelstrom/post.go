package maelstrom

import (
	"bufio"
	"encoding/json"
	"io"
	"sync"
)

// post carries messages away in the order given, on one goroutine, so that
// nobody who sends waits. What goes to this node itself never becomes a line.
type post struct {
	out  io.Writer
	self func(*segment) // takes what the node sends to itself

	mu     sync.Mutex
	filled sync.Cond
	queue  []letter
	closed bool
}

// letter is a message not encoded yet: a segment or a ready body.
type letter struct {
	src, dest string
	seg       *segment
	body      json.RawMessage
}

func newPost(out io.Writer) *post {
	p := &post{out: out}
	p.filled.L = &p.mu
	return p
}

func (p *post) send(l letter) {
	p.mu.Lock()
	if !p.closed {
		p.queue = append(p.queue, l)
	}
	p.mu.Unlock()
	p.filled.Signal()
}

// close lets carry end when it has carried what there is.
func (p *post) close() {
	p.mu.Lock()
	p.closed = true
	p.mu.Unlock()
	p.filled.Signal()
}

// carry runs until close, or until nothing can be written any more: the error.
func (p *post) carry() error {
	w := bufio.NewWriterSize(p.out, 64<<10)
	for {
		letters, more := p.take()
		if !more {
			return nil
		}
		for i := range letters {
			if err := p.deliver(w, &letters[i]); err != nil {
				p.close()
				return err
			}
		}
		if err := w.Flush(); err != nil {
			p.close()
			return err
		}
	}
}

func (p *post) take() ([]letter, bool) {
	p.mu.Lock()
	defer p.mu.Unlock()
	for len(p.queue) == 0 && !p.closed {
		p.filled.Wait()
	}
	all := p.queue
	p.queue = nil
	return all, len(all) > 0
}

func (p *post) deliver(w io.Writer, l *letter) error {
	if l.seg != nil && l.src == l.dest {
		p.self(l.seg)
		return nil
	}
	m := Message{Src: l.src, Dest: l.dest, Body: l.body}
	var err error
	if l.seg != nil {
		m.Body, err = json.Marshal(l.seg)
	}
	if err != nil {
		return err
	}
	return json.NewEncoder(w).Encode(m)
}
