package host

import (
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"

	"odradek/node/env"
)

// journal is a machine that appends each request to a file and answers when it
// is durable. One sync is under way at a time; the next takes what gathered.
type journal struct {
	path    string
	file    env.FileID
	end     int64
	waiting []env.ConnID // written since the last sync was emitted
	syncing []env.ConnID
	ready   bool
}

func (j *journal) step(_ env.Time, ev env.Event, out *env.Outbox) {
	switch ev := ev.(type) {
	case env.Started:
		j.file = out.NewFile()
		opened := out.Disk(env.Disk{Kind: env.Open, File: j.file, Path: j.path, Flags: env.Create})
		out.Disk(env.Disk{Kind: env.SyncDir, Path: j.path[:strings.LastIndex(j.path, "/")], After: opened})
	case env.Request:
		out.Disk(env.Disk{Kind: env.Write, File: j.file, Off: j.end, Data: ev.Frame})
		j.end += int64(len(ev.Frame))
		j.waiting = append(j.waiting, ev.Conn)
	case env.Drained:
		if j.ready && len(j.waiting) > 0 && len(j.syncing) == 0 {
			j.waiting, j.syncing = j.syncing, j.waiting
			out.Disk(env.Disk{Kind: env.Sync, File: j.file, Tag: then(j.synced)})
		}
	case *env.DiskDone:
		j.ready = j.ready || ev.Kind == env.SyncDir
	}
}

func (j *journal) synced(done *env.DiskDone, out *env.Outbox) {
	for _, conn := range j.syncing {
		answer(out, conn, "%s", outcome(done.Err))
	}
	j.syncing = j.syncing[:0]
}

func TestWhatWasAnsweredSurvivesAPowerCut(t *testing.T) {
	m := newMemory("d")
	n := startNode(t, Config{Layer: m}, lifecycle((&journal{path: "d/log"}).step))
	var clients []*client
	for range 5 {
		clients = append(clients, n.dial(t))
	}
	for round := range 50 {
		for i, c := range clients {
			c.send(fmt.Sprintf("client %d round %d;", i, round))
		}
		for i, c := range clients {
			expect(t, c.receive(), "ok")
			left := m.powerCut().names["d/log"].cachedOrNil()
			if want := fmt.Sprintf("client %d round %d;", i, round); !strings.Contains(string(left), want) {
				t.Fatalf("%q was answered, and is lost", want)
			}
		}
	}
}

func TestNothingIsAnsweredBeforeTheSyncHasReturned(t *testing.T) {
	m := newMemory("d")
	n := startNode(t, Config{Layer: m}, lifecycle((&journal{path: "d/log"}).step))
	c := n.dial(t)
	expect(t, c.ask("warm up"), "ok")
	inside, release := make(chan struct{}), make(chan struct{})
	m.mu.Lock()
	m.before = func(call, _ string) error {
		if call == "sync" {
			inside <- struct{}{}
			<-release
		}
		return nil
	}
	m.mu.Unlock()
	c.send("important")
	soon(t, inside)
	left := string(m.powerCut().names["d/log"].cachedOrNil())
	if strings.Contains(left, "important") {
		t.Fatal("the layer loses nothing: this test shows nothing")
	}
	got := make(chan string)
	go func() { got <- c.receive() }()
	select {
	case text := <-got:
		t.Fatalf("%q before the sync", text)
	case release <- struct{}{}:
	}
	expect(t, soon(t, got), "ok")
	calls := m.history()
	if w, s := slices.Index(calls[4:], "write*1 d/log"), slices.Index(calls[4:], "sync d/log"); w > s {
		t.Fatalf("calls %q", calls)
	}
}

func TestAFailedSyncIsAnsweredAsSuchAndSoAreThoseBehind(t *testing.T) {
	m := newMemory("d")
	c := startNode(t, Config{Layer: m}, lifecycle((&journal{path: "d/log"}).step)).dial(t)
	expect(t, c.ask("one"), "ok")
	failOnce(m, "sync", syscall.EIO)
	expect(t, c.ask("two"), "io")
	expect(t, c.ask("three"), "skipped")
}

func TestAFullDiskIsAnsweredAsSkipped(t *testing.T) {
	m := newMemory("d")
	c := startNode(t, Config{Layer: m}, lifecycle((&journal{path: "d/log"}).step)).dial(t)
	expect(t, c.ask("one"), "ok")
	failOnce(m, "write", syscall.ENOSPC)
	expect(t, c.ask("two"), "skipped")
}
