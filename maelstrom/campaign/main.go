// Command campaign runs many seeds of maelstrom/harness and says which were not valid.
//
//	go run ./maelstrom/campaign -bin bin/odradek -seeds 50
//
// It exits with 1 if one was not. Each run leaves what its nodes said, and, if it was not
// valid, what its clients saw, below -keep.
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"time"

	"odradek/maelstrom/harness"
)

// latencies are drawn from by seed: Maelstrom's 0, 10 and 100 ms, constant and exponential.
var latencies = []harness.Latency{
	{}, {Mean: 10 * time.Millisecond}, {Mean: 10 * time.Millisecond, Exponential: true},
	{Mean: 100 * time.Millisecond, Exponential: true}, {Mean: 100 * time.Millisecond},
}

type campaign struct {
	bin      string
	keep     string
	lasts    time.Duration
	parallel int

	mu   sync.Mutex
	done int
	bad  []string
	of   int
	sum  totals
}

func main() {
	c := &campaign{}
	flag.StringVar(&c.bin, "bin", "bin/odradek", "the node's binary")
	flag.StringVar(&c.keep, "keep", "bin/maelstrom", "folder for what the nodes say")
	flag.DurationVar(&c.lasts, "for", 10*time.Second, "how long the clients of a run go on")
	flag.IntVar(&c.parallel, "parallel", 3, "runs at one time")
	seeds := flag.Int("seeds", 50, "how many seeds")
	first := flag.Int("first", 0, "the first seed")
	sizes := flag.String("nodes", "1,3,5", "sizes of the cluster; each seed runs at each of them")
	flag.Parse()
	nodes, err := numbers(*sizes)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	c.of = *seeds * len(nodes)
	if !c.all(*first, *seeds, nodes) {
		os.Exit(1)
	}
}

func numbers(text string) (all []int, err error) {
	for part := range strings.SplitSeq(text, ",") {
		n, err := strconv.Atoi(part)
		if err != nil {
			return nil, err
		}
		all = append(all, n)
	}
	return all, nil
}

func (c *campaign) all(first, seeds int, nodes []int) bool {
	free := make(chan struct{}, c.parallel)
	var running sync.WaitGroup
	for seed := first; seed < first+seeds; seed++ {
		for _, n := range nodes {
			free <- struct{}{}
			running.Go(func() {
				c.one(uint64(seed), n)
				<-free
			})
		}
	}
	running.Wait()
	fmt.Printf("\r%s\n%d of %d runs were valid\n", &c.sum, c.done-len(c.bad), c.of)
	return len(c.bad) == 0
}

// one runs one seed: every fourth of a cluster as lin-kv, the others as kafka.
func (c *campaign) one(seed uint64, nodes int) {
	dir := filepath.Join(c.keep, fmt.Sprintf("%d-%d", seed, nodes))
	o := harness.Options{
		Command: []string{c.bin, "maelstrom"}, Nodes: nodes, Seed: seed, Latency: latencies[seed%uint64(len(latencies))],
		Partition: 4 * time.Second, For: c.lasts, Workers: 4 * nodes, Rate: 100, Logs: dir,
	}
	err := os.MkdirAll(dir, 0o755)
	valid, text := false, ""
	if err == nil {
		valid, text, err = c.run(o, seed%4 == 3)
	}
	if err != nil {
		text = err.Error()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	c.done++
	if !valid {
		c.bad = append(c.bad, text)
		fmt.Printf("\r%s: %s\n  see %s\n", o.Name(), text, dir)
	}
	fmt.Printf("\r%d of %d, %d not valid; %s", c.done, c.of, len(c.bad), &c.sum)
}

func (c *campaign) run(o harness.Options, registers bool) (valid bool, text string, err error) {
	if registers {
		out, err := harness.RunLinKV(o)
		if err != nil {
			return false, "", err
		}
		c.note(out.Good, out.InDoubt, out.Carried, out.Lost)
		return out.Valid(), out.String(), nil
	}
	out, err := harness.Run(o)
	if err != nil {
		return false, "", err
	}
	s := out.Result.Stats
	c.note(s.Acked+s.Fetches, s.Maybes, out.Carried, out.Lost)
	if !out.Valid() {
		err = keep(out, filepath.Join(o.Logs, "history"))
	}
	return out.Valid(), out.String(), err
}

// keep writes what the clients saw.
func keep(out *harness.Outcome, name string) error {
	f, err := os.Create(name)
	if err != nil {
		return err
	}
	defer f.Close()
	return out.History.WriteLines(f)
}

// totals say how much was run.
type totals struct{ good, doubt, carried, lost int }

func (t *totals) String() string {
	return fmt.Sprintf("%d operations, %d sends in doubt, %d messages between nodes, %d of them lost", t.good, t.doubt, t.carried, t.lost)
}

func (c *campaign) note(good, doubt, carried, lost int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.sum.good, c.sum.doubt = c.sum.good+good, c.sum.doubt+doubt
	c.sum.carried, c.sum.lost = c.sum.carried+carried, c.sum.lost+lost
}
