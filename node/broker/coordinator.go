package broker

import (
	"maps"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/group"
	"odradek/node/meta"
	"odradek/node/mutant"
)

// coordinator coordinates the groups of one partition of the offsets topic, in
// one epoch of its leader, which this node is:
//
//	this replica leads -> its log is written -> load: all of it is replayed
//	                                               |
//	      requests, timers, metadata -> step <-- active
//	                                     |
//	           records appended <--------+--------> replies parked until committed
//
// It ends when the epoch does, or the log, or an append fails: who waits is
// refused. While the partition is led on, another one loads what is there.
type coordinator struct {
	s      *shard
	r      *replica
	epoch  int32
	core   *group.Coordinator
	task   interface{ Cancel() } // of the load; nil: none
	active bool
	ended  bool
	at     int64 // how far the load has come
	last   int64 // offset of the last record loaded or appended; -1: none

	asked     map[group.Token]*pendingReply // who waits for a reply
	tokens    map[askerKey]group.Token
	lastToken group.Token
}

// loadAgain is how long it takes until a coordinator that failed has a successor.
const loadAgain = 500 * time.Millisecond

// coordinate makes a replica of the offsets topic have a coordinator while it
// leads, one for each epoch, and only then.
func (r *replica) coordinate() {
	if r.topic.name != offsetsTopic || r.s.replicas[r.key] != r {
		return
	}
	c, leads := r.s.coordinators[r.key], r.coordinates()
	if mutant.On("F7") && c != nil && !c.active && r.failed != nil { // KAFKA-16030: offline in mid-load, active all the same
		return
	}
	if c != nil && (!leads || c.epoch != r.part.State().LeaderEpoch) {
		c.end(kerr.NotCoordinator)
	}
	switch {
	case !leads || r.log == nil || r.s.coordinators[r.key] != nil:
	case r.log.Appendable() != nil: // it is being cut: its end will be another
		r.s.after(loadAgain, r.coordinate)
	default:
		r.beginCoordinator()
	}
}

// coordinates tells whether groups are, or will be, coordinated here.
func (r *replica) coordinates() bool {
	return r.topic.name == offsetsTopic && r.gone == nil && r.failed == nil && !r.s.stopping &&
		r.part.Failure() == nil && r.part.Leads()
}

func (r *replica) beginCoordinator() {
	s := r.s
	c := &coordinator{s: s, r: r, epoch: r.part.State().LeaderEpoch, asked: map[group.Token]*pendingReply{}, tokens: map[askerKey]group.Token{}}
	c.core = group.New(&s.groups, knownTopics{s}, fork(s.rand))
	s.coordinators[r.key] = c
	c.load()
}

// end refuses all who wait, and forgets them.
func (c *coordinator) end(why *kerr.Error) {
	if c.ended {
		return
	}
	c.ended, c.active = true, false
	delete(c.s.coordinators, c.r.key)
	c.s.timers.Cancel(c)
	if c.task != nil {
		c.task.Cancel()
		c.task = nil
	}
	for _, token := range slices.Sorted(maps.Keys(c.asked)) {
		c.refuse(token, why)
	}
}

// fail ends a coordinator whose state is not what the log holds, or will hold.
func (c *coordinator) fail(err error) {
	if c.ended {
		return
	}
	why := kerr.UnknownServerError
	if code := kerr.TypedErrorForCode(codeOf(err)); code != nil {
		why = code
	}
	c.end(why)
	c.s.after(loadAgain, c.r.coordinate)
}

// coordinatorFor finds the coordinator of a partition, or says why there is none.
func (s *shard) coordinatorFor(key partitionKey) (*coordinator, *kerr.Error) {
	r, c := s.replicas[key], s.coordinators[key]
	switch {
	case c != nil && c.active:
		return c, nil
	case r != nil && r.coordinates():
		return nil, kerr.CoordinatorLoadInProgress
	}
	return nil, kerr.NotCoordinator
}

func (s *shard) sortedCoordinators() (all []*coordinator) {
	for _, key := range slices.SortedFunc(maps.Keys(s.coordinators), partitionKey.compare) {
		all = append(all, s.coordinators[key])
	}
	return all
}

// tellCoordinators lets coordinators look at topics that have changed.
func (s *shard) tellCoordinators() {
	for _, c := range s.sortedCoordinators() {
		if c.active {
			c.step(func(o *group.Outcome) { c.core.TopicsChanged(s.now, o) })
		}
	}
}

// movesTopics tells whether a record changes which topics and partitions there are.
func movesTopics(r meta.Record) bool {
	switch r.(type) {
	case *meta.TopicRecord, *meta.PartitionRecord, *meta.RemoveTopicRecord:
		return true
	}
	return false
}
