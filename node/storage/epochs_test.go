package storage

import (
	"errors"
	"slices"
	"testing"

	"pgregory.net/rapid"
)

// epochsOf assigns pairs of epoch and start.
func epochsOf(pairs ...int64) *Epochs {
	e := &Epochs{}
	for i := 0; i < len(pairs); i += 2 {
		e.Assign(int32(pairs[i]), pairs[i+1])
	}
	return e
}

func (e *Epochs) is(pairs ...int64) bool { return slices.Equal(e.list, epochsOf(pairs...).list) }

func TestAnEpochIsAssignedOnce(t *testing.T) {
	e := &Epochs{}
	for _, c := range []struct {
		epoch   int32
		start   int64
		changed bool
	}{{-1, 0, false}, {0, -1, false}, {0, 0, true}, {0, 5, false}, {2, 5, true}, {2, 5, false}, {2, 9, false}, {3, 5, true}} {
		if got := e.Assign(c.epoch, c.start); got != c.changed {
			t.Errorf("epoch %d at %d: changed %v", c.epoch, c.start, got)
		}
	}
	if !e.is(0, 0, 3, 5) || e.Latest() != 3 { // of epoch 2 there is no record
		t.Errorf("%+v", e.list)
	}
}

func TestAnAssignmentDropsWhatItContradicts(t *testing.T) {
	e := epochsOf(1, 0, 4, 10, 6, 20)
	if !e.Assign(5, 15) || !e.is(1, 0, 4, 10, 5, 15) {
		t.Errorf("%+v", e.list)
	}
	if !e.Assign(5, 12) || !e.is(1, 0, 4, 10, 5, 12) {
		t.Errorf("%+v", e.list)
	}
	if !e.Assign(7, 3) || !e.is(1, 0, 7, 3) {
		t.Errorf("%+v", e.list)
	}
}

func TestWhereAnEpochEnds(t *testing.T) {
	e := epochsOf(2, 10, 4, 20, 5, 30)
	for _, c := range []struct {
		asked, found int32
		end          int64
	}{
		{NoEpoch, NoEpoch, NoEpoch}, {-7, -7, 10}, {0, 0, 10}, {1, 1, 10},
		{2, 2, 20}, {3, 2, 20}, {4, 4, 30}, {5, 5, 99}, {6, NoEpoch, NoEpoch},
	} {
		if found, end := e.EndOffset(c.asked, 99); found != c.found || end != c.end {
			t.Errorf("epoch %d: %d to %d, want %d to %d", c.asked, found, end, c.found, c.end)
		}
	}
	for _, asked := range []int32{-7, NoEpoch, 0, 3} {
		if found, end := (&Epochs{}).EndOffset(asked, 99); found != NoEpoch || end != NoEpoch {
			t.Errorf("nothing known, epoch %d: %d to %d", asked, found, end)
		}
	}
}

func TestWhichEpochAnOffsetIsOf(t *testing.T) {
	e := epochsOf(2, 10, 4, 20)
	for offset, want := range map[int64]int32{9: NoEpoch, 10: 2, 19: 2, 20: 4, 1000: 4} {
		if got := e.EpochAt(offset); got != want {
			t.Errorf("offset %d: %d, want %d", offset, got, want)
		}
	}
}

func TestTruncatingEpochsFromTheEndDropsThoseWithoutRecords(t *testing.T) {
	e := epochsOf(2, 10, 4, 20, 5, 30)
	if e.TruncateFromEnd(31) || !e.TruncateFromEnd(20) || !e.is(2, 10) || !e.TruncateFromEnd(0) || e.Latest() != NoEpoch {
		t.Errorf("%+v", e.list)
	}
}

func TestTruncatingEpochsFromTheStartKeepsTheOneThatIsThere(t *testing.T) {
	e := epochsOf(2, 10, 4, 20, 5, 30)
	if e.TruncateFromStart(10) || !e.TruncateFromStart(15) || !e.is(2, 15, 4, 20, 5, 30) {
		t.Errorf("%+v", e.list)
	}
	if !e.TruncateFromStart(20) || !e.is(4, 20, 5, 30) || !e.TruncateFromStart(70) || !e.is(5, 70) {
		t.Errorf("%+v", e.list)
	}
}

func TestTheEpochCheckpointIsKafkasText(t *testing.T) {
	text := "0\n2\n0 0\n7 1234567890123\n"
	e, err := ParseEpochs([]byte(text))
	if err != nil || !e.is(0, 0, 7, 1234567890123) || string(e.Encode()) != text {
		t.Fatalf("%v %+v", err, e)
	}
}

func TestADamagedEpochCheckpointIsSeen(t *testing.T) {
	for _, text := range []string{
		"", "0", "0\n", "1\n0\n", "0\n1\n", "0\n1\n0\n", "0\n1\n0 x\n", "0\n1\nx 0\n", "0\n1\n0 0 0\n", "0\n2\n0 0\n",
		"0\n1\n-1 0\n", "0\n1\n0 -1\n", "0\n2\n1 0\n1 5\n", "0\n2\n1 5\n2 5\n", "0\n2\n1 5\n2 4\n", "0\n1\n2147483648 0\n",
		"\x00\x00\x00\x00",
	} {
		if e, err := ParseEpochs([]byte(text)); !errors.Is(err, errEpochs) {
			t.Errorf("%q: %v %+v", text, err, e)
		}
	}
}

// epochPerOffset is the naive way: the epoch of each record, one by one.
type epochPerOffset struct {
	of    []int32 // by offset, from 0
	start int64
}

func (m *epochPerOffset) at(offset int64) int32 {
	if offset < m.start {
		return NoEpoch
	}
	return m.of[offset]
}

// end looks for the first record of a later epoch.
func (m *epochPerOffset) end(epoch int32) (int32, int64) {
	found := int32(NoEpoch)
	for offset := m.start; offset < int64(len(m.of)); offset++ {
		switch at := m.of[offset]; {
		case at > epoch && found == NoEpoch:
			return epoch, offset
		case at > epoch:
			return found, offset
		default:
			found = at
		}
	}
	if found == epoch {
		return found, int64(len(m.of))
	}
	return NoEpoch, NoEpoch
}

func TestEpochsAgreeWithCountingRecords(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m, e, epoch := &epochPerOffset{}, &Epochs{}, int32(0)
		end := func() int64 { return int64(len(m.of)) }
		t.Repeat(map[string]func(*rapid.T){
			"append": func(t *rapid.T) {
				for range rapid.IntRange(1, 3).Draw(t, "records") {
					e.Assign(epoch, end())
					m.of = append(m.of, epoch)
				}
			},
			"lead": func(t *rapid.T) { epoch += rapid.Int32Range(1, 2).Draw(t, "more") },
			"cut": func(t *rapid.T) {
				to := rapid.Int64Range(m.start, end()).Draw(t, "to")
				m.of = m.of[:to]
				e.TruncateFromEnd(to)
			},
			"retain": func(t *rapid.T) {
				if m.start < end() { // the records of the last epoch are never all gone
					m.start = rapid.Int64Range(m.start, end()-1).Draw(t, "from")
					e.TruncateFromStart(m.start)
				}
			},
			"restart": func(t *rapid.T) {
				var err error
				if e, err = ParseEpochs(e.Encode()); err != nil {
					t.Fatal(err)
				}
			},
			"": func(t *rapid.T) {
				for offset := m.start; offset < end(); offset++ {
					if got := e.EpochAt(offset); got != m.at(offset) {
						t.Fatalf("offset %d: %d, want %d", offset, got, m.at(offset))
					}
				}
				for asked := range epoch + 2 {
					found, to := e.EndOffset(asked, end())
					if wantFound, want := m.end(asked); found != wantFound || to != want {
						t.Fatalf("epoch %d: %d to %d, want %d to %d of %v", asked, found, to, wantFound, want, m.of)
					}
				}
			},
		})
	})
}

func FuzzParseEpochs(f *testing.F) {
	f.Add([]byte("0\n2\n0 0\n7 12345\n"))
	f.Add([]byte("0\n0\n"))
	f.Fuzz(func(t *testing.T, text []byte) {
		e, err := ParseEpochs(text)
		if err != nil {
			return
		}
		again, err := ParseEpochs(e.Encode())
		if err != nil || !slices.Equal(e.list, again.list) {
			t.Fatalf("%v: %+v, %+v", err, e.list, again)
		}
	})
}
