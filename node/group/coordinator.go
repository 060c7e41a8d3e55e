package group

import (
	"math/rand/v2"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// Coordinator holds the groups whose ids fall to one partition of
// __consumer_offsets.
type Coordinator struct {
	config *Config
	topics Topics
	rand   *rand.Rand
	timers env.Timers[timer]

	now env.Time // of the step under way
	out *Outcome // of the step under way
}

// timer is something of a group that is due at a time; values are comparable.
type timer interface{ fired(c *Coordinator) }

// New makes a coordinator that knows nothing yet. The config is read at each use:
// its owner may change what it points to between steps.
func New(config *Config, topics Topics, random *rand.Rand) *Coordinator {
	return &Coordinator{config: config, topics: topics, rand: random}
}

// Replay applies one record of the log, in order: those that another coordinator
// wrote when it loads, its own as it writes them. at is the record's timestamp in
// ms. An error says that the record cannot be read; nothing is changed then.
func (c *Coordinator) Replay(r Record, at int64) error {
	return nil
}

// Loaded ends the loading of the log: members have their sessions from now on.
func (c *Coordinator) Loaded(now env.Time, out *Outcome) {
	c.begin(now, out)
}

// Handle takes a request of one group (see Groups for those that name several).
// Its reply may be in out, or in that of a later step.
func (c *Coordinator) Handle(now env.Time, token Token, from Caller, req kmsg.Request, out *Outcome) {
	c.begin(now, out)
}

// Forget drops a request whose asker is gone: a member that waits to join is
// taken for one that fell silent only when its session ends.
func (c *Coordinator) Forget(token Token) {
}

// TopicsChanged tells that the metadata has moved: topics were made, deleted or
// grew.
func (c *Coordinator) TopicsChanged(now env.Time, out *Outcome) {
	c.begin(now, out)
}

// Next is when Fire has something to do; false: never.
func (c *Coordinator) Next() (at time.Duration, any bool) { return c.timers.Next() }

// Fire does what is due.
func (c *Coordinator) Fire(now env.Time, out *Outcome) {
	c.begin(now, out)
	for {
		t, due := c.timers.Pop(now.Mono)
		if !due {
			return
		}
		t.fired(c)
	}
}

func (c *Coordinator) begin(now env.Time, out *Outcome) { c.now, c.out = now, out }

// write adds a record to the step's batch, and applies it. Whoever calls it has
// seen that it fits.
func (c *Coordinator) write(r Record) {
	c.out.Records = append(c.out.Records, r)
	if err := c.Replay(r, c.now.Wall); err != nil {
		panic("group: a record of our own cannot be read: " + err.Error())
	}
}
