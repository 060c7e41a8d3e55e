package checker

import (
	"errors"
	"fmt"
	"io"

	"odradek/checker/edn"
)

// ReadJepsen reads a history of Jepsen's workload for Kafka (jepsen.tests.kafka, which
// Maelstrom uses, too): maps, one after another or in one vector.
//
//	{:type :invoke, :f :send, :value [[:send 11 641]], :time 28015, :process 379}
//	{:type :ok, :f :send, :value [[:send 11 [537 641]]], :time 28016, :process 379}
//	{:type :invoke, :f :txn, :value [[:poll] [:send 5 9]], :time 28017, :process 2}
//	{:type :ok, :f :txn, :value [[:poll {11 [[537 641]]}] [:send 5 [0 9]]], :time 28018, :process 2}
//
// Key 11 is the partition key-11, and the value 641 sent to it is named 641@11, since
// values are unique within their key. An operation of several sends and polls is a
// transaction. All that is polled in an operation from one key is one fetch. Operations
// whose process is no number (the nemesis) are left out; so are :crash,
// :debug-topic-partitions and whatever else is neither sent nor polled. After :assign and
// :subscribe a consumer goes on, in what it had, where it was; while it is subscribed,
// and where a rebalance was logged, it may go anywhere.
//
// If anybody seeks to the beginning, as in the workload's last phase, the history is
// marked FinalRead from its beginning on: as in Jepsen, all that was acknowledged has
// to be polled at any time.
func ReadJepsen(in io.Reader) (*History, error) {
	j := jepsen{h: NewHistory(), procs: map[int32]*jepsenProcess{}}
	r := edn.NewReader(in)
	for {
		form, err := r.Next()
		if err == io.EOF {
			break
		}
		if err != nil {
			return nil, err
		}
		if err := j.take(form); err != nil {
			return nil, fmt.Errorf("line %d: %w", r.Line(), err)
		}
	}
	j.finish()
	return j.h, nil
}

// JepsenOptions are what a history of ReadJepsen is checked with: its logs have
// transaction markers, and what Kafka's transactions allow is allowed.
func JepsenOptions() Options {
	return Options{Markers: func(string) bool { return true }, Allow: AllowedByKafka()}
}

// AllowedByKafka are the anomalies that Kafka's transactions do not exclude, in words
// in the README.
func AllowedByKafka() []string { return []string{"int-send-skip", "G0", "G1c-ww", "G-single", "G2"} }

// jepsen turns forms into operations.
type jepsen struct {
	h     *History
	procs map[int32]*jepsenProcess
	last  int64 // time
	first int64
	txns  int64
	final bool // somebody sought to the beginning
	some  bool // there was an operation

	op   jepsenOp
	mops mops
	name []byte
}

// jepsenProcess is a client: what it does now, and where its consumer is.
type jepsenProcess struct {
	busy       bool
	invoked    int64
	sends      []send // of the invocation
	known      map[int32]bool
	subscribed bool
}

// jepsenOp is a form, taken apart.
type jepsenOp struct {
	kind, f     string
	process     int32
	at          int64
	value       edn.Value
	rebalances  edn.Value
	reason      string
	toBeginning bool
	hasValue    bool
	hasProcess  bool
	hasLog      bool
	ours        bool
}

var errNoMap = errors.New("an operation is a map")

func (j *jepsen) take(form edn.Value) error {
	if form.Kind() != edn.Map {
		return errNoMap
	}
	if err := j.parse(form); err != nil || !j.op.ours {
		return err
	}
	if !j.some {
		j.some, j.first = true, j.op.at
	}
	p := j.procs[j.op.process]
	if p == nil {
		p = &jepsenProcess{known: map[int32]bool{}}
		j.procs[j.op.process] = p
	}
	switch j.op.f {
	case "send", "poll", "txn":
		return j.work(p)
	case "assign", "subscribe":
		return j.assign(p)
	}
	return nil
}

// parse takes a form apart. Times are nanoseconds; where there are none, operations
// are counted.
func (j *jepsen) parse(form edn.Value) error {
	op := &j.op
	*op = jepsenOp{at: j.last + 1}
	for key, value := range form.Pairs() {
		if key.Kind() != edn.Keyword {
			continue
		}
		switch string(key.Text()) {
		case "type":
			op.kind = word(value, types)
		case "f":
			op.f = word(value, functions)
		case "process":
			op.hasProcess, op.ours = true, value.Kind() == edn.Int
			op.process = int32(value.Int())
			if int64(op.process) != value.Int() {
				return fmt.Errorf("process %d", value.Int())
			}
		case "time":
			if value.Kind() == edn.Int {
				op.at = value.Int()
			}
		case "value":
			op.value, op.hasValue = value, value.Kind() == edn.Vector || value.Kind() == edn.List
		case "rebalance-log":
			op.rebalances, op.hasLog = value, true
		case "seek-to-beginning?":
			op.toBeginning = value.Kind() == edn.Bool && value.Int() == 1
		case "error":
			op.reason = reasonOf(value)
		}
	}
	switch {
	case !op.hasProcess:
		return errors.New("it has no :process")
	case op.ours && op.kind == "":
		return errors.New("its :type is none of :invoke, :ok, :fail and :info")
	}
	j.last = op.at
	return nil
}

var (
	types     = []string{"invoke", "ok", "fail", "info"}
	functions = []string{"send", "poll", "txn", "assign", "subscribe"}
)

// word is the one of these that a keyword is, or "".
func word(v edn.Value, these []string) string {
	for _, w := range these {
		if v.Is(w) {
			return w
		}
	}
	return ""
}

// reasonOf is the first word of an error: the rest may differ every time.
func reasonOf(v edn.Value) string {
	for item := range v.Items() {
		return reasonOf(item)
	}
	return string(v.Text())
}

// assign is a change of what a consumer reads.
func (j *jepsen) assign(p *jepsenProcess) error {
	if j.op.kind == "invoke" || j.op.kind == "fail" {
		return nil
	}
	keep := map[int32]bool{}
	if j.op.hasValue && !j.op.toBeginning {
		for key := range j.op.value.Items() {
			tp, err := j.key(key)
			if err != nil {
				return err
			}
			keep[tp] = p.known[tp]
		}
	}
	j.final = j.final || j.op.toBeginning
	p.known, p.subscribed = keep, j.op.f == "subscribe"
	return nil
}

// finish adds what was sent and never answered.
func (j *jepsen) finish() {
	for _, process := range sortedProcesses(j.procs) {
		if p := j.procs[process]; p.busy {
			j.op.process = process
			j.abandon(p)
		}
	}
	if j.final {
		j.h.Mark(j.first, FinalRead, "what was acknowledged has to be polled at any time")
	}
}
