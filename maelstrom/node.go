package maelstrom

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"sync"
	"time"

	jepsen "github.com/jepsen-io/maelstrom/demo/go"
)

// Node is this process's place in Maelstrom's network.
type Node struct {
	ID      string
	All     []string // the cluster's nodes, this one among them, in the order of init
	Network *Network

	in       lines
	post     *post
	log      func(string)
	carrying chan error
	asked    chan struct{} // a place for each request under way
}

// Patience is how long a node waits for a sign of life over a connection before
// it gives the connection up.
const Patience = 3 * time.Second

// answerTime is how long after a request it is answered at all. A client of Maelstrom has gone
// then, and Maelstrom reads nothing more from a node that writes to somebody who is not there.
const answerTime = requestTime + 500*time.Millisecond

// requestsMost is how many requests of clients may be under way.
const requestsMost = 4096

// Join reads until it is told which node of which cluster it is (init), and says
// init_ok. What comes before that is refused. log takes lines for a person, from
// many goroutines. Errors: in's, io.EOF if it ended before init; out's.
func Join(in io.Reader, out io.Writer, patience time.Duration, log func(string)) (*Node, error) {
	n := &Node{in: newLines(in), post: newPost(out), log: log, carrying: make(chan error, 1), asked: make(chan struct{}, requestsMost)}
	go func() { n.carrying <- n.post.carry() }()
	for n.Network == nil {
		m, h, err := n.next()
		if err != nil {
			n.post.close()
			return nil, errors.Join(err, <-n.carrying)
		}
		if h.Type == "init" {
			n.init(m, h, patience)
		} else {
			n.early(m, h)
		}
	}
	return n, nil
}

// next is the next message whose sender and form are known; others are logged.
func (n *Node) next() (Message, header, error) {
	for {
		line, err := n.in.next()
		if err != nil && err != errLong {
			return Message{}, header{}, err
		}
		m, h, bad := Message{}, header{}, err
		if err == nil {
			m, h, bad = decode(line)
		}
		if bad == nil {
			return m, h, nil
		}
		n.log("passed over: " + bad.Error())
		if m.Src != "" && h.asks() {
			n.answer(m, h, nil, failure(MalformedRequest, "%v", bad))
		}
	}
}

func (n *Node) init(m Message, h header, patience time.Duration) {
	var b jepsen.InitMessageBody
	if err := json.Unmarshal(m.Body, &b); err != nil || !slices.Contains(b.NodeIDs, b.NodeID) {
		n.answer(m, h, nil, failure(MalformedRequest, "node_id %q is not among node_ids %q", b.NodeID, b.NodeIDs))
		return
	}
	n.ID, n.All = b.NodeID, b.NodeIDs
	n.Network = newNetwork(n.ID, n.All, patience, n.post)
	n.answer(m, h, nil, nil)
}

// early refuses what comes before init.
func (n *Node) early(m Message, h header) {
	var g segment
	if h.Type == streamType && json.Unmarshal(m.Body, &g) == nil && g.Seq > 0 {
		g = segment{Type: streamType, ID: g.ID, Dialer: !g.Dialer, Reset: true}
		n.post.send(letter{src: m.Dest, dest: m.Src, seg: &g})
		return
	}
	n.answer(m, h, nil, failure(TemporarilyUnavailable, "the node does not know yet who it is"))
}

// Handler answers a request with fields to be put beside "type" and "in_reply_to",
// or an *Error; another error is told as Crash, which leaves open what happened.
type Handler func(ctx context.Context, body json.RawMessage) (fields any, err error)

// Serve gives each message to whom it concerns, until there are no more: requests of
// clients to the handler of their type, each on a goroutine of its own. Then it ends the
// Network, waits for the handlers, and returns nil at the end of the input, or the error of
// reading or writing.
func (n *Node) Serve(ctx context.Context, handlers map[string]Handler) error {
	ctx, cancel := context.WithCancel(ctx)
	var all sync.WaitGroup
	all.Go(func() { n.Network.run(ctx) })
	err := n.read(ctx, handlers, &all)
	cancel()
	all.Wait()
	n.post.close()
	if err == io.EOF {
		err = nil
	}
	return errors.Join(err, <-n.carrying)
}

func (n *Node) read(ctx context.Context, handlers map[string]Handler, all *sync.WaitGroup) error {
	for {
		m, h, err := n.next()
		if err != nil {
			return err
		}
		if h.Type == streamType {
			n.stream(m)
			continue
		}
		if h.InReplyTo != nil {
			continue // we ask nobody
		}
		handle := handlers[h.Type]
		if handle == nil {
			n.answer(m, h, nil, failure(NotSupported, "there is no %q here", h.Type))
			continue
		}
		n.handle(ctx, all, m, h, handle)
	}
}

func (n *Node) stream(m Message) {
	var g segment
	if err := json.Unmarshal(m.Body, &g); err != nil {
		n.log(fmt.Sprintf("passed over: a segment of %s: %v", m.Src, err))
		return
	}
	if m.Src != n.ID && slices.Contains(n.All, m.Src) {
		n.Network.deliver(m.Src, &g)
	}
}

func (n *Node) handle(ctx context.Context, all *sync.WaitGroup, m Message, h header, handle Handler) {
	select {
	case n.asked <- struct{}{}:
	default:
		n.answer(m, h, nil, failure(TemporarilyUnavailable, "too many requests at one time"))
		return
	}
	came := time.Now()
	all.Go(func() {
		fields, err := handle(ctx, m.Body)
		if time.Since(came) < answerTime {
			n.answer(m, h, fields, err)
		}
		<-n.asked
	})
}

// answer answers a message that asks.
func (n *Node) answer(m Message, h header, fields any, err error) {
	if !h.asks() {
		return
	}
	kind := h.Type + "_ok"
	if err != nil {
		var told *Error
		if !errors.As(err, &told) {
			told = failure(Crash, "%v", err)
		}
		kind, fields = "error", told
	}
	body, err := answer(kind, *h.MsgID, fields)
	if err != nil {
		n.log("an answer of ours is no JSON: " + err.Error())
		return
	}
	n.post.send(letter{src: m.Dest, dest: m.Src, body: body})
}
