package checker

import (
	"errors"
	"fmt"
	"maps"
	"math"
	"slices"

	"odradek/checker/edn"
)

// mops are the parts of an operation: micro-operations, in Jepsen's words.
//
//	[[:send 5 [0 9]] [:poll {11 [[537 641] [538 642]]}]]
type mops struct {
	count int
	sends []send
	polls []poll
	where []int32        // by partition: its place in polls, if that one is its own
	loose map[int32]bool // keys of which a rebalance was logged
}

// send is a record for a partition, by the index of that. Its offset is Unknown where
// it was not told.
type send struct {
	tp     int32
	offset int64
	value  Value
}

// poll is all that an operation got from a partition.
type poll struct {
	tp      int32
	records []Record
}

// work is an invocation or the end of something that sends or polls.
func (j *jepsen) work(p *jepsenProcess) error {
	if err := j.takeApart(); err != nil {
		return err
	}
	if j.op.kind == "invoke" {
		if p.busy { // it was never answered
			j.abandon(p)
		}
		p.busy, p.invoked = true, j.op.at
		p.sends = append(p.sends[:0], j.mops.sends...)
		return nil
	}
	if !p.busy {
		p.invoked = j.op.at
	}
	if !j.op.hasValue {
		j.mops.sends = append(j.mops.sends, p.sends...)
	}
	p.busy = false
	j.record(p)
	return nil
}

// abandon records what was sent before a process went on without an answer.
func (j *jepsen) abandon(p *jepsenProcess) {
	op, all := j.op, j.mops
	j.op, j.mops = jepsenOp{process: op.process, kind: "pending"}, mops{sends: p.sends}
	j.record(p)
	j.op, j.mops = op, all
}

func (j *jepsen) takeApart() error {
	m := &j.mops
	m.count, m.sends, m.polls, m.loose = 0, m.sends[:0], m.polls[:0], nil
	if !j.op.hasValue {
		return nil
	}
	for mop := range j.op.value.Items() {
		m.count++
		if err := j.mop(mop); err != nil {
			return err
		}
	}
	if !j.op.hasLog {
		return nil
	}
	return j.rebalanced()
}

var errMop = errors.New("what is done is neither [:send key value] nor [:poll {key [[offset value] ...]}]")

// mop takes one part apart.
func (j *jepsen) mop(mop edn.Value) error {
	var parts [3]edn.Value
	n := 0
	for part := range mop.Items() {
		if n < len(parts) {
			parts[n] = part
		}
		n++
	}
	switch {
	case n == 3 && parts[0].Is("send"):
		return j.send(parts[1], parts[2])
	case n == 1 && parts[0].Is("poll"):
		return nil
	case n > 1 && parts[0].Is("poll") && (parts[1].Kind() == edn.Map || parts[1].Kind() == edn.Nil):
		for key, records := range parts[1].Pairs() {
			if err := j.poll(key, records); err != nil {
				return err
			}
		}
		return nil
	}
	return errMop
}

// send takes [:send 11 641] or [:send 11 [537 641]].
func (j *jepsen) send(key, what edn.Value) error {
	tp, err := j.key(key)
	if err != nil {
		return err
	}
	s := send{tp: tp, offset: Unknown}
	if what.Kind() == edn.Vector {
		if s.offset, s.value, err = j.pair(key, what); err != nil {
			return err
		}
	} else if s.value, err = j.value(key, what); err != nil {
		return err
	}
	j.mops.sends = append(j.mops.sends, s)
	return nil
}

// poll takes {11 [[537 641] ...]}.
func (j *jepsen) poll(key, records edn.Value) error {
	tp, err := j.key(key)
	if err != nil {
		return err
	}
	to := j.mops.of(tp)
	for record := range records.Items() {
		offset, value, err := j.pair(key, record)
		if err != nil {
			return err
		}
		if offset == Unknown {
			return fmt.Errorf("%s was polled without an offset", j.h.textOf(value))
		}
		to.records = append(to.records, Record{offset, Unknown, value})
	}
	return nil
}

// of is where the records of a partition are gathered.
func (m *mops) of(tp int32) *poll {
	for int(tp) >= len(m.where) {
		m.where = append(m.where, 0)
	}
	if i := int(m.where[tp]); i < len(m.polls) && m.polls[i].tp == tp {
		return &m.polls[i]
	}
	m.where[tp] = int32(len(m.polls))
	if len(m.polls) < cap(m.polls) { // with what it held before, to be used again
		m.polls = m.polls[:len(m.polls)+1]
	} else {
		m.polls = append(m.polls, poll{})
	}
	p := &m.polls[len(m.polls)-1]
	p.tp, p.records = tp, p.records[:0]
	return p
}

// pair is [offset value]; the offset may be nil.
func (j *jepsen) pair(key, v edn.Value) (offset int64, value Value, err error) {
	n := 0
	offset = Unknown
	for part := range v.Items() {
		switch {
		case n == 0 && part.Kind() == edn.Int && part.Int() >= 0:
			offset = part.Int()
		case n == 0 && part.Kind() != edn.Nil:
			return 0, 0, fmt.Errorf("%q is no offset", part.Text())
		case n == 1:
			if value, err = j.value(key, part); err != nil {
				return 0, 0, err
			}
		}
		n++
	}
	if n != 2 {
		return 0, 0, errors.New("a record is [offset value]")
	}
	return offset, value, nil
}

// key is the partition that a key stands for, by its index in the history.
func (j *jepsen) key(key edn.Value) (int32, error) {
	switch n := key.Int(); {
	case key.Kind() == edn.Int && 0 <= n && n <= math.MaxInt32:
		return j.h.tps.id(TP{"key", int32(n)}), nil
	case key.Kind() == edn.Keyword || key.Kind() == edn.String || key.Kind() == edn.Symbol:
		return j.h.tps.id(TP{string(key.Text()), 0}), nil
	}
	return 0, fmt.Errorf("%v is no key", key.Kind())
}

// value names a value by itself and its key.
func (j *jepsen) value(key, v edn.Value) (Value, error) {
	if v.Kind() >= edn.List {
		return 0, fmt.Errorf("%v is no value", v.Kind())
	}
	j.name = append(j.name[:0], v.Text()...)
	j.name = append(append(j.name, '@'), key.Text()...)
	return j.h.textBytes(j.name), nil
}

// rebalanced notes the keys of [{:keys [11 12]} ...].
func (j *jepsen) rebalanced() error {
	j.mops.loose = map[int32]bool{}
	for event := range j.op.rebalances.Items() {
		for name, keys := range event.Pairs() {
			if !name.Is("keys") {
				continue
			}
			for key := range keys.Items() {
				tp, err := j.key(key)
				if err != nil {
					return err
				}
				j.mops.loose[tp] = true
			}
		}
	}
	return nil
}

var jepsenOutcomes = map[string]Outcome{"ok": OK, "fail": Fail, "info": Maybe, "pending": Pending}

// record adds what was sent and polled to the history.
func (j *jepsen) record(p *jepsenProcess) {
	m, outcome := &j.mops, jepsenOutcomes[j.op.kind]
	op := Op{Process: j.op.process, Invoke: p.invoked, Return: max(j.op.at, p.invoked), Outcome: outcome, Reason: j.op.reason,
		Producer: Unknown}
	if m.count > 1 || outcome != OK && m.tells() {
		j.txns++
		op.Txn = j.txns
		j.h.Add(Op{Kind: TxnOp, At: TP{"", -1}, Process: op.Process, Invoke: op.Invoke, Return: op.Return, Outcome: outcome, Reason: op.Reason, Producer: Unknown, Txn: op.Txn})
	}
	j.recordSends(op)
	j.recordPolls(op, p)
}

// tells holds if an operation told offsets: where it failed, these count less.
func (m *mops) tells() bool {
	return len(m.polls) > 0 || slices.ContainsFunc(m.sends, func(s send) bool { return s.offset != Unknown })
}

// recordSends adds a produce for each record. An offset is an acknowledgement, even
// if the operation failed later.
func (j *jepsen) recordSends(op Op) {
	op.Kind, op.Acks = ProduceOp, -1
	outcome := op.Outcome
	var one [1]Record
	for _, s := range j.mops.sends {
		op.Outcome = outcome
		if s.offset != Unknown && outcome == Maybe {
			op.Outcome = OK
		}
		one[0] = Record{Unknown, Unknown, s.value}
		op.At, op.Offset, op.Records = j.h.tps.list[s.tp], s.offset, one[:]
		j.h.Add(op)
	}
}

// recordPolls adds a fetch for each partition; where it was rebalanced meanwhile, for
// each record. What was polled was polled, whatever became of the operation.
func (j *jepsen) recordPolls(op Op, p *jepsenProcess) {
	committed := op.Outcome == OK
	op.Kind, op.Acks, op.Outcome, op.Reason = FetchOp, 0, OK, ""
	op.Offset, op.Answer, op.Extra = Unknown, Unknown, Unknown
	for _, poll := range j.mops.polls {
		loose := j.mops.loose[poll.tp]
		op.At = j.h.tps.list[poll.tp]
		op.Flags = ReadCommitted | flag(loose || p.subscribed || !p.known[poll.tp], Seek)
		step := len(poll.records)
		if loose {
			step = 1
		}
		for records := range slices.Chunk(poll.records, max(step, 1)) {
			op.Records = records
			j.h.Add(op)
		}
		if committed {
			p.known[poll.tp] = true
		}
	}
}

func sortedProcesses(procs map[int32]*jepsenProcess) []int32 { return slices.Sorted(maps.Keys(procs)) }

// textBytes is Text, without a copy of what is known.
func (h *History) textBytes(b []byte) Value {
	if i, ok := h.texts.index[string(b)]; ok {
		return textBit | Value(i)
	}
	return h.Text(string(b))
}
