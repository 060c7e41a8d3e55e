package host

import (
	"sync"

	"odradek/node/env"
)

// keptCapacity is the length up to which a mailbox keeps its memory after a
// burst.
const keptCapacity = 1 << 14

// mailbox holds the events of one machine, in the order in which they came.
type mailbox struct {
	mu     sync.Mutex
	filled sync.Cond
	events []env.Event
	closed bool
}

func newMailbox() *mailbox {
	m := &mailbox{}
	m.filled.L = &m.mu
	return m
}

// put appends events; those after close are dropped.
func (m *mailbox) put(events ...env.Event) {
	if len(events) == 0 {
		return
	}
	m.mu.Lock()
	first := len(m.events) == 0
	if !m.closed {
		m.events = append(m.events, events...)
	}
	m.mu.Unlock()
	if first {
		m.filled.Signal()
	}
}

// take waits for events and takes them all; read is the slice of the time
// before, to be filled anew. false: the mailbox is closed.
func (m *mailbox) take(read []env.Event) ([]env.Event, bool) {
	clear(read)
	if cap(read) > keptCapacity {
		read = nil
	}
	m.mu.Lock()
	defer m.mu.Unlock()
	for len(m.events) == 0 && !m.closed {
		m.filled.Wait()
	}
	events := m.events
	m.events = read[:0]
	return events, !m.closed
}

// close ends the machine: what is in the mailbox is not delivered.
func (m *mailbox) close() {
	m.mu.Lock()
	m.closed, m.events = true, nil
	m.mu.Unlock()
	m.filled.Signal()
}
