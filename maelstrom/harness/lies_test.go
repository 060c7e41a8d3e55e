package harness

import (
	"slices"
	"sync/atomic"
	"testing"
	"time"

	"odradek/maelstrom"
)

// A lie stands in for a node that does something wrong, now and then: it changes what a
// good node is asked, or what it answers.
type lie struct {
	what string
	name string // of the anomaly that has to be found
	tell func(l *liar, kind string, fields map[string]any, reply any) error
}

// liar is one lie at work, between all workers and their nodes.
type liar struct {
	ask
	turn *atomic.Int64
}

// now tells whether this request of a kind is one to lie about.
func (l *liar) now(kind, of string) bool { return kind == of && l.turn.Add(1)%5 == 4 }

var lies = []lie{
	{"an acknowledged send is dropped", "lost-write", func(l *liar, kind string, fields map[string]any, reply any) error {
		if !l.now(kind, "send") {
			return l.ask(kind, fields, reply)
		}
		var r polled
		err := l.ask("poll", map[string]any{"offsets": map[string]any{fields["key"].(string): 0}}, &r)
		reply.(*sent).Offset = int64(len(r.Msgs[fields["key"].(string)]))
		return err
	}},
	{"an aborted send is stored", "failed-read", func(l *liar, kind string, fields map[string]any, reply any) error {
		err := l.ask(kind, fields, reply)
		if err == nil && l.now(kind, "send") {
			return &maelstrom.Error{Code: maelstrom.Abort, Text: "no"}
		}
		return err
	}},
	{"a send is stored twice", "duplicate", func(l *liar, kind string, fields map[string]any, reply any) error {
		if l.now(kind, "send") {
			_ = l.ask(kind, fields, nil)
		}
		return l.ask(kind, fields, reply)
	}},
	{"the offset before is acknowledged", "inconsistent-offsets", func(l *liar, kind string, fields map[string]any, reply any) error {
		err := l.ask(kind, fields, reply)
		if got, is := reply.(*sent); is && got.Offset > 0 && l.now(kind, "send") {
			got.Offset--
		}
		return err
	}},
	{"a poll begins too early", "nonmonotonic-poll", func(l *liar, kind string, fields map[string]any, reply any) error {
		if l.now(kind, "poll") {
			for key, from := range fields["offsets"].(map[string]int64) {
				fields["offsets"].(map[string]int64)[key] = max(from-1, 0)
			}
		}
		return l.ask(kind, fields, reply)
	}},
	{"a poll descends", "int-nonmonotonic-poll", func(l *liar, kind string, fields map[string]any, reply any) error {
		err := l.ask(kind, fields, reply)
		if r, is := reply.(*polled); is && l.now(kind, "poll") {
			for _, pairs := range r.Msgs {
				slices.Reverse(pairs)
			}
		}
		return err
	}},
}

func TestEveryLieIsFoundByName(t *testing.T) {
	for i, lie := range lies {
		t.Run(lie.what, func(t *testing.T) {
			t.Parallel()
			o := quick(t, 1, uint64(i))
			o.For, o.Settle = 2*time.Second, time.Second
			turn := new(atomic.Int64)
			o.Lie = func(next ask) ask {
				l := &liar{ask: next, turn: turn}
				return func(kind string, fields map[string]any, reply any) error { return lie.tell(l, kind, fields, reply) }
			}
			out, err := Run(o)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(out.Result.Counts)
			if out.Result.Count(lie.name) == 0 {
				t.Fatalf("%s was not found: %v", lie.name, out)
			}
		})
	}
}
