package harness

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"time"

	"odradek/checker"
)

// Options are what is run.
type Options struct {
	Command   []string // of a node
	Nodes     int
	Seed      uint64
	Latency   Latency
	Partition time.Duration // mean time between two changes of the network; 0: it stays whole
	For       time.Duration // how long clients go on
	Workers   int           // at one time, evenly over the nodes
	Rate      float64       // operations a second, of all workers
	Settle    time.Duration // how long it may take, in the end, until all can be read; 30 s
	Logs      string        // folder for what nodes write to the standard error
	// Lie stands between workers and nodes and changes what they tell one another. nil: nothing does.
	Lie func(ask) ask
}

// Outcome is what became of a run.
type Outcome struct {
	Result        *checker.Result
	History       *checker.History
	Carried, Lost int   // messages between nodes
	Err           error // a node or an answer that is not as it should be, or a log that cannot be read to its end
}

func (o *Outcome) String() string {
	text := fmt.Sprintf("%v, %d messages between nodes, %d of them lost", o.Result, o.Carried, o.Lost)
	if o.Err != nil {
		text += "; FAILED: " + o.Err.Error()
	}
	return text
}

// Valid holds if nothing is wrong.
func (o *Outcome) Valid() bool { return o.Err == nil && o.Result.Valid() }

// Run starts a cluster, plays clients of the workload kafka while the network is cut and
// healed, then reads everything to its end, and judges what was seen.
func Run(o Options) (*Outcome, error) {
	if o.Settle == 0 {
		o.Settle = settleTime
	}
	r, err := launch(o)
	if err != nil {
		return nil, err
	}
	r.keys = func() int { return 3 + int(r.now()/int64(2*time.Second)) }
	err = r.begin()
	if err == nil {
		err = r.play(func(node string) func() error {
			w := r.worker(node)
			w.crash()
			return w.step
		})
	}
	if err == nil {
		err = r.finish()
	}
	return r.outcome(errors.Join(err, r.cluster.end())), nil
}

// launch starts the nodes.
func launch(o Options) (*running, error) {
	net := newNet(o.Latency, stream(o.Seed, "latency"))
	c, err := start(net, o.Nodes, o.Command, o.Logs)
	if err != nil {
		return nil, err
	}
	return &running{Options: o, net: net, cluster: c, shared: &shared{begun: time.Now(), keys: func() int { return 1 }}}, nil
}

// running is a run under way.
type running struct {
	Options
	*shared
	net     *Net
	cluster *cluster
	all     []*worker
	marks   []checker.Mark
}

// stream is the source of chance for one purpose.
func stream(seed uint64, purpose string) *rand.Rand {
	var key [32]byte
	copy(key[:], fmt.Sprintf("%d %s", seed, purpose))
	return rand.New(rand.NewChaCha8(key))
}

// worker makes a worker at a node.
func (r *running) worker(node string) *worker {
	w := &worker{
		shared: r.shared, h: checker.NewHistory(), rng: stream(r.Seed, fmt.Sprintf("worker %d", len(r.all))),
		ask: r.net.askNew(node),
	}
	if r.Lie != nil {
		w.ask = r.Lie(w.ask)
	}
	r.all = append(r.all, w)
	return w
}

// askNew asks a node, each time as a new client: an answer that comes too late is nobody's.
func (n *Net) askNew(node string) ask {
	c := n.client()
	return func(kind string, fields map[string]any, reply any) error { return c.Ask(node, kind, fields, reply) }
}

// begin waits until every node has had a record appended, so that what is cut is a cluster.
func (r *running) begin() error {
	until := time.Now().Add(settleTime)
	for _, node := range r.cluster.names {
		w := r.worker(node)
		for acked := false; !acked; {
			w.crash()
			var err error
			if acked, err = w.send(); err != nil {
				return err
			}
			if time.Now().After(until) {
				return fmt.Errorf("%s does not serve anybody", node)
			}
		}
	}
	return nil
}

// play lets workers, whose steps player makes, and the nemesis go on for their time.
func (r *running) play(player func(node string) (step func() error)) error {
	ctx, cancel := context.WithTimeout(context.Background(), r.For)
	defer cancel()
	errs := make(chan error, r.Workers)
	pace := time.Duration(float64(time.Second) * float64(r.Workers) / r.Rate)
	for i := range r.Workers {
		step := player(r.cluster.names[i%r.Nodes])
		rng := stream(r.Seed, fmt.Sprintf("pace %d", i))
		go func() { errs <- paced(ctx, pace, rng, step) }()
	}
	var cutting sync.WaitGroup
	if r.Partition > 0 && r.Nodes > 1 {
		cutting.Go(func() {
			r.marks = nemesis(ctx, r.net, r.cluster.names, r.Partition, stream(r.Seed, "nemesis"), r.now)
		})
	}
	var all error
	for range r.Workers {
		if err := <-errs; err != nil {
			all = errors.Join(all, err)
			cancel()
		}
	}
	cutting.Wait()
	return all
}

func (r *running) outcome(err error) *Outcome {
	var parts []*checker.History
	for _, w := range r.all {
		parts = append(parts, w.h)
	}
	h := checker.Merge(parts...)
	for _, m := range r.marks {
		h.Mark(m.At, m.Kind, m.Text)
	}
	out := &Outcome{History: h, Err: err}
	out.Result = checker.Check(h, checker.Options{EndMayLag: true, LeaderMayBeDeposed: true, CoordinatorMayBeDeposed: true})
	out.Carried, out.Lost = r.net.counts()
	return out
}

// Name says what is run, for a line of progress.
func (o Options) Name() string {
	parts := []string{fmt.Sprintf("seed %d: %d nodes, latency %v", o.Seed, o.Nodes, o.Latency)}
	if o.Partition > 0 && o.Nodes > 1 {
		parts = append(parts, "partitions")
	}
	return strings.Join(parts, ", ")
}
