package sim

import (
	"slices"
	"time"

	"odradek/faults"
)

// scene is what a run is made of, its seed apart.
type scene struct {
	Knobs
	plan faults.Plan
}

// fewer takes away nodes, clients, partitions and time.
func (s *shrinker) fewer() (any bool) {
	for _, fewer := range []func(*scene, int) bool{
		(*scene).lessController, (*scene).lessNode, (*scene).lessProducer, (*scene).lessConsumer, (*scene).lessMember,
		(*scene).lessTopics, (*scene).lessPartitions, (*scene).lessTime, (*scene).lessBatches,
	} {
		any = s.again(fewer) || any
	}
	return any
}

// again takes one thing away after the other: fewer takes the i-th of its kind, and
// tells whether there is one. A scene that it leaves as it was is not tried.
func (s *shrinker) again(fewer func(*scene, int) bool) (any bool) {
	for i := 0; ; {
		x := scene{s.v.Knobs.clone(), slices.Clone(s.v.Plan)}
		if !fewer(&x, i) {
			return any
		}
		if x.String() != s.v.Knobs.String() && s.try(x.Knobs, x.plan) {
			any = true
		} else {
			i++
		}
	}
}

// clone shares nothing that a scene changes.
func (k Knobs) clone() Knobs {
	k.Producers, k.Consumers = slices.Clone(k.Producers), slices.Clone(k.Consumers)
	k.Cluster.Shards, k.Groups = slices.Clone(k.Cluster.Shards), slices.Clone(k.Groups)
	return k
}

// lessController takes all isolated controllers away, whose part the brokers take
// over, or one of them.
func (x *scene) lessController(i int) bool {
	if i > x.Controllers || x.Controllers == 0 || x.Losses != (Losses{}) {
		return false
	}
	if i == 0 {
		for ; x.Controllers > 0; x.Controllers-- {
			x.dropNode(x.computers() - 1)
		}
		return true
	}
	x.dropNode(x.Nodes + i - 1)
	x.Controllers--
	return x.Controllers > 0
}

// lessNode takes a broker away. Campaigns that lose storage count on those they have.
func (x *scene) lessNode(i int) bool {
	if i >= x.Nodes || x.Nodes == 1 || x.Losses != (Losses{}) {
		return false
	}
	x.dropNode(x.Nodes - 1 - i)
	x.Cluster.Shards = slices.Delete(x.Cluster.Shards, x.Nodes-1-i, x.Nodes-i)
	x.Nodes--
	x.Cluster.Replicas = min(x.Cluster.Replicas, int16(x.Nodes))
	x.Admin.Replicas = x.Cluster.Replicas
	x.Cluster.MinISR = min(x.Cluster.MinISR, int(x.Cluster.Replicas))
	if x.Nodes == 1 {
		x.Admin.Moves = 0
	}
	return x.Nodes > 1 || x.Controllers == 0
}

func (x *scene) dropNode(place int) { x.plan = x.plan.WithoutNode(place) }

func (x *scene) lessProducer(i int) bool {
	if i >= len(x.Producers) {
		return false
	}
	x.Producers = slices.Delete(x.Producers, i, i+1)
	return true
}

func (x *scene) lessConsumer(i int) bool {
	if i >= len(x.Consumers) {
		return false
	}
	x.Consumers = slices.Delete(x.Consumers, i, i+1)
	return true
}

// lessMember takes a client away that commits: one without a group, or a member; the
// last one takes its group along.
func (x *scene) lessMember(i int) bool {
	if i < x.Loners {
		x.Loners--
		return true
	}
	i -= x.Loners
	for j, g := range x.Groups {
		switch n := len(g.Members); {
		case i >= n:
			i -= n
		case n == 1:
			x.Groups = slices.Delete(x.Groups, j, j+1)
			return len(x.Groups) > 0 // plain takes the last one, with all that groups need
		default:
			x.Groups[j] = g.without(i)
			return true
		}
	}
	return false
}

func (x *scene) lessTopics(i int) bool { return smaller(&x.Topics, i, 1) }

func (x *scene) lessPartitions(i int) bool { return smaller(&x.Partitions, i, 1) }

// lessTime shortens the workload; what was to happen after its end does not, or all
// happens sooner.
func (x *scene) lessTime(i int) bool {
	ms := x.Length.Milliseconds()
	if i == 0 {
		for j, f := range x.plan {
			x.plan[j], _ = f.Sooner()
		}
		i = half
	}
	less := smaller(&ms, i-1, 50)
	x.Length = time.Duration(ms) * time.Millisecond
	return less
}

// mostBatches is more than a producer sends in any run.
const mostBatches = 4096

// lessBatches bounds what a producer sends.
func (x *scene) lessBatches(i int) bool {
	if len(x.Producers) == 0 {
		return false
	}
	p := &x.Producers[i%len(x.Producers)]
	was := *p
	if p.Most == 0 {
		p.Most = mostBatches
	}
	if !smaller(&p.Most, i/len(x.Producers), 1) {
		*p = was
	}
	return i < 3*len(x.Producers)
}

// half is 1 + the step of smaller that halves.
const half = 2

// smaller makes a number smaller: by three quarters, by a half, or by an eighth.
func smaller[T int | int32 | int64](n *T, i int, least T) bool {
	if *n <= least || i >= 3 {
		return false
	}
	*n = max(least, *n-max(1, []T{*n / 4 * 3, *n / 2, *n / 8}[i]))
	return true
}
