package broker

import (
	"fmt"
	"time"

	"odradek/node/env"
)

// machine is what the controller and the shards have in common: the step under
// way, tasks, timers, questions to other machines of the node, and connections
// to other nodes.
type machine struct {
	index  int
	now    env.Time    // of the step under way
	out    *env.Outbox // of the step under way
	tasks  env.Tasks
	timers env.Timers[timer]
	waking time.Duration // when the world was asked to wake us; 0: not
	asked  map[uint64]func(any)
	last   uint64
	dialed map[env.ConnID]*link
}

// timer is something that is due at a time.
type timer interface{ fired() }

// question asks another machine; Version is the metadata that the asker has
// seen: who is behind parks it.
type question struct {
	ID      uint64
	Version int64
	Body    any
}

// answer ends a question.
type answer struct {
	ID   uint64
	Body any
}

// ask sends a question; done gets the answer, in a later step.
func (m *machine) ask(to int, version int64, body any, done func(any)) {
	if m.asked == nil {
		m.asked = map[uint64]func(any){}
	}
	m.last++
	m.asked[m.last] = done
	m.out.Send(to, question{ID: m.last, Version: version, Body: body})
}

func (m *machine) answered(a answer) {
	done := m.asked[a.ID]
	if done == nil {
		panic(fmt.Sprintf("broker: machine %d got an answer to a question it did not ask", m.index))
	}
	delete(m.asked, a.ID)
	done(a.Body)
}

// answerTo makes the function that answers a question once.
func (m *machine) answerTo(from int, q question) func(any) {
	return func(body any) { m.out.Send(from, answer{ID: q.ID, Body: body}) }
}

// begin notes the step under way.
func (m *machine) begin(now env.Time, out *env.Outbox) { m.now, m.out = now, out }

// discard ends the tasks; what they say on their way out goes nowhere.
func (m *machine) discard() {
	m.out = env.NewOutbox(m.index)
	m.tasks.Discard()
	m.out = nil
}

// start runs a task of this machine.
func (m *machine) start(run func(*env.Task) error, done func(error)) *env.Task {
	return m.tasks.Start(m.now, m.out, run, func(_ env.Time, err error, _ *env.Outbox) { done(err) })
}

// fire calls the timers that are due, and asks to be woken for the next one.
func (m *machine) fire() {
	for {
		t, due := m.timers.Pop(m.now.Mono)
		if !due {
			break
		}
		t.fired()
	}
	if at, any := m.timers.Next(); any && (m.waking == 0 || at < m.waking) {
		m.waking = at
		m.out.WakeAt(at)
	}
}

// every is a chore that comes back.
type every struct {
	m      *machine
	period time.Duration
	do     func()
}

func (e *every) fired() {
	e.do()
	e.m.timers.Set(e, e.m.now.Mono+e.period)
}

func (m *machine) every(period time.Duration, do func()) {
	e := &every{m, period, do}
	m.timers.Set(e, m.now.Mono+period)
}

// later calls do once.
type later struct{ do func() }

func (l *later) fired() { l.do() }

func (m *machine) after(wait time.Duration, do func()) {
	m.timers.Set(&later{do}, m.now.Mono+wait)
}
