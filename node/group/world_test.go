package group

import (
	"bytes"
	"iter"
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// tester is a *testing.T, or rapid's.
type tester interface {
	Helper()
	Skip(args ...any)
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// world is the owner of one coordinator: its clock, its log, its topics. Every
// record is committed at once.
type world struct {
	t       tester
	c       *Coordinator
	config  Config
	times   Times // of every group
	topics  topics
	now     env.Time
	log     []Record
	tokens  Token
	replies map[Token]kmsg.Response
	order   []Token // of the replies
	loads   uint64
}

func newWorld(t tester) *world {
	w := &world{t: t, topics: topics{}, now: env.Time{Mono: time.Second, Wall: 1_700_000_000_000},
		config: defaults(), times: Times{45 * time.Second, 5 * time.Second, time.Second}, replies: map[Token]kmsg.Response{}}
	w.config.TimesOf = func(string) Times { return w.times }
	w.load()
	return w
}

// defaults are Kafka's, but for the delay.
func defaults() Config {
	return Config{
		MinSessionTimeout: 6 * time.Second, MaxSessionTimeout: 30 * time.Minute, MaxSize: 1 << 30,
		ConsumerMaxSize:   1 << 30,
		ConsumerAssignors: []string{"uniform", "range"}, MigrationPolicy: "bidirectional",
		RegexRefresh:     10 * time.Minute,
		MaxMetadataBytes: 4096, OffsetsRetention: 7 * 24 * time.Hour, OffsetsRetentionTick: 10 * time.Minute,
		MaxBatchBytes: 1 << 20,
	}
}

// load makes a coordinator from the log, as another broker would.
func (w *world) load() {
	w.loads++
	w.c = New(&w.config, w.topics, env.Stream(w.loads, 1, "groups"))
	if err := w.replay(w.c); err != nil {
		w.t.Fatal(err)
	}
	w.step(func(out *Outcome) { w.c.Loaded(w.now, out) })
}

// replay reads the log to a coordinator, out of a buffer that is used again.
func (w *world) replay(c *Coordinator) error {
	for _, r := range w.log {
		r.Key, r.Value = bytes.Clone(r.Key), bytes.Clone(r.Value)
		if err := c.Replay(r, w.now.Wall); err != nil {
			return err
		}
		clear(r.Key)
		clear(r.Value)
	}
	return nil
}

func (w *world) step(do func(out *Outcome)) {
	var out Outcome
	do(&out)
	size := 0
	for _, r := range out.Records {
		size += r.size()
	}
	if size > w.config.MaxBatchBytes {
		w.t.Fatalf("a batch of %d bytes", size)
	}
	w.log = append(w.log, out.Records...)
	for _, r := range out.Replies {
		if _, twice := w.replies[r.To]; twice || r.To == 0 || r.To > w.tokens {
			w.t.Fatalf("request %d is answered twice, or nobody's", r.To)
		}
		w.replies[r.To], w.order = r.Response, append(w.order, r.To)
	}
}

// send hands in a request, as it comes in a frame that is used for others later;
// its answer is in replies, now or later.
func (w *world) send(req kmsg.Request) Token {
	frame := req.AppendTo(nil)
	came := kmsg.RequestForKey(req.Key())
	came.SetVersion(req.GetVersion())
	if err := came.ReadFrom(frame); err != nil {
		w.t.Fatal(err)
	}
	w.tokens++
	w.step(func(out *Outcome) {
		w.c.Handle(w.now, w.tokens, Caller{"tester", "/127.0.0.1"}, came, out)
	})
	clear(frame)
	return w.tokens
}

// ask is for requests that are answered at once.
func ask[R kmsg.Response](w *world, req kmsg.Request) R {
	w.t.Helper()
	token := w.send(req)
	resp, ok := w.replies[token].(R)
	if !ok {
		w.t.Fatalf("%T is not answered at once", req)
	}
	return resp
}

// answer is that to an earlier request.
func answer[R kmsg.Response](w *world, token Token) R {
	w.t.Helper()
	resp, ok := w.replies[token].(R)
	if !ok {
		w.t.Fatalf("request %d is not answered", token)
	}
	return resp
}

// pass lets time go by, and what is due in it happen.
func (w *world) pass(d time.Duration) {
	end := w.now.Mono + d
	for {
		at, any := w.c.Next()
		if !any || at > end {
			break
		}
		w.advance(max(at, w.now.Mono))
		w.step(func(out *Outcome) { w.c.Fire(w.now, out) })
	}
	w.advance(end)
}

func (w *world) advance(to time.Duration) {
	w.now.Wall += (to - w.now.Mono).Milliseconds()
	w.now.Mono = to
}

// make adds a topic, or gives one that is there another id.
func (w *world) make(name string, partitions int32) env.UUID {
	id := env.UUID{byte(len(w.log)), byte(len(w.topics)), 7}
	w.topics[name] = topic{id, partitions}
	w.moved()
	return id
}

func (w *world) moved() {
	w.step(func(out *Outcome) { w.c.TopicsChanged(w.now, out) })
	w.pass(0)
}

type topic struct {
	id         env.UUID
	partitions int32
}

// topics are those of the cluster.
type topics map[string]topic

func (t topics) ID(name string) (env.UUID, bool) {
	found, ok := t[name]
	return found.id, ok
}

func (t topics) Name(id env.UUID) (string, bool) {
	for _, name := range slices.Sorted(maps.Keys(t)) {
		if t[name].id == id {
			return name, true
		}
	}
	return "", false
}

func (t topics) Partitions(id env.UUID) int32 {
	name, _ := t.Name(id)
	return t[name].partitions
}

func (t topics) Names() iter.Seq[string] { return slices.Values(slices.Sorted(maps.Keys(t))) }
