package harness

import (
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"odradek/maelstrom"
)

// Net carries messages between nodes and clients.
type Net struct {
	latency Latency

	mu      sync.Mutex
	rng     *rand.Rand
	cut     map[way]bool // the second does not hear the first
	nodes   map[string]*inbox
	clients map[string]*Client
	lost    int
	carried int
}

type way struct{ from, to string }

func newNet(latency Latency, rng *rand.Rand) *Net {
	return &Net{latency: latency, rng: rng, cut: map[way]bool{}, nodes: map[string]*inbox{}, clients: map[string]*Client{}}
}

// Send carries a line to the node or client that it names. Errors: a line that is no
// message, or that a node has sent in the name of another.
func (n *Net) Send(from string, line []byte) error {
	var m maelstrom.Message
	if err := json.Unmarshal(line, &m); err != nil {
		return fmt.Errorf("%s wrote a line that is no message: %w: %.200s", from, err, line)
	}
	if m.Src != from {
		return fmt.Errorf("%s wrote a message of %q", from, m.Src)
	}
	n.mu.Lock()
	defer n.mu.Unlock()
	if to := n.nodes[m.Dest]; to != nil {
		wait := time.Duration(0)
		if n.nodes[from] != nil {
			wait = n.latency.draw(n.rng)
			n.carried++
		}
		to.put(letter{from: from, line: line, due: time.Now().Add(wait)})
		return nil
	}
	if c := n.clients[m.Dest]; c != nil {
		c.receive(m.Body)
	}
	return nil
}

// hears tells whether a message that is due is to be delivered.
func (n *Net) hears(from, to string) bool {
	n.mu.Lock()
	defer n.mu.Unlock()
	if n.cut[way{from, to}] {
		n.lost++
		return false
	}
	return true
}

// Cut makes these ways, and no others, lose all messages.
func (n *Net) Cut(ways []way) {
	n.mu.Lock()
	defer n.mu.Unlock()
	clear(n.cut)
	for _, w := range ways {
		n.cut[w] = true
	}
}

// counts are the messages between nodes that were sent, and those that were lost.
func (n *Net) counts() (carried, lost int) {
	n.mu.Lock()
	defer n.mu.Unlock()
	return n.carried, n.lost
}
