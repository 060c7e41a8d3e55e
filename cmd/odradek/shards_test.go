package main

import (
	"fmt"
	"strings"
	"testing"
)

// Under the race detector the node is watched as well: it is this test binary.
func TestShardsDeleteTopicsThatTheyFoundAtTheStart(t *testing.T) {
	data := t.TempDir()
	var topics []string
	t.Run("made", func(t *testing.T) {
		at := tool(startNodeOn(t, data, "num.shards=4"))
		for i := range 6 {
			topics = append(topics, fmt.Sprintf("t%d", i))
			at.ok(t, "", "topic", "create", "-t", topics[i], "--partitions", "8")
			at.ok(t, strings.Repeat("record\n", 50), "produce", "-t", topics[i])
		}
	})
	t.Run("found and deleted", func(t *testing.T) {
		at := tool(startNodeOn(t, data, "num.shards=4"))
		at.ok(t, "", append([]string{"topic", "delete"}, topics...)...)
		if list := at.ok(t, "", "topic", "list"); strings.TrimSpace(list) != "" {
			t.Errorf("left: %q", list)
		}
	})
}
