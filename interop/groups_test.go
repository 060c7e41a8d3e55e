//go:build interop

package interop

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// groupOf is a group whose members are all of one make, and what they did.
type groupOf struct {
	c           *cluster
	name, topic string
	addrs       string
	kind        kind
	members     []member

	mu    sync.Mutex
	seen  map[int32]map[int64]int // how often a record was processed, by partition and offset
	notes map[string]int
}

func (g *groupOf) took(p int32, offset int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	if g.seen[p] == nil {
		g.seen[p] = map[int64]int{}
	}
	g.seen[p][offset]++
}

func (g *groupOf) note(text string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	g.notes[text]++
}

const (
	sharedTopic = "shared"
	sharedParts = 6
	crew        = 2 // members of each group
)

func TestGroupsOfEveryClientProcessEachRecordThroughKillsAndRestarts(t *testing.T) {
	c := form(t, 3, append(quick, "offsets.topic.replication.factor=3", "offsets.topic.num.partitions=8",
		"group.initial.rebalance.delay.ms=500", "group.consumer.min.session.timeout.ms=6000", "group.consumer.session.timeout.ms=6000",
		"group.consumer.min.heartbeat.interval.ms=500", "group.consumer.heartbeat.interval.ms=500")...)
	c.create(sharedTopic, sharedParts, 2, 1, 2, 3)
	var groups []*groupOf
	for _, k := range kinds(t) {
		g := &groupOf{c: c, name: "of-" + k.name, topic: sharedTopic, addrs: strings.Join(c.addrs(), ","), kind: k,
			seen: map[int32]map[int64]int{}, notes: map[string]int{}}
		for range crew {
			g.members = append(g.members, k.start(t, g))
		}
		groups = append(groups, g)
		t.Cleanup(g.end)
	}
	stopFeeding := feed(t, c)
	w := c.watchCommits(groups)
	for begun := time.Now(); time.Since(begun) < chaosTime(t); {
		disturb(t, c, groups)
	}
	sent := stopFeeding()
	for _, g := range groups {
		g.revive(t)
	}
	w.awaitEnd(t, sent)
	for _, g := range groups {
		g.end()
	}
	w.stop()
	for _, g := range groups {
		g.judge(t, sent)
	}
	w.judge(t)
}

// feed sends some records a second, and tells when it ends how many each partition has.
func feed(t *testing.T, c *cluster) (stop func() map[int32]int64) {
	cl := c.client(kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerBatchCompression(kgo.GzipCompression())) // which kafkajs has
	ctx, cancel := context.WithCancel(context.Background())
	t.Cleanup(cancel)
	ends := map[int32]int64{}
	var mu sync.Mutex
	var done sync.WaitGroup
	done.Go(func() {
		for n := 0; ctx.Err() == nil; n++ {
			r := &kgo.Record{Topic: sharedTopic, Partition: int32(n % sharedParts), Value: fmt.Appendf(nil, "%d", n)}
			cl.Produce(context.Background(), r, func(r *kgo.Record, err error) {
				if err != nil {
					t.Errorf("produce: %v", err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				ends[r.Partition] = max(ends[r.Partition], r.Offset+1)
			})
			select {
			case <-time.After(5 * time.Millisecond):
			case <-ctx.Done():
			}
		}
	})
	return func() map[int32]int64 {
		cancel()
		done.Wait()
		must(t, cl.Flush(limit(t)))
		return ends
	}
}

// disturb does one harm: to the node that coordinates a group, or to a member.
func disturb(t *testing.T, c *cluster, groups []*groupOf) {
	g := groups[rand.IntN(len(groups))]
	pause := time.Duration(500+rand.IntN(2500)) * time.Millisecond
	switch rand.IntN(3) {
	case 0:
		found, _ := c.admin.FindGroupCoordinators(limit(t), g.name)[g.name]
		if found.Err != nil || found.NodeID < 1 {
			time.Sleep(pause / 4)
			return
		}
		t.Logf("%v kill -9 of node %d, which coordinates %s", time.Now().Format(time.TimeOnly), found.NodeID, g.name)
		s := c.nodes[found.NodeID-1]
		s.kill9()
		time.Sleep(pause)
		s.start()
		s.awaitReady()
	case 1:
		i := rand.IntN(len(g.members))
		t.Logf("%v a member of %s leaves, and another comes", time.Now().Format(time.TimeOnly), g.name)
		g.members[i].leave()
		g.members[i] = g.kind.start(t, g)
	default:
		i := rand.IntN(len(g.members))
		t.Logf("%v a member of %s is killed", time.Now().Format(time.TimeOnly), g.name)
		g.members[i].kill()
		time.Sleep(pause)
		g.members[i] = g.kind.start(t, g)
	}
	for _, g := range groups {
		g.revive(t)
	}
}

// revive starts members again that ended by themselves.
func (g *groupOf) revive(t *testing.T) {
	for i, m := range g.members {
		if m.gone() {
			g.note("a member had to be started again")
			g.members[i] = g.kind.start(t, g)
		}
	}
}

func (g *groupOf) end() {
	for _, m := range g.members {
		m.leave()
	}
	g.members = nil
}

// judge looks whether each record was processed.
func (g *groupOf) judge(t *testing.T, ends map[int32]int64) {
	g.mu.Lock()
	defer g.mu.Unlock()
	records, again := 0, 0
	for p, end := range ends {
		for offset := range end {
			n := g.seen[p][offset]
			if n == 0 {
				t.Errorf("%s: nobody processed %s-%d at %d", g.name, sharedTopic, p, offset)
				break
			}
			records, again = records+1, again+n-1
		}
	}
	t.Logf("%s: %d records, %d times again; %v", g.name, records, again, g.notes)
}

// commits watches what groups have committed, which must never go back.
type commits struct {
	c      *cluster
	groups []*groupOf
	cancel context.CancelFunc
	done   sync.WaitGroup

	mu    sync.Mutex
	at    map[string]map[int32]int64
	wrong []string
	looks int
}

func (c *cluster) watchCommits(groups []*groupOf) *commits {
	ctx, cancel := context.WithCancel(context.Background())
	w := &commits{c: c, groups: groups, cancel: cancel, at: map[string]map[int32]int64{}}
	c.t.Cleanup(cancel)
	adm := kadm.NewClient(c.client())
	for _, g := range groups {
		w.at[g.name] = map[int32]int64{}
		for p := range int32(sharedParts) {
			w.at[g.name][p] = -1
		}
		w.done.Go(func() {
			for ctx.Err() == nil {
				w.look(ctx, adm, g.name)
				select {
				case <-time.After(100 * time.Millisecond):
				case <-ctx.Done():
				}
			}
		})
	}
	return w
}

func (w *commits) look(ctx context.Context, adm *kadm.Client, group string) {
	ctx, cancel := context.WithTimeout(ctx, 3*time.Second)
	defer cancel()
	got, err := adm.FetchOffsets(ctx, group)
	if err != nil {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	w.looks++
	for p := range int32(sharedParts) {
		now := int64(-1)
		if o, ok := got.Lookup(sharedTopic, p); ok && o.Err == nil {
			now = o.At
		}
		if was := w.at[group][p]; now < was {
			w.wrong = append(w.wrong, fmt.Sprintf("%v %s: what is committed of partition %d went from %d back to %d",
				time.Now().Format(time.TimeOnly), group, p, was, now))
		}
		w.at[group][p] = max(now, w.at[group][p])
	}
}

// awaitEnd waits until every group has committed all.
func (w *commits) awaitEnd(t *testing.T, ends map[int32]int64) {
	var lacks []string
	for begun := time.Now(); time.Since(begun) < 90*time.Second; time.Sleep(200 * time.Millisecond) {
		lacks = nil
		w.mu.Lock()
		for _, g := range w.groups {
			for p, end := range ends {
				if w.at[g.name][p] < end {
					lacks = append(lacks, fmt.Sprintf("%s: partition %d is at %d of %d", g.name, p, w.at[g.name][p], end))
				}
			}
		}
		w.mu.Unlock()
		if len(lacks) == 0 {
			return
		}
		for _, g := range w.groups {
			g.revive(t)
		}
	}
	t.Errorf("groups did not come to their end: %v", lacks)
}

func (w *commits) stop() {
	w.cancel()
	w.done.Wait()
}

func (w *commits) judge(t *testing.T) {
	for _, text := range w.wrong {
		t.Error(text)
	}
	t.Logf("%d looks at committed offsets", w.looks)
}
