package tracing

import (
	"reflect"
	"testing"

	"odradek/faults"
	"odradek/node/env"
	"odradek/node/meta"
	"odradek/sim"
)

// at is a batch of one record at an offset.
func at(crc uint32, offset int64, epoch int32) batch {
	return batch{ident{crc, offset, offset + 1}, epoch}
}

// two is a partition of two replicas with these lines.
func two(lines ...*line) Trace {
	p := &part{name: "t-0", brokers: []int32{1, 2}, lines: lines}
	return p.finish(1, 1)
}

// writes is a line in which a replica that leads in epoch 3 writes batches.
func writes(replica int, batches ...batch) *line {
	sp := &span{epoch: 3, leader: replica, batches: batches}
	return &line{acts: []act{{name: "Write", replica: replica, span: sp}}, after: []change{{name: "log", replica: replica, span: sp}}}
}

func fetches(replica int, batches ...batch) *line {
	sp := &span{epoch: 3, leader: 1, batches: batches}
	return &line{acts: []act{{name: "Fetch", replica: replica, span: sp}}, after: []change{{name: "log", replica: replica, span: sp}}}
}

func TestABatchHasTheSameValueWhereverItLies(t *testing.T) {
	got := two(writes(1, at(7, 0, 3), at(8, 1, 3)), fetches(2, at(7, 0, 3), at(8, 1, 3)))
	want := []Batch{{3, 1}, {3, 2}}
	for i, l := range got.Lines {
		if !reflect.DeepEqual(l.After[0].Batches, want) {
			t.Errorf("line %d: %v", i, l.After[0].Batches)
		}
	}
	if acts := got.Lines[0].Acts; len(acts) != 2 || acts[1].Args[0] != 2 {
		t.Errorf("two batches are written by %v", acts)
	}
}

func TestABatchThatAClientWritesOnceMoreIsAnotherOne(t *testing.T) {
	again := writes(2, at(7, 0, 4))
	got := two(writes(1, at(7, 0, 3)), again, fetches(1, at(7, 0, 3)))
	if b := got.Lines[2].After[0].Batches; len(b) != 1 || b[0] != (Batch{3, 1}) {
		t.Errorf("%v", b)
	}
}

func TestABatchThatNoLeaderWroteHasAValueOfItsOwn(t *testing.T) {
	got := two(writes(1, at(7, 0, 3)), fetches(2, at(9, 0, 3)))
	if b := got.Lines[1].After[0].Batches; len(b) != 1 || b[0].Value < elsewhere {
		t.Errorf("%v", b)
	}
}

func TestWhatAFollowerNeverWroteIsWhatItsLeaderHadThere(t *testing.T) {
	got := two(writes(1, at(7, 0, 3), at(8, 1, 3)), fetches(2, batch{ident{0, 0, 2}, -1}))
	if b := got.Lines[1].After[0].Batches; !reflect.DeepEqual(b, []Batch{{3, 1}, {3, 2}}) {
		t.Errorf("%v", b)
	}
}

// crashes is the end of a process that had all below acked durable, and of which the
// next one finds these batches.
func crashes(replica int, acked int64, found ...batch) *line {
	o := &opening{acked: acked, end: int64(len(found)), span: &span{batches: found}}
	return &line{acts: []act{{name: "Crash", replica: replica, opens: o}},
		after: []change{{name: "log", replica: replica, opens: o}, {name: "durable", replica: replica, opens: o}}}
}

func TestACrashLeavesWhatTheNextProcessFinds(t *testing.T) {
	got := two(writes(1, at(7, 0, 3), at(8, 1, 3), at(9, 2, 3)), crashes(1, 1, at(7, 0, 3), at(8, 1, 3)))
	l := got.Lines[1]
	if len(l.Acts) != 1 || l.Acts[0].Args[0] != 2 || l.After[0].N != 2 || l.After[1].N != 2 {
		t.Errorf("%+v", l)
	}
}

func TestACrashThatLeavesLessThanWasDurableIsALoss(t *testing.T) {
	got := two(writes(1, at(7, 0, 3), at(8, 1, 3), at(9, 2, 3)), crashes(1, 2, at(7, 0, 3)))
	l := got.Lines[1]
	if len(l.Acts) != 2 || l.Acts[0].Args[0] != 2 || l.Acts[1].Name != "LoseStorage" || l.Acts[1].Args[0] != 1 {
		t.Errorf("%+v", l.Acts)
	}
}

func TestAProcessThatOpenedNoLogLeavesItAsTheOneBefore(t *testing.T) {
	p := &part{brokers: []int32{1}, replicas: []*replica{{up: true, loaded: true, end: 3, acked: 2}}}
	x := p.replica(1)
	p.crashed(0, 1)
	x.loaded = false
	p.crashed(1, 1)
	x.opening.end, x.opening.span = 3, &span{batches: []batch{at(7, 0, 3), at(8, 1, 3), at(9, 2, 3)}}
	for i, l := range p.finish(1, 1).Lines {
		if len(l.Acts) != 1 || l.Acts[0].Args[0] != 3 {
			t.Errorf("line %d: %+v", i, l.Acts)
		}
	}
}

func TestWhatWasNotWrittenIsWhatAJournalHasOfIt(t *testing.T) {
	s := &span{batches: []batch{at(7, 0, 3), {ident{0, 1, 4}, -1}}}
	s.found(&span{batches: []batch{at(7, 0, 3), at(8, 1, 3), at(9, 2, 3)}})
	if want := []batch{at(7, 0, 3), at(8, 1, 3), at(9, 2, 3), {ident{0, 3, 4}, -1}}; !reflect.DeepEqual(s.batches, want) {
		t.Errorf("%v", s.batches)
	}
}

func TestStorageThatIsGoneIsLostOnce(t *testing.T) {
	p := &part{brokers: []int32{1}, replicas: []*replica{{end: 3, acked: 3}}}
	p.losesStorage(0, 1, env.UUID{1})
	p.losesStorage(1, 1, env.UUID{2})
	if len(p.lines) != 1 {
		t.Errorf("%d lines", len(p.lines))
	}
	if !p.bereft(1, &meta.Broker{Incarnation: env.UUID{1}}) || p.bereft(1, &meta.Broker{Incarnation: env.UUID{2}}) {
		t.Errorf("the first process had it, the second not")
	}
}

func TestAProcessMaySayItselfThatStorageWasLost(t *testing.T) {
	l := crashes(1, 1, at(7, 0, 3))
	l.acts[0].opens.lost = true
	acts := two(writes(1, at(7, 0, 3)), l).Lines[1].Acts
	if len(acts) != 2 || acts[1].Name != "LoseStorage" || acts[1].Args[0] != 1 {
		t.Errorf("%+v", acts)
	}
}

func TestWhatIsAppendedAfterACutLeavesOthersWhatTheyHad(t *testing.T) {
	cut := &line{acts: []act{{name: "Truncate", replica: 1, n: 1}}, after: []change{{name: "log", replica: 1}}}
	got := two(writes(1, at(7, 0, 3), at(8, 1, 3)), cut, writes(1, at(9, 1, 4)), fetches(2, at(7, 0, 3), at(8, 1, 3)))
	if b := got.Lines[3].After[0].Batches; !reflect.DeepEqual(b, []Batch{{3, 1}, {3, 2}}) {
		t.Errorf("%v", b)
	}
}

func TestAPlainRunHasNoFaultsOfDisksThatFail(t *testing.T) {
	plan := faults.Plan{{Kind: faults.EIOSync}, {Kind: faults.PowerCut}, {Kind: faults.DiskFull}, {Kind: faults.FlipIndex}}
	if got := PlainPlan(plan); len(got) != 1 || got[0].Kind != faults.PowerCut {
		t.Errorf("%v", got)
	}
	if PlainPlan(nil) == nil {
		t.Error("nil would have the run draw faults")
	}
	k := Plain(sim.Knobs{Retention: 1, Emptied: true})
	if k.Retention != 0 || k.Emptied || !k.Admin.Fixed {
		t.Errorf("%+v", k)
	}
}
