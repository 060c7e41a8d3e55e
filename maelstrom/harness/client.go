package harness

import (
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"odradek/maelstrom"
)

// clientTime is how long a client waits for an answer, as Maelstrom's do.
const clientTime = 5 * time.Second

// Client asks nodes, one thing at a time.
type Client struct {
	net  *Net
	name string

	mu   sync.Mutex
	last int64
	got  chan json.RawMessage // of the request under way
}

// client makes a client of the network.
func (n *Net) client() *Client {
	n.mu.Lock()
	defer n.mu.Unlock()
	c := &Client{net: n, name: fmt.Sprintf("c%d", len(n.clients))}
	n.clients[c.name] = c
	return c
}

// Ask sends a request and reads the answer into reply, if that is not nil. Errors are
// *maelstrom.Error: the node's, or Timeout.
func (c *Client) Ask(node, kind string, fields map[string]any, reply any) error {
	got := make(chan json.RawMessage, 1)
	c.mu.Lock()
	c.last++
	id := c.last
	c.got = got
	c.mu.Unlock()
	body := map[string]any{"type": kind, "msg_id": id}
	for name, value := range fields {
		body[name] = value
	}
	line, err := json.Marshal(map[string]any{"src": c.name, "dest": node, "body": body})
	if err == nil {
		err = c.net.Send(c.name, line)
	}
	if err != nil {
		return err
	}
	late := time.NewTimer(clientTime)
	defer late.Stop()
	select {
	case body := <-got:
		return read(body, kind, reply)
	case <-late.C:
		return &maelstrom.Error{Code: maelstrom.Timeout, Text: "no answer"}
	}
}

func read(body json.RawMessage, kind string, reply any) error {
	var h struct {
		Type string
		maelstrom.Error
	}
	if err := json.Unmarshal(body, &h); err != nil {
		return err
	}
	switch {
	case h.Type == "error":
		return &h.Error
	case h.Type != kind+"_ok":
		return fmt.Errorf("the answer to %s is of type %q", kind, h.Type)
	case reply == nil:
		return nil
	}
	return json.Unmarshal(body, reply)
}

// receive takes an answer, unless it is one that was given up.
func (c *Client) receive(body json.RawMessage) {
	var h struct {
		InReplyTo int64 `json:"in_reply_to"`
	}
	if json.Unmarshal(body, &h) != nil {
		return
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if h.InReplyTo == c.last && c.got != nil {
		c.got <- body
		c.got = nil
	}
}
