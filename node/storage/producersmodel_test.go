package storage

import (
	"bytes"
	"math"
	"testing"

	"pgregory.net/rapid"

	"odradek/node/record"
)

// lawful repeats, in its own words, what a log owes its idempotent producers: it
// keeps everything, and looks back five.
type lawful struct {
	t    *rapid.T
	p    *Producers
	log  []sent           // all that was taken
	mine map[int64][]sent // by producer, of its newest epoch
	now  int64
}

func (m *lawful) newest(id int64) (epoch int16, known bool) {
	if all := m.mine[id]; len(all) > 0 {
		return all[len(all)-1].epoch, true
	}
	return 0, false
}

func after(s sent) int32 { return int32((int64(s.first) + int64(s.count)) % (math.MaxInt32 + 1)) }

// draw makes what clients send: mostly what is next, often a retry, sometimes
// nonsense.
func (m *lawful) draw() sent {
	t := m.t
	s := sent{id: rapid.Int64Range(0, 2).Draw(t, "id"), count: rapid.Int32Range(1, 4).Draw(t, "count")}
	all := m.mine[s.id]
	s.first = rapid.OneOf(rapid.Int32Range(0, 6), rapid.Int32Range(math.MaxInt32-4, math.MaxInt32)).Draw(t, "first")
	s.epoch = rapid.Int16Range(0, 3).Draw(t, "epoch")
	if len(all) == 0 {
		return s
	}
	switch rapid.IntRange(0, 5).Draw(t, "way") {
	case 0, 1, 2:
		s.epoch, s.first = all[len(all)-1].epoch, after(all[len(all)-1])
	case 3, 4:
		old := all[len(all)-1-rapid.IntRange(0, min(len(all)-1, 6)).Draw(t, "back")]
		s.epoch, s.first, s.count = old.epoch, old.first, old.count
	}
	return s
}

// verdict is what has to be said to s.
func (m *lawful) verdict(s sent) (Verdict, string) {
	epoch, known := m.newest(s.id)
	switch {
	case !known:
		return Verdict{}, ""
	case s.epoch < epoch:
		return Verdict{}, fenced
	case s.epoch > epoch:
		return Verdict{}, gapUnless(s.first == 0)
	}
	all := m.mine[s.id]
	for _, old := range all[max(0, len(all)-5):] {
		if old.first == s.first && old.count == s.count {
			return Verdict{true, old.offset, old.offset + int64(old.count) - 1, old.time}, ""
		}
	}
	return Verdict{}, gapUnless(s.first == after(all[len(all)-1]))
}

func gapUnless(ok bool) string {
	if ok {
		return ""
	}
	return outOfOrder
}

func (m *lawful) produce(t *rapid.T) {
	m.t = t
	s := m.draw()
	m.now++
	s.time = m.now
	wantV, want := m.verdict(s)
	v, got := judged(t, m.p, s)
	if v != wantV || got != want {
		t.Fatalf("%+v after %+v: %+v %q, want %+v %q", s, m.mine[s.id], v, got, wantV, want)
	}
	if want == "" && !v.Duplicate {
		m.take(s)
	}
}

func (m *lawful) take(s sent) {
	if n := len(m.log); n > 0 {
		s.offset = m.log[n-1].offset + int64(m.log[n-1].count)
	}
	if epoch, known := m.newest(s.id); known && epoch != s.epoch {
		m.mine[s.id] = nil
	}
	m.log, m.mine[s.id] = append(m.log, s), append(m.mine[s.id], s)
	m.p.Update(s.batch(m.t))
}

// restart reads the state back from its snapshot.
func (m *lawful) restart(t *rapid.T) {
	snapshot := m.p.Encode(nil)
	p, err := DecodeProducers(snapshot)
	if err != nil {
		t.Fatal(err)
	}
	if again := p.Encode(nil); !bytes.Equal(snapshot, again) {
		t.Fatalf("%x\nread and written:\n%x", snapshot, again)
	}
	m.p = p
}

// recover derives the state from headers, from a snapshot in the middle on.
func (m *lawful) recover(t *rapid.T) {
	p, at := NewProducers(), rapid.IntRange(0, len(m.log)).Draw(t, "snapshot")
	for i, s := range m.log {
		if i == at {
			var err error
			if p, err = DecodeProducers(p.Encode(nil)); err != nil {
				t.Fatal(err)
			}
		}
		p.Update(s.batch(t)[:record.HeaderSize])
	}
	if a, b := m.p.Encode(nil), p.Encode(nil); !bytes.Equal(a, b) {
		t.Fatalf("%x\nbut recovered:\n%x", a, b)
	}
}

func TestProducersJudgeAsTheLawSaysAcrossRestarts(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := &lawful{p: NewProducers(), mine: map[int64][]sent{}}
		t.Repeat(map[string]func(*rapid.T){
			"produce": m.produce, "produce more": m.produce, "produce still more": m.produce,
			"restart": m.restart, "recover": m.recover,
		})
	})
}
