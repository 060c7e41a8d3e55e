package sim

import (
	"fmt"
	"io"
	"math"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker"
	"odradek/faults"
	"odradek/node/env"
	"odradek/node/record"
)

// Outcome sorts what a run ended with.
type Outcome int

// The outcomes. Their numbers are the exit codes of the command.
const (
	Fine     Outcome = 0
	Wrong    Outcome = 1 // a client saw what it must not see
	Crashed  Outcome = 3 // a machine panicked
	Lifeless Outcome = 4 // after all was healed, something did not come to its end
)

func (o Outcome) String() string {
	return map[Outcome]string{Fine: "ok", Wrong: "wrong", Crashed: "crash", Lifeless: "lost liveness"}[o]
}

// Verdict is the result of one run.
type Verdict struct {
	Seed    uint64
	Hash    uint64
	Outcome Outcome
	Reason  string
	Knobs   Knobs
	Plan    faults.Plan
	Result  *checker.Result
	History *checker.History
	Virtual time.Duration
	Steps   uint64
	Events  uint64
	Boots   int    // processes that the nodes had
	Struck  int    // faults that happened
	Lost    int    // times that a node lost storage
	Beyond  string // why the run did not stay within the budget of its campaign; "": it did
	Inside  bool   // the Watch found it
	Reached map[string]int
}

// RunOptions say how to run a seed.
type RunOptions struct {
	// New makes the machines of a node's process.
	New func(Knobs, Boot) []env.Machine
	// Campaign is what the knobs and the faults are drawn for; "": the swarm.
	Campaign Campaign
	// Always is what the drawn knobs have in any case.
	Always Always
	// Plan replaces the drawn faults, if it is not nil.
	Plan faults.Plan
	// Knobs replace the drawn ones, if they are not nil.
	Knobs *Knobs
	// Watch makes what looks inside the nodes; nil: nothing does.
	Watch func(*World) Watch
	// Logs and Trace make the nodes' lines and every event visible.
	Logs, Trace io.Writer
}

// Bounds of the phases of a run, in virtual time and in events: a machine that
// does nothing but keep itself busy ends its run, too.
const (
	setupTime  = 30 * time.Second
	settleTime = 300 * time.Second
	mostEvents = 5_000_000
)

// Run runs one seed: a workload under faults, then healing, then a reading of
// everything; and checks what the clients saw.
func Run(seed uint64, o RunOptions) Verdict {
	k := DrawCampaign(env.Stream(seed, 0, "knobs"), o.Campaign)
	o.Always.complete(seed, &k)
	if o.Knobs != nil {
		k = *o.Knobs
	}
	plan := o.Plan
	if plan == nil {
		plan = DrawPlan(env.Stream(seed, 0, "faults"), k)
	}
	w := NewWorld(seed)
	w.SlowReaders = k.Slow
	w.Log(o.Logs)
	w.TraceTo(o.Trace)
	if o.Watch != nil {
		w.Watch = o.Watch(w)
	}
	defer w.End()
	r := &run{k: k, plan: plan, workload: &workload{w: w, h: checker.NewHistory(), values: &values{}, given: map[int64]string{}}}
	for range k.computers() {
		w.AddNode(func(b Boot) []env.Machine { return o.New(k, b) }, k.dirs()...)
	}
	r.nodes = w.nodes[:k.Nodes]
	v := Verdict{Seed: seed, Knobs: k, Plan: plan, History: r.h}
	r.losses = &losses{r: r, k: k.Losses, lost: map[int]bool{}, chopped: map[int]bool{}}
	w.Permit = r.losses.permit
	w.Suffered = func(f faults.Fault) {
		v.Struck++
		r.h.Mark(r.at(), markOf(f.Kind), f.String())
	}
	v.Outcome, v.Reason = r.all()
	v.Lost, v.Beyond = r.losses.count, r.losses.beyond
	v.Hash, v.Virtual, v.Steps, v.Events = w.Hash(), w.now, w.steps, w.events
	for _, n := range w.nodes {
		v.Boots += n.incarnation + 1
	}
	if w.Watch != nil {
		v.Reached = w.Watch.Reached()
	}
	allowed := r.allowed()
	r.h.Mark(r.at(), checker.Given, allowed.String())
	v.Result = checker.CheckBoth(r.h, allowed)
	switch {
	case w.Crash() != nil:
		v.Outcome, v.Reason = Crashed, w.Crash().Error()
	case w.wrong != nil:
		v.Outcome, v.Inside, v.Reason = Wrong, true, fmt.Sprintf("at %v, seen inside: %v", w.now, w.wrong)
	case !v.Result.Valid() && !(k.Campaign == Rot && readRot(v.Result)):
		v.Outcome, v.Reason = Wrong, v.Result.String()
	case len(r.complaints) > 0:
		v.Outcome, v.Reason = Wrong, strings.Join(r.complaints, "\n")
	}
	return v
}

// TopicPrefix begins the names of the topics that a run's clients use.
const TopicPrefix = "topic-"

// DataDir is the log directory of every node.
const DataDir = "/data"

// MetadataDir is where nodes have the metadata log in campaigns that lose storage: the
// premise of all that is promised is that a majority of voters keeps its own.
const MetadataDir = "/metadata"

// allowed is what a correct history may show. Where a leader may change, an
// acknowledgement with acks=1 promises nothing (what a consumer read does), the
// next leader learns late what is committed, the last one may not know yet that it
// is deposed, and a node may lag with metadata for as long as it is cut off.
func (k Knobs) allowed() checker.Options {
	o := checker.Options{Retention: k.Retention > 0}
	if k.Nodes > 1 {
		o.CoordinatorMayBeDeposed = true
		o.AcksOneMayBeLost, o.EndMayLag, o.LeaderMayBeDeposed, o.MetadataLag = true, true, true, math.MaxInt64/2
	}
	return o
}

// allowed is what this run's history may show.
func (r *run) allowed() checker.Options {
	o := r.k.allowed()
	o.HeartbeatsMayBeBlind = !r.undisturbed() || r.k.Ending != ""
	return o
}

// run is the state of one seed.
type run struct {
	*workload
	k         Knobs
	plan      faults.Plan
	admin     *admin
	targets   []target
	producers []*producer
	groups    []*group
	loners    []*loner
	lacking   []string // what the nodes say that it lacks
	losses    *losses
	begun     time.Duration // when the workload did
}

// undisturbed tells whether nothing is drawn that makes anybody lead anew.
func (r *run) undisturbed() bool { return len(r.plan) == 0 && r.k.Admin.Moves == 0 }

func markOf(k faults.Kind) checker.MarkKind {
	switch k {
	case faults.PowerCut:
		return checker.PowerCut
	case faults.Crash:
		return checker.Crash
	}
	return checker.Fault
}

func (r *run) all() (Outcome, string) {
	if !r.setup() {
		return Lifeless, "the topics could not be made"
	}
	r.w.Apply(r.shifted())
	r.begin()
	r.begun = r.w.now
	end := r.begun + r.k.Length
	r.w.Run(end, mostEvents, func() bool { return false })
	if r.w.now < end {
		return Lifeless, "the world did not get through the workload"
	}
	r.stopped = true
	r.h.Mark(r.at(), checker.Heal, "")
	r.w.Heal()
	r.giveUp()
	if !r.w.Run(r.w.now+settleTime, mostEvents, r.quiet) {
		return Lifeless, "producers got no answers: " + r.unsettled()
	}
	if !r.whole() {
		return Lifeless, "after all was healed, the cluster did not become whole:" + r.lacks()
	}
	if !r.empty() {
		return Lifeless, "the records before the ending could not be deleted"
	}
	if !r.restart() {
		return Lifeless, "the nodes did not end, or did not come back"
	}
	if !r.whole() {
		return Lifeless, "after the ending, the cluster did not become whole:" + r.lacks()
	}
	if !r.lastWords() {
		return Lifeless, "after the ending, producers got no answers: " + r.unsettled()
	}
	if !r.settleGroups() {
		return Lifeless, "groups did not settle: " + r.unsettledGroups()
	}
	if !r.final() {
		return Lifeless, "the final reading did not come to the end"
	}
	if !r.calm() {
		return Lifeless, "the cluster did not become calm"
	}
	if w := r.w; w.Watch != nil && w.wrong == nil {
		w.wrong = w.Watch.Whole()
	}
	return Fine, ""
}

// restart ends all nodes' processes in the way that was drawn, and brings them back.
func (r *run) restart() bool {
	for _, g := range r.groups {
		g.loads = r.k.Ending != ""
	}
	switch r.k.Ending {
	case EndByPowerCut:
		r.h.Mark(r.at(), checker.PowerCut, "the last one")
		r.each((*Node).PowerCut)
	case EndByCrash:
		r.h.Mark(r.at(), checker.Crash, "the last one")
		r.each((*Node).Kill)
	case EndByStop:
		if !r.stopAll() {
			return false
		}
	}
	r.each((*Node).Start)
	return r.w.Run(r.w.now+setupTime, mostEvents, func() bool { return r.are((*Node).Up) })
}

// stopAll ends every process in order. One that a fault had stopped before may be
// back by the time that the last one has ended.
func (r *run) stopAll() bool {
	ends := map[*Node]int{}
	for _, n := range r.w.nodes {
		if ends[n] = n.Incarnation(); !n.Down() {
			ends[n]++
		}
		n.Stop()
	}
	return r.w.Run(r.w.now+setupTime, mostEvents, func() bool {
		return r.are(func(n *Node) bool { return n.Incarnation() >= ends[n] })
	})
}

func (r *run) each(do func(*Node)) {
	for _, n := range r.w.nodes {
		do(n)
	}
}

// are tells whether all nodes are so.
func (r *run) are(so func(*Node) bool) bool {
	return !slices.ContainsFunc(r.w.nodes, func(n *Node) bool { return !so(n) })
}

// shifted is the plan as counted from now: faults begin with the workload.
func (r *run) shifted() faults.Plan {
	shifted := make(faults.Plan, len(r.plan))
	for i, f := range r.plan {
		f.At += r.w.now
		if f.Kind.Lasting() {
			f.Until += r.w.now
		}
		if f.Kind == faults.Reset {
			f.On += r.w.conns
		}
		if f.ByOp && f.On < len(r.w.nodes) {
			f.At, f.Op = 0, f.Op+r.w.nodes[f.On].ops
		}
		shifted[i] = f
	}
	return shifted
}

// setup makes the topics.
func (r *run) setup() bool {
	if !r.w.Run(setupTime, mostEvents, func() bool { return r.are((*Node).Up) }) {
		return false
	}
	r.admin = &admin{workload: r.workload, c: r.client("admin"), process: r.newProcess(), k: r.k.Admin, high: map[target]int64{}}
	for i := range r.k.Topics {
		r.names = append(r.names, fmt.Sprintf("%s%d", TopicPrefix, i))
	}
	found := make([][]target, len(r.names))
	for i, name := range r.names {
		r.make(name, func(all []target) { found[i] = all })
	}
	made := func() bool { return !slices.ContainsFunc(found, func(all []target) bool { return all == nil }) }
	done := r.w.Run(2*setupTime, mostEvents, made)
	r.targets = slices.Concat(found...)
	return done
}

// make makes a topic, and looks until it is there.
func (r *run) make(name string, done func([]target)) {
	again := func() { r.w.After(retryAfter, func() { r.make(name, done) }) }
	r.admin.createWith(name, r.k.Partitions, r.k.configs(), func(ok bool) {
		if !ok {
			again()
			return
		}
		r.admin.exists(name, func(t *kmsg.MetadataResponseTopic) {
			if t == nil || len(t.Partitions) < int(r.k.Partitions) {
				again() // a node that lags was asked
				return
			}
			var all []target
			for p := range t.Partitions {
				all = append(all, target{name, t.TopicID, int32(p)})
			}
			done(all)
		})
	})
}

// begin starts the clients.
func (r *run) begin() {
	r.admin.parts = r.targets
	if r.k.Admin.Pause > 0 {
		r.admin.turn()
	}
	for i, k := range r.k.Producers {
		p := &producer{workload: r.workload, c: r.client(fmt.Sprintf("producer-%d", i)), process: r.newProcess(),
			k: k, pid: -1, codecs: record.NewCompressor(), busy: make([]int, len(r.nodes))}
		p.c.patience(k.Timeout)
		for _, t := range r.some() {
			p.parts = append(p.parts, &feed{target: t})
		}
		r.producers = append(r.producers, p)
		p.start()
	}
	for i, k := range r.k.Consumers {
		r.consumer(fmt.Sprintf("consumer-%d", i), k, r.some()).start()
	}
	r.beginGroups()
}

func (r *run) consumer(name string, k consumerKnobs, parts []target) *consumer {
	c := &consumer{workload: r.workload, c: r.client(name), process: r.newProcess(), k: k, codecs: record.NewCompressor()}
	for _, t := range parts {
		c.parts = append(c.parts, &cursor{target: t, seek: true})
	}
	return c
}

// some draws partitions, one at least.
func (r *run) some() []target {
	var some []target
	for _, t := range r.targets {
		if r.w.Rand.IntN(3) > 0 {
			some = append(some, t)
		}
	}
	if len(some) == 0 {
		some = append(some, r.targets[r.w.Rand.IntN(len(r.targets))])
	}
	return some
}

func (r *run) quiet() bool {
	for _, p := range r.producers {
		if !p.idle() {
			return false
		}
	}
	return true
}

func (r *run) unsettled() string {
	var b strings.Builder
	for _, p := range r.producers {
		if !p.idle() {
			fmt.Fprintf(&b, "%s has %d requests under way; ", p.c.name, p.flying)
		}
	}
	return b.String()
}

// final reads every partition from its beginning to its end.
func (r *run) final() bool {
	r.h.Mark(r.at(), checker.FinalRead, "")
	done := false
	c := r.consumer("final", consumerKnobs{Version: 12, MaxBytes: 1 << 20, PartMax: 1 << 16, Pause: time.Millisecond, Wait: time.Millisecond}, r.targets)
	c.limits, c.done = true, func() { done = true }
	for _, p := range c.parts {
		c.sound(p)
	}
	c.start()
	return r.w.Run(r.w.now+settleTime, mostEvents, func() bool { return done })
}
