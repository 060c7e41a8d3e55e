package broker

import (
	"fmt"

	"odradek/node/env"
)

// machine is what the controller and the shards have in common: the step under
// way, tasks, and questions to other machines of the node.
type machine struct {
	index int
	now   env.Time    // of the step under way
	out   *env.Outbox // of the step under way
	tasks env.Tasks
	asked map[uint64]func(any)
	last  uint64
}

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
