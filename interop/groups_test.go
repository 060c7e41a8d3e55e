//go:build interop

package interop

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Two members of a group share a topic; what they committed is where the group
// goes on, also after the broker was killed.
func TestMembersOfAGroupShareATopicAndGoOnWhereTheyCommitted(t *testing.T) {
	s := serve(t)
	s.create("shared", 4)
	const many = 200
	produceTo(t, s, "shared", 0, many)
	seen := map[string]int{}
	first, second := member(s, "g", "shared"), member(s, "g", "shared")
	consume(t, []*kgo.Client{first, second}, seen, many)
	if a, b := len(owned(first)), len(owned(second)); a != 2 || b != 2 {
		t.Errorf("they own %d and %d partitions", a, b)
	}
	lag(t, s, "g", 0)
	for _, c := range []*kgo.Client{first, second} {
		c.Close()
	}
	s.kill9()
	s.up()
	produceTo(t, s, "shared", many, 2*many)
	consume(t, []*kgo.Client{member(s, "g", "shared")}, seen, 2*many)
	for value, times := range seen {
		if times != 1 {
			t.Errorf("%s was read %d times", value, times)
		}
	}
	lag(t, s, "g", 0)
}

func produceTo(t *testing.T, s *server, topic string, from, to int) {
	t.Helper()
	c := s.client(kgo.DefaultProduceTopic(topic))
	for i := from; i < to; i++ {
		r := &kgo.Record{Key: fmt.Append(nil, i), Value: fmt.Append(nil, i)}
		must(t, c.ProduceSync(limit(t), r).FirstErr())
	}
}

func member(s *server, group, topic string) *kgo.Client {
	return s.client(kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
}

// consume polls all members in turn, commits what they got, and ends when so many
// records were seen and each member owns something.
func consume(t *testing.T, members []*kgo.Client, seen map[string]int, many int) {
	t.Helper()
	ctx := limit(t)
	for len(seen) < many || !allOwn(members) {
		for _, c := range members {
			once, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
			fetched := c.PollFetches(once)
			cancel()
			fetched.EachRecord(func(r *kgo.Record) { seen[string(r.Value)]++ })
			must(t, c.CommitUncommittedOffsets(ctx))
		}
		if ctx.Err() != nil {
			t.Fatalf("%d of %d records were seen", len(seen), many)
		}
	}
}

func allOwn(members []*kgo.Client) bool {
	for _, c := range members {
		if len(owned(c)) == 0 {
			return false
		}
	}
	return true
}

func owned(c *kgo.Client) (all []int32) {
	for _, parts := range c.CommittedOffsets() {
		for p := range parts {
			all = append(all, p)
		}
	}
	return all
}

// lag holds that the whole group is so far behind.
func lag(t *testing.T, s *server, group string, want int64) {
	t.Helper()
	lags, err := kadm.NewClient(s.client()).Lag(limit(t), group)
	must(t, err)
	g := lags[group]
	must(t, g.Error())
	if got := g.Lag.Total(); got != want {
		t.Errorf("the group is %d behind in state %s, not %d", got, g.State, want)
	}
}
