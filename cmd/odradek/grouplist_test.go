package main

import (
	"context"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

func TestGroupsOfBothTypesAreListed(t *testing.T) {
	onBrokers(t, func(t *testing.T, addr string) {
		at := tool(addr)
		at.ok(t, "", "topic", "create", "-t", "listed")
		at.ok(t, "a\n", "produce", "-t", "listed")
		at.ok(t, "", "consume", "-t", "listed", "--from-beginning", "-c", "1", "--group", "old")
		cl, err := kgo.NewClient(kgo.SeedBrokers(addr), kgo.ConsumerGroup("new"), kgo.ServerSideBalancer(), kgo.ConsumeTopics("listed"),
			kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
		if err != nil {
			t.Fatal(err)
		}
		defer cl.Close()
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		if err := cl.PollFetches(ctx).Err(); err != nil {
			t.Fatal(err)
		}
		if got := at.ok(t, "", "group", "list"); got != "new\nold\n" {
			t.Errorf("listed: %q", got)
		}
		if got := at.ok(t, "", "group", "list", "--state", "--type"); got != "GROUP  TYPE      STATE\nnew    Consumer  Stable\nold    Classic   Empty\n" {
			t.Errorf("listed: %q", got)
		}
	})
}
