package sim_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"odradek/node/config"
	"odradek/node/storage"
)

// journals is a cluster of three whose nodes keep journals.
func journals(t *testing.T) (*racks, *tally) {
	c := newRacks(t, config.Setting{Key: "odradek.journal.bytes", Value: "65536"})
	lines := &tally{}
	c.w.Log(lines)
	c.create()
	for i := range 5 {
		c.produce(fmt.Sprint("value ", i))
	}
	return c, lines
}

func isJournal(path string) bool { return storage.IsJournal(path[strings.LastIndex(path, "/")+1:]) }

// frameStart is a bit of the first frame of a journal.
const frameStart = 8 * 520

func TestANodeThatLostItsPowerReplaysItsJournal(t *testing.T) {
	c, lines := journals(t)
	n := c.w.Nodes()[(c.lead+1)%3]
	n.PowerCut()
	n.Start()
	c.pass(3 * time.Second)
	if lines.count("STORAGE LOSS") > 0 {
		t.Error(lines.text.String())
	}
	if b, _ := n.Disk().Durable("/data/t-0/00000000000000000000.log"); strings.Count(string(b), "value") != 5 {
		t.Errorf("its segment has %d records", strings.Count(string(b), "value"))
	}
}

func TestADamagedJournalIsLossThatTheClusterIsToldOf(t *testing.T) {
	c, lines := journals(t)
	n := c.w.Nodes()[(c.lead+1)%3]
	n.PowerCut()
	if n.Disk().Flip(frameStart, isJournal) == "" {
		t.Fatal("there is no journal")
	}
	n.Start()
	c.pass(3 * time.Second)
	if lines.count("a journal of /data is damaged: STORAGE LOSS") != 1 || lines.count("/data/t-0: STORAGE LOSS") != 1 {
		t.Error(lines.text.String())
	}
	c.pass(10 * time.Second)
	if b, _ := n.Disk().Durable("/data/t-0/00000000000000000000.log"); strings.Count(string(b), "value") != 5 {
		t.Errorf("its segment has %d records: it was not filled again", strings.Count(string(b), "value"))
	}
	if _, noted := n.Disk().Durable("/data/t-0/storage-lost"); noted {
		t.Error("the note of the loss is still there")
	}
}

func TestANodeThatEndsInOrderLeavesNoJournal(t *testing.T) {
	c, _ := journals(t)
	n := c.w.Nodes()[(c.lead+1)%3]
	n.Stop()
	for range 100 {
		c.pass(100 * time.Millisecond)
		if n.Down() {
			break
		}
	}
	for _, path := range n.Disk().Paths() {
		if isJournal(path) {
			t.Errorf("%s is still there", path)
		}
	}
}
