package storage

import (
	"errors"
	"math"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/record"
)

// tester is what *testing.T and *rapid.T have in common.
type tester interface {
	Helper()
	Fatal(args ...any)
	Fatalf(format string, args ...any)
}

// sent is a batch as an idempotent producer sends it: count records from first
// on, which the log puts at offset.
type sent struct {
	id     int64
	epoch  int16
	first  int32
	count  int32
	offset int64
	time   int64
}

func (s sent) batch(t tester) record.Batch {
	t.Helper()
	b := record.NewBuilder(nil)
	b.ProducerID, b.ProducerEpoch, b.BaseSequence, b.BaseOffset = s.id, s.epoch, s.first, s.offset
	for range s.count {
		b.Append(record.Record{Timestamp: s.time})
	}
	built, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return built
}

// appends puts batches of two records at offsets 0, 2, 4, ...
func appends(t tester, p *Producers, id int64, epoch int16, firsts ...int32) {
	t.Helper()
	for i, first := range firsts {
		p.Update(sent{id: id, epoch: epoch, first: first, count: 2, offset: int64(2 * i), time: int64(1000 + i)}.batch(t))
	}
}

const (
	outOfOrder = "OUT_OF_ORDER_SEQUENCE_NUMBER"
	fenced     = "INVALID_PRODUCER_EPOCH"
)

func judged(t tester, p *Producers, s sent) (Verdict, string) {
	t.Helper()
	v, err := p.Check(s.batch(t))
	if err == nil {
		return v, ""
	}
	var refusal *record.Refusal
	if !errors.As(err, &refusal) {
		t.Fatalf("%T: %v", err, err)
	}
	return v, kerr.TypedErrorForCode(refusal.Code).Message
}

func expect(t *testing.T, p *Producers, s sent, want string) {
	t.Helper()
	if v, got := judged(t, p, s); got != want || v.Duplicate {
		t.Errorf("%+v: %+v %q, want %q", s, v, got, want)
	}
}

func TestAnyOfTheLastFiveBatchesIsADuplicateAtItsOldOffset(t *testing.T) {
	p := NewProducers()
	appends(t, p, 7, 0, 0, 2, 4, 6, 8, 10)
	for i := int32(1); i <= 5; i++ {
		v, code := judged(t, p, sent{id: 7, first: 2 * i, count: 2})
		want := Verdict{true, int64(2 * i), int64(2*i + 1), int64(1000 + i)}
		if code != "" || v != want {
			t.Errorf("sequence %d: %+v %s, want %+v", 2*i, v, code, want)
		}
	}
	expect(t, p, sent{id: 7, first: 0, count: 2}, outOfOrder)
}

func TestAPartOfABatchAndMoreThanOneAreNoDuplicates(t *testing.T) {
	p := NewProducers()
	appends(t, p, 7, 0, 8, 10)
	for _, s := range []sent{{first: 10, count: 1}, {first: 11, count: 1}, {first: 10, count: 3}, {first: 8, count: 4}} {
		s.id = 7
		expect(t, p, s, outOfOrder)
	}
}

func TestAGapIsRefusedAndTheNextSequenceIsTaken(t *testing.T) {
	p := NewProducers()
	appends(t, p, 7, 0, 0, 2)
	expect(t, p, sent{id: 7, first: 6, count: 2}, outOfOrder)
	expect(t, p, sent{id: 7, first: 4, count: 9}, "")
}

func TestAnUnknownProducerMayBeginAnywhere(t *testing.T) {
	p := NewProducers()
	expect(t, p, sent{id: 7, epoch: 3, first: 40, count: 2}, "")
	appends(t, p, 7, 3, 40)
	expect(t, p, sent{id: 7, epoch: 3, first: 42, count: 2}, "")
	expect(t, p, sent{id: 7, epoch: 3, first: 45, count: 2}, outOfOrder)
}

func TestAHigherEpochBeginsAtZeroAndFencesTheLower(t *testing.T) {
	p := NewProducers()
	appends(t, p, 7, 0, 0, 2)
	expect(t, p, sent{id: 7, epoch: 5, first: 4, count: 2}, outOfOrder)
	expect(t, p, sent{id: 7, epoch: 5, first: 0, count: 2}, "")
	appends(t, p, 7, 5, 0)
	expect(t, p, sent{id: 7, epoch: 0, first: 4, count: 2}, fenced)
	expect(t, p, sent{id: 7, epoch: 0, first: 2, count: 2}, fenced)
	if v, code := judged(t, p, sent{id: 7, epoch: 5, first: 0, count: 2}); !v.Duplicate || code != "" {
		t.Errorf("%+v %s", v, code)
	}
}

func TestSequencesWrapBetweenBatchesAndWithinOne(t *testing.T) {
	p := NewProducers()
	appends(t, p, 1, 0, math.MaxInt32-1)
	expect(t, p, sent{id: 1, first: 0, count: 2}, "")
	expect(t, p, sent{id: 1, first: 1, count: 2}, outOfOrder)
	appends(t, p, 2, 0, math.MaxInt32)
	expect(t, p, sent{id: 2, first: 1, count: 2}, "")
	expect(t, p, sent{id: 2, first: 0, count: 2}, outOfOrder)
	if v, _ := judged(t, p, sent{id: 2, first: math.MaxInt32, count: 2}); !v.Duplicate {
		t.Error("the batch that wraps is not found again")
	}
}

func TestAFollowerTakesWhatItsLeaderTook(t *testing.T) {
	p := NewProducers()
	appends(t, p, 7, 2, 30)
	appends(t, p, 7, 1, 90) // no place to refuse: it is in the log
	expect(t, p, sent{id: 7, epoch: 1, first: 92, count: 1}, "")
}

func TestBatchesWithoutAProducerAndMarkersLeaveNoState(t *testing.T) {
	p := NewProducers()
	b := record.NewBuilder(nil)
	b.Append(record.Record{})
	plain, _ := b.Build()
	b.ProducerID, b.ProducerEpoch, b.Control = 7, 0, true
	marker, _ := b.Build()
	if v, err := p.Check(plain); v != (Verdict{}) || err != nil {
		t.Error(v, err)
	}
	p.Update(plain)
	p.Update(marker)
	if p.Len() != 0 {
		t.Errorf("%d producers", p.Len())
	}
}

func TestOnlyProducersThatAreIdleLongEnoughExpire(t *testing.T) {
	p := NewProducers()
	appends(t, p, 1, 0, 0)
	appends(t, p, 2, 0, 0)
	appends(t, p, 3, 0, 0, 2)
	p.byID[2].txn.firstOffset = 0 // its transaction is open
	p.Expire(2000, 1000)
	if p.Len() != 2 || p.byID[1] != nil {
		t.Errorf("%d left", p.Len())
	}
	expect(t, p, sent{id: 1, first: 77, count: 1}, "")
	expect(t, p, sent{id: 3, first: 77, count: 1}, outOfOrder)
	if p.Reset(); p.Len() != 0 {
		t.Errorf("%d after Reset", p.Len())
	}
}
