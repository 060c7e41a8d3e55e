package storage

import "testing"

func TestAnEpochGoesOnBehindOneWithoutRecords(t *testing.T) {
	var e Epochs
	e.Assign(4, 0)
	e.Assign(5, 42)
	e.Assign(6, 75) // its leader appended nothing, and the next one has more of epoch 5
	if !e.Assign(5, 75) || e.StartOf(5) != 42 || e.EpochAt(60) != 5 || e.Latest() != 5 {
		t.Fatalf("%+v", e)
	}
}
