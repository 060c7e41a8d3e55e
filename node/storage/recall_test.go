package storage_test

import (
	"testing"

	"odradek/node/record"
	"odradek/node/storage"
)

// idempotent is a batch of one record, as it lies at an offset.
func idempotent(t *testing.T, id int64, sequence int32, offset int64) record.Batch {
	b := record.NewBuilder(nil)
	b.ProducerID, b.ProducerEpoch, b.BaseSequence, b.BaseOffset = id, 0, sequence, offset
	b.Append(record.Record{Timestamp: 1, Value: []byte("v")})
	batch, err := b.Build()
	if err != nil {
		t.Fatal(err)
	}
	return batch
}

func TestAfterACutAProducerGoesOnWithWhatWasCutAndWithNothingLater(t *testing.T) {
	uncut, cut := storage.NewProducers(), storage.NewProducers()
	for i := range int32(3) {
		uncut.Update(idempotent(t, 7, i, int64(10+i)))
	}
	cut.Recall(uncut, 10) // all three are gone
	if _, err := cut.Check(idempotent(t, 7, 2, 10)); err == nil {
		t.Fatal("a later batch was let through before those that were cut")
	}
	if _, err := cut.Check(idempotent(t, 7, 0, 10)); err != nil {
		t.Fatalf("the first batch that was cut is refused: %v", err)
	}
	again := storage.NewProducers()
	again.Recall(cut, 10) // another cut, before anything came
	if _, err := again.Check(idempotent(t, 7, 2, 10)); err == nil {
		t.Fatal("a second cut forgot it")
	}
}

func TestACutThatTookNothingOfAProducerChangesNothing(t *testing.T) {
	uncut, cut := storage.NewProducers(), storage.NewProducers()
	uncut.Update(idempotent(t, 7, 4, 3))
	cut.Update(idempotent(t, 7, 4, 3))
	cut.Recall(uncut, 10)
	if v, err := cut.Check(idempotent(t, 7, 4, 0)); err != nil || !v.Duplicate {
		t.Fatalf("%+v (%v)", v, err)
	}
	if _, err := cut.Check(idempotent(t, 7, 5, 0)); err != nil {
		t.Fatal(err)
	}
}
