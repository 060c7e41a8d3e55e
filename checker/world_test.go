package checker

import (
	"cmp"
	"math/rand/v2"
	"slices"
)

// world is a log that does what it should, or one thing that it should not,
// and clients that use it: each at its own pace, each operation taking effect
// at one moment between its question and its answer.
type world struct {
	rng    *rand.Rand
	steps  []*worldStep
	log    []worldRecord
	lags   bool    // fetches may be told an old end
	older  []int64 // the ends that there were
	start  int64
	next   Value
	plant  plant
	victim int // how many operations of the fitting kind come before the one to spoil
	done   bool
}

type worldRecord struct {
	value Value
	time  int64
}

// plant is what the world does wrong, once.
type plant int

const (
	nothing plant = iota
	dropAcked
	appendTwice
	swapRead
	shiftOffset
	resurrectFailed
	readPastHighWatermark
	oldEnd
	cutTail
	skipRecord
	strangeRecord
	tornEnd
	plants
)

var plantNames = [...]string{"nothing", "drop an acknowledged batch", "append twice", "swap two records read", "shift an offset",
	"resurrect a failed batch", "read past the high watermark", "tell an old end", "cut the tail", "skip a record", "a record of nobody", "an end inside a batch"}

type worldStep struct {
	Op
	point  int64
	effect bool // a produce of unknown outcome that happens
	silent bool // a batch sent again by itself: no operation
	client *worldClient
	limit  int
}

// worldClient reads on where it stopped.
type worldClient struct {
	process  int32
	at       int64
	seek     bool
	producer int64 // Unknown without idempotence
	pipe     bool  // it sends without waiting, and does nothing else
	point    int64 // when the last batch in the pipe took effect
	retry    []Record
}

type worldSize struct {
	clients, ops, batch int
	maybes, trims       bool
	pipes, resends      bool
	lags                bool
}

var worldTP = TP{"t", 0}

func newWorld(rng *rand.Rand, size worldSize, wrong plant) *world {
	w := &world{rng: rng, plant: wrong, lags: size.lags, victim: rng.IntN(max(1, size.ops/3))}
	for i := range size.clients {
		c := &worldClient{process: int32(i), seek: true, producer: Unknown}
		if c.pipe = size.pipes && i%2 == 0; c.pipe && i%4 == 0 {
			c.producer = int64(i)
		}
		w.live(c, size)
	}
	slices.SortStableFunc(w.steps, func(a, b *worldStep) int { return cmp.Compare(a.point, b.point) })
	return w
}

// live makes all steps of a client.
func (w *world) live(c *worldClient, size worldSize) {
	at := w.rng.Int64N(20)
	for range size.ops / size.clients {
		s := w.step(c, size, at)
		w.steps = append(w.steps, s)
		if s.Flags&Resends != 0 && s.Outcome != Fail && w.rng.IntN(3) == 0 {
			again := *s
			again.point, again.silent = s.point+w.rng.Int64N(200), true
			w.steps = append(w.steps, &again)
		}
		if at = s.Return + w.rng.Int64N(20); c.pipe {
			at = s.Invoke + w.rng.Int64N(10)
		}
	}
}

func (w *world) step(c *worldClient, size worldSize, at int64) *worldStep {
	s := &worldStep{client: c}
	s.Process, s.At, s.Invoke, s.Outcome, s.Producer = c.process, worldTP, at, OK, Unknown
	s.point = at + w.rng.Int64N(30)
	switch k := w.rng.IntN(20); {
	case k < 9 || c.pipe:
		w.produce(s, size)
	case k < 17:
		s.Kind, s.limit = FetchOp, 1+w.rng.IntN(8)
	case k < 19 || !size.trims:
		s.Kind, s.Answer = ListOp, []int64{Latest, Earliest, MaxTimestamp, w.rng.Int64N(100)}[w.rng.IntN(4)]
	default:
		s.Kind = TrimOp
	}
	if c.pipe {
		s.point = max(s.point, c.point+1)
		c.point = s.point
	}
	s.Return = s.point + w.rng.Int64N(30)
	if s.Outcome == Maybe && c.producer == Unknown {
		s.point += w.rng.Int64N(200) // it may arrive late, by an old connection
	}
	return s
}

func (w *world) produce(s *worldStep, size worldSize) {
	s.Kind, s.Producer, s.Acks, s.effect = ProduceOp, s.client.producer, -1, true
	s.Records, s.client.retry = s.client.retry, nil
	for n := 1 + w.rng.IntN(size.batch); len(s.Records) < n; {
		w.next++
		s.Records = append(s.Records, Record{Unknown, w.rng.Int64N(100), w.next})
	}
	if size.resends && s.Producer == Unknown {
		s.Flags = flag(w.rng.IntN(2) == 0, Resends)
	}
	switch k := w.rng.IntN(10); {
	case k == 0:
		s.Outcome, s.effect = Fail, false
	case k == 1 && size.maybes:
		s.Outcome, s.effect = Maybe, w.rng.IntN(2) == 0
		if w.rng.IntN(3) == 0 && s.Producer == Unknown {
			s.client.retry = slices.Clone(s.Records)
		}
	case k == 2 && size.maybes && s.Producer == Unknown:
		s.Acks = 0
		s.effect = w.rng.IntN(3) > 0
	}
}

func (w *world) end() int64 { return w.start + int64(len(w.log)) }

// run lets everything take effect and adds a reading of all that is left.
func (w *world) run() *History {
	for _, s := range w.steps {
		w.older = append(w.older, w.end())
		w.perform(s)
	}
	last := int64(0)
	for _, s := range w.steps {
		last = max(last, s.Return, s.point)
	}
	slices.SortStableFunc(w.steps, func(a, b *worldStep) int { return cmp.Compare(a.Invoke, b.Invoke) })
	h := NewHistory()
	for _, s := range w.steps {
		if !s.silent {
			h.Add(s.Op)
		}
	}
	h.Mark(last+1, FinalRead, "")
	for at, done := w.start, false; !done; done = at >= w.end() {
		op := Op{Kind: FetchOp, Outcome: OK, Process: 99, At: worldTP, Invoke: last + 2, Return: last + 3, Offset: at, Answer: w.end(),
			Extra: w.start, Producer: Unknown, Flags: flag(at == w.start, Seek)}
		for ; at < w.end() && len(op.Records) < 7; at++ {
			op.Records = append(op.Records, w.record(at))
		}
		h.Add(op)
		last += 3
	}
	return h
}

func (w *world) record(at int64) Record {
	r := w.log[at-w.start]
	return Record{at, r.time, r.value}
}

// spoil tells that here is the place to do the wrong thing.
func (w *world) spoil(p plant, fits bool) bool {
	if w.plant != p || w.done || !fits {
		return false
	}
	if w.victim--; w.victim > 0 {
		return false
	}
	w.done = true
	return true
}

func (w *world) perform(s *worldStep) {
	if w.spoil(cutTail, len(w.log) > 0) {
		w.log = w.log[:len(w.log)-1]
	}
	switch s.Kind {
	case ProduceOp:
		w.appendBatch(s)
	case FetchOp:
		w.read(s)
	case ListOp:
		w.list(s)
	case TrimOp:
		w.trim(s)
	}
}

func (w *world) appendBatch(s *worldStep) {
	s.Offset = Unknown
	acked := s.Outcome == OK && s.Acks != 0 && !s.silent
	if acked {
		s.Offset = w.end()
	}
	if w.spoil(dropAcked, acked) {
		return
	}
	if w.spoil(shiftOffset, acked) {
		s.Offset += int64(1 + w.rng.IntN(2))
	}
	times := btoi(s.effect) + btoi(w.spoil(appendTwice, s.effect)) + btoi(w.spoil(resurrectFailed, s.Outcome == Fail))
	for range times {
		for _, r := range s.Records {
			w.log = append(w.log, worldRecord{r.Value, r.Timestamp})
		}
	}
}

func (w *world) read(s *worldStep) {
	c := s.client
	if c.at < w.start || w.rng.IntN(10) == 0 {
		c.at, c.seek = w.start+w.rng.Int64N(int64(len(w.log))+1), true
	}
	s.Offset, s.Answer, s.Extra = c.at, w.end(), w.start
	s.Flags = flag(c.seek, Seek)
	c.seek = false
	end := w.end()
	if early := w.oldestEnd(s); w.spoil(oldEnd, early < end && early >= c.at) {
		end, s.Answer = early, early
	}
	if old := w.older[w.rng.IntN(len(w.older))]; w.lags && old >= c.at {
		end, s.Answer = old, old
	}
	for ; c.at < end && len(s.Records) < s.limit; c.at++ {
		s.Records = append(s.Records, w.record(c.at))
	}
	w.spoilRead(s)
}

// oldestEnd is an end that was the past before the reading began.
func (w *world) oldestEnd(s *worldStep) int64 {
	known := int64(0)
	for _, other := range w.steps {
		if other.Kind == ProduceOp && other.Outcome == OK && other.Acks != 0 && other.point <= s.point && other.Return < s.Invoke {
			known = max(known, other.Offset)
		}
	}
	return known
}

func (w *world) spoilRead(s *worldStep) {
	n := len(s.Records)
	switch {
	case w.spoil(swapRead, n > 1):
		s.Records[0].Value, s.Records[1].Value = s.Records[1].Value, s.Records[0].Value
	case w.spoil(readPastHighWatermark, n > 0):
		s.Answer = s.Records[n-1].Offset
	case w.spoil(skipRecord, n > 2):
		s.Records = slices.Delete(s.Records, 1, 2)
	case w.spoil(strangeRecord, n > 0):
		s.Records[n-1].Value = 1 << 40
	case w.spoil(tornEnd, n > 0 && w.inside(s.Records[n-1].Offset+1)):
		s.Answer = s.Records[n-1].Offset + 1
	}
}

// inside tells whether an offset is inside a batch of the log.
func (w *world) inside(at int64) bool {
	for _, s := range w.steps {
		for i, r := range s.Records {
			if s.Kind == ProduceOp && i > 0 && at < w.end() && w.record(at).Value == r.Value {
				return true
			}
		}
	}
	return false
}

func (w *world) list(s *worldStep) {
	spec := s.Answer
	s.Offset, s.Extra = Unknown, Unknown
	switch spec {
	case Latest:
		s.Offset = w.end()
	case Earliest:
		s.Offset = w.start
	case MaxTimestamp:
		for i, r := range w.log {
			if r.time > s.Extra {
				s.Offset, s.Extra = w.start+int64(i), r.time
			}
		}
	default:
		if i := slices.IndexFunc(w.log, func(r worldRecord) bool { return r.time >= spec }); i >= 0 {
			s.Offset, s.Extra = w.start+int64(i), w.log[i].time
		}
	}
}

func (w *world) trim(s *worldStep) {
	to := w.start + w.rng.Int64N(int64(len(w.log))+1)
	w.log = w.log[to-w.start:]
	w.start = to
	s.Offset, s.Answer = to, to
}
