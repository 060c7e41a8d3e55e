package storage_test

import (
	"testing"
	"time"
)

// fill appends until so many bytes went through the journal.
func (s *shelf) fill(t *testing.T, bytes int) {
	t.Helper()
	for range bytes / (len(s.books) * 300) {
		for _, b := range s.books {
			must(t, s.append(b, 200))
		}
		s.rest()
	}
}

func (s *shelf) journalSize() int {
	file, _ := s.disk.Cached("d/" + journalFile)
	return len(file)
}

func TestAJournalGrowsAsItIsUsed(t *testing.T) {
	const most = 1 << 18
	s := newShelf(t, 3, 3, most, 1000)
	if n := s.journalSize(); n > most/32 {
		t.Errorf("it begins with %d bytes", n)
	}
	s.fill(t, 2*most)
	if n := s.journalSize(); n < most/2 || n > most {
		t.Errorf("it has grown to %d bytes of %d", n, most)
	}
	s.powerCut()
	must(t, s.start())
	must(t, s.survived())
}

func TestAJournalThatIsRarelyFullStaysSmall(t *testing.T) {
	s := newShelf(t, 3, 3, 1<<18, 1000)
	before := s.journalSize()
	for range 300 {
		for _, b := range s.books {
			must(t, s.append(b, 200))
		}
		s.rest()
		s.now.Mono += 10 * time.Second
	}
	if n := s.journalSize(); n != before {
		t.Errorf("it has grown from %d to %d bytes", before, n)
	}
}

func TestAJournalThatCannotGrowOnAFullDiskGoesOn(t *testing.T) {
	s := newShelf(t, 3, 3, 1<<18, 1000)
	before := s.journalSize()
	for range 200 {
		for _, b := range s.books {
			must(t, s.append(b, 200))
		}
		s.settle()
		s.disk.SetFull(true)
		s.rest()
		s.disk.SetFull(false)
	}
	if n := s.journalSize(); s.failed != nil || n >= 3*before { // a piece of a write may be there
		t.Errorf("it has %d bytes, not %d: %v", n, before, s.failed)
	}
	s.fill(t, 1<<18)
	if n := s.journalSize(); n < 1<<17 {
		t.Errorf("it does not grow beyond %d bytes", n)
	}
}

func TestAPowerCutWhileAJournalGrowsLosesNothing(t *testing.T) {
	for seed := range uint64(200) {
		s := newShelf(t, seed, 3, 1<<16, 1000)
		for _, b := range s.books { // or nothing is owed, not even that it begins at 0
			must(t, s.append(b, 10))
		}
		s.rest()
		for range s.rng.IntN(700) {
			must(t, s.append(s.books[s.rng.IntN(3)], pick(s.rng, 100, 300)))
			for range s.rng.IntN(12) {
				s.pump()
			}
			s.drained()
			s.note()
		}
		s.powerCut()
		if err := s.start(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
		if err := s.survived(); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}
