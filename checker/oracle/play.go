package oracle

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// untilLimit bounds how often a request under @until is repeated.
const untilLimit = 500

// Play asks everything in the script and compares each response with the one
// that is expected from a broker other than Kafka. The diff is empty when all
// are the same. An error means that the script could not be played to its end.
func Play(s *Script, t Transport) (diff string, err error) {
	p := newPlayer(s, t)
	var b strings.Builder
	p.answered = func(e *entry, got []string) {
		if d := diffLines(e.expected(), got); d != "" {
			fmt.Fprintf(&b, "%s:%d: %s\n%s", s.Name, e.line, e.text[0], d)
		}
	}
	err = p.run()
	return b.String(), err
}

// Record asks everything in the script and puts the responses into it, in place
// of those of Kafka that it held. A difference that is written down but no
// longer is one stays, for a person to remove.
func Record(s *Script, t Transport) error {
	p := newPlayer(s, t)
	p.answered = func(e *entry, got []string) { e.want = got }
	return p.run()
}

// Differ asks everything in the script and writes down, beside what Kafka
// answered, what this broker answers where the two differ: under the reason that
// stands there already, or else under the one given.
func Differ(s *Script, t Transport, reason string) error {
	p := newPlayer(s, t)
	p.answered = func(e *entry, got []string) {
		switch same := diffLines(e.want, got) == ""; {
		case same:
			e.reason, e.ours = nil, nil
		case len(e.reason) > 0:
			e.ours = got
		default:
			e.reason, e.ours = []string{reason}, got
		}
	}
	return p.run()
}

// connName names a connection: each node has its own of each name.
type connName struct {
	node int
	name string
}

type player struct {
	script   *Script
	to       Transport
	norm     *normalizer
	saved    map[string]any
	conns    map[connName]Conn
	name     string // of the connection in use
	at       int    // node of the cluster, from 1; 0: there is one broker
	last     kmsg.Response
	until    []string // conditions of the next request
	later    string   // the name under which the next one is sent, if only that
	sent     map[string]flight
	answered func(e *entry, got []string)
}

func newPlayer(s *Script, t Transport) *player {
	return &player{script: s, to: t, norm: newNormalizer(s.Nodes > 0), saved: map[string]any{}, conns: map[connName]Conn{}, sent: map[string]flight{}}
}

func (p *player) run() error {
	defer p.hangUp()
	if err := p.gather(); err != nil {
		return err
	}
	for i := range p.script.entries {
		e := &p.script.entries[i]
		if err := p.step(e); err != nil {
			return fmt.Errorf("%s:%d: %w", p.script.Name, e.line, err)
		}
	}
	return nil
}

func (p *player) hangUp() {
	byNode := func(a, b connName) int { return cmp.Or(cmp.Compare(a.node, b.node), cmp.Compare(a.name, b.name)) }
	for _, name := range slices.SortedFunc(maps.Keys(p.conns), byNode) {
		p.conns[name].Close()
	}
}

func (p *player) step(e *entry) error {
	switch e.kind {
	case useConn:
		p.name = e.arg
	case until:
		p.until = append(p.until, e.arg)
	case act:
		return p.act(e.arg)
	case save:
		return p.save(e.arg)
	case later:
		p.later = e.arg
	case await:
		return p.await(e)
	case request:
		return p.ask(e)
	}
	return nil
}

func (p *player) save(arg string) error {
	name, path, _ := strings.Cut(arg, "=")
	v, err := lookup(p.last, strings.TrimSpace(path))
	p.saved[strings.TrimSpace(name)] = v
	return err
}

func (p *player) ask(e *entry) error {
	conditions := p.until
	p.until = nil
	c, err := parseCall(e.text, p.saved)
	if err != nil {
		return err
	}
	if p.later != "" {
		return p.send(c)
	}
	for range p.polls() {
		out, err := p.exchange(c)
		if err != nil {
			return err
		}
		p.last = out.resp
		if hold(out.resp, conditions) {
			p.answered(e, out.lines)
			return p.settle(c)
		}
		p.pause()
	}
	return fmt.Errorf("after %d requests it does not hold that %s", p.polls(), strings.Join(conditions, ", "))
}

func hold(resp kmsg.Response, conditions []string) bool {
	return !slices.ContainsFunc(conditions, func(c string) bool { return !holds(resp, c) })
}

func holds(resp kmsg.Response, condition string) bool {
	path, want, _ := strings.Cut(condition, "=")
	path = strings.TrimSpace(path)
	v, err := lookup(resp, path)
	if sets[path[strings.LastIndex(path, ".")+1:]] {
		v = ascending(v)
	}
	return err == nil && fmt.Sprint(v) == strings.TrimSpace(want)
}

func (p *player) exchange(c call) (outcome, error) {
	conn, err := p.conn()
	if err != nil {
		return outcome{}, err
	}
	reply, closed, err := conn.RoundTrip(c.frame, !c.noReply)
	return p.take(flight{c, connName{p.at, p.name}}, reply, closed, err)
}

// take makes what came back for a request comparable.
func (p *player) take(f flight, reply []byte, closed bool, err error) (outcome, error) {
	if err != nil {
		return outcome{}, err
	}
	if closed {
		p.conns[f.over].Close()
		delete(p.conns, f.over)
	}
	return p.norm.outcome(f.call, reply, closed)
}

func (p *player) conn() (Conn, error) {
	name, to := connName{p.at, p.name}, p.to
	if c, ok := p.conns[name]; ok {
		return c, nil
	}
	if p.at > 0 {
		to = p.to.(Cluster).At(p.at)
	}
	c, err := to.Dial()
	if err == nil {
		p.conns[name] = c
	}
	return c, err
}

// settle waits until a change of metadata is in force, where that takes time.
func (p *player) settle(c call) error {
	if s, ok := p.to.(Settler); ok && changesMetadata(c.req) {
		return s.Settle()
	}
	return nil
}

func changesMetadata(req kmsg.Request) bool {
	switch req.(type) {
	case *kmsg.CreateTopicsRequest, *kmsg.DeleteTopicsRequest, *kmsg.CreatePartitionsRequest,
		*kmsg.AlterConfigsRequest, *kmsg.IncrementalAlterConfigsRequest, *kmsg.ElectLeadersRequest,
		*kmsg.AlterPartitionAssignmentsRequest, *kmsg.UnregisterBrokerRequest:
		return true
	}
	return false
}
