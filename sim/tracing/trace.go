package tracing

import "time"

// Trace is what became of one partition in one run. Replicas are counted from 1, log
// positions in batches.
type Trace struct {
	Seed      uint64
	Partition string // name of its directory
	Brokers   []int32
	MinISR    int
	Up        []int // when the partition was made
	Active    []int
	First     Entry
	Lines     []Line
	Cut       string // why the trace ends before the run does; "": it does not
}

// Line is one step: its actions, in order, and what is different after it.
type Line struct {
	At    time.Duration
	Acts  []Act
	After []Change
}

// Act is an action of the specification.
type Act struct {
	Name    string
	Replica int   // whose it is; 0: the controller's
	Args    []int // as the specification has them, after the replica; -1: Nil
	Set     []int // the replicas that Fence and Shrink name
}

// Entry is meta.Partition. 0: nobody.
type Entry struct {
	Leader, LeaderEpoch, Last int
	ISR, ELR                  []int
}

// Batch is one element of a log.
type Batch struct{ Epoch, Value int }

// Change is a variable, of one replica or of all, that has another value.
type Change struct {
	Var     string // log durable hw applied pending up active brokerEpoch metalog view
	Replica int
	N       int     // the new value; of log: how many batches stay. pending: who joins, 0: nobody, -1: there is none
	Batches []Batch // of log: behind those
	Set     []int   // of up and active
	Entry   Entry   // of metalog: the new last one; of view: what the replica acts on
}

// Actions counts the actions of a trace by their names.
func (t *Trace) Actions(into map[string]int) {
	for _, l := range t.Lines {
		for _, a := range l.Acts {
			into[a.Name]++
		}
	}
}
