package oracle

import (
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

type player struct {
	script   *Script
	to       Transport
	norm     *normalizer
	saved    map[string]any
	conns    map[string]Conn
	name     string // of the connection in use
	last     kmsg.Response
	until    string // condition of the next request
	answered func(e *entry, got []string)
}

func newPlayer(s *Script, t Transport) *player {
	return &player{script: s, to: t, norm: newNormalizer(), saved: map[string]any{}, conns: map[string]Conn{}}
}

func (p *player) run() error {
	defer p.hangUp()
	for i := range p.script.entries {
		e := &p.script.entries[i]
		if err := p.step(e); err != nil {
			return fmt.Errorf("%s:%d: %w", p.script.Name, e.line, err)
		}
	}
	return nil
}

func (p *player) hangUp() {
	for _, name := range slices.Sorted(maps.Keys(p.conns)) {
		p.conns[name].Close()
	}
}

func (p *player) step(e *entry) error {
	switch e.kind {
	case useConn:
		p.name = e.arg
	case until:
		p.until = e.arg
	case save:
		return p.save(e.arg)
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
	condition := p.until
	p.until = ""
	c, err := parseCall(e.text, p.saved)
	if err != nil {
		return err
	}
	for range untilLimit {
		out, err := p.exchange(c)
		if err != nil {
			return err
		}
		p.last = out.resp
		if condition == "" || holds(out.resp, condition) {
			p.answered(e, out.lines)
			return p.settle(c)
		}
	}
	return fmt.Errorf("after %d requests it does not hold that %s", untilLimit, condition)
}

func holds(resp kmsg.Response, condition string) bool {
	path, want, _ := strings.Cut(condition, "=")
	v, err := lookup(resp, strings.TrimSpace(path))
	return err == nil && fmt.Sprint(v) == strings.TrimSpace(want)
}

func (p *player) exchange(c call) (outcome, error) {
	conn, err := p.conn()
	if err != nil {
		return outcome{}, err
	}
	reply, closed, err := conn.RoundTrip(c.frame, !c.noReply)
	if err != nil {
		return outcome{}, err
	}
	if closed {
		conn.Close()
		delete(p.conns, p.name)
	}
	return p.norm.outcome(c, reply, closed)
}

func (p *player) conn() (Conn, error) {
	if c, ok := p.conns[p.name]; ok {
		return c, nil
	}
	c, err := p.to.Dial()
	if err == nil {
		p.conns[p.name] = c
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
		*kmsg.AlterConfigsRequest, *kmsg.IncrementalAlterConfigsRequest:
		return true
	}
	return false
}
