package storage_test

import (
	"fmt"
	"slices"
	"testing"

	"odradek/faults"
	"odradek/node/env"
	"odradek/node/record"
	"odradek/node/storage"
)

func TestSmallAppendsToManyLogsAreDurableByOneSync(t *testing.T) {
	s := newShelf(t, 1, 5, 1<<20, 1000)
	for round := range 3 {
		for _, b := range s.books {
			must(t, s.append(b, 50))
		}
		s.settle()
		s.countSyncs()
		s.drained()
		s.settle()
		journal, segments := s.countSyncs()
		if journal != 1 || segments != 0 {
			t.Errorf("round %d: %d syncs of the journal, %d of others", round, journal, segments)
		}
		for i, b := range s.books {
			if b.log.Durable() != b.log.End() {
				t.Errorf("log %d is durable up to %d of %d", i, b.log.Durable(), b.log.End())
			}
		}
	}
}

func TestALargeAppendIsSyncedInItsOwnFile(t *testing.T) {
	s := newShelf(t, 1, 2, 1<<16, 1000)
	must(t, s.append(s.books[0], 50))
	must(t, s.append(s.books[1], 5000))
	s.settle()
	s.countSyncs()
	s.drained()
	s.settle()
	if journal, segments := s.countSyncs(); journal != 1 || segments != 1 {
		t.Errorf("%d syncs of the journal, %d of segments", journal, segments)
	}
}

func TestALargeAppendDoesNotWaitForTheFrameUnderWay(t *testing.T) {
	s := newShelf(t, 1, 2, 1<<16, 1000)
	must(t, s.append(s.books[1], 50))
	s.rest()
	must(t, s.append(s.books[0], 50))
	s.settle()
	s.countSyncs()
	s.drained()
	must(t, s.append(s.books[1], 5000))
	s.drained()
	s.settle()
	if journal, segments := s.countSyncs(); journal != 1 || segments != 1 {
		t.Errorf("%d syncs of the journal, %d of segments", journal, segments)
	}
}

func TestWhatACheckpointHasSyncedIsNotJournalled(t *testing.T) {
	s := newShelf(t, 1, 1, 1<<16, 1000)
	b := s.books[0]
	must(t, s.append(b, 50))
	s.settle()
	must(t, s.run(b.log.Checkpoint, nil))
	must(t, s.append(b, 60))
	s.rest()
	file, _ := s.disk.Durable("d/" + journalFile)
	logs, _ := storage.ReadJournal(file, s.o.ID)
	if len(logs) != 1 || len(logs[0].Batches) != 1 || logs[0].Batches[0].BaseOffset() != 1 {
		t.Errorf("the journal holds %+v", logs)
	}
}

func TestWhatOnlyTheJournalHoldsIsThereAfterAPowerCut(t *testing.T) {
	for seed := range uint64(20) {
		s := newShelf(t, seed, 3, 1<<16, 1000)
		for range 10 {
			for _, b := range s.books {
				must(t, s.append(b, 50))
			}
			s.rest()
		}
		s.powerCut()
		must(t, s.start())
		for i, b := range s.books {
			if b.log.End() != 10 {
				t.Errorf("seed %d: log %d ends at %d", seed, i, b.log.End())
			}
		}
		must(t, s.survived())
	}
}

func TestAJournalThatIsFullGoesOnInItsOtherHalf(t *testing.T) {
	s := newShelf(t, 3, 3, 8192, 1000)
	journal := 0
	for range 200 {
		for _, b := range s.books {
			must(t, s.append(b, 50))
		}
		s.countSyncs()
		s.rest()
		n, _ := s.countSyncs()
		journal += n
	}
	if journal < 150 {
		t.Errorf("%d of 200 drains went through the journal", journal)
	}
	s.powerCut()
	must(t, s.start())
	must(t, s.survived())
}

func TestAJournalWhoseSyncFailsStopsItsLogs(t *testing.T) {
	for _, kind := range []faults.Kind{faults.EIOSync, faults.EIOWrite} {
		s := newShelf(t, 4, 2, 1<<16, 1000)
		for _, b := range s.books {
			must(t, s.append(b, 50))
		}
		s.settle()
		s.disk.Arm(kind)
		s.drained()
		s.settle()
		if s.failed == nil {
			t.Errorf("%v: nobody was told", kind)
		}
		for i, b := range s.books {
			if b.log.Stopped() == nil || b.failed == nil || b.log.Durable() != 0 {
				t.Errorf("%v: log %d goes on: durable %d, %v", kind, i, b.log.Durable(), b.failed)
			}
		}
	}
}

func TestALogThatFollowsAFailedJournalStopsToo(t *testing.T) {
	s := newShelf(t, 5, 2, 1<<16, 1000)
	must(t, s.append(s.books[0], 50))
	s.settle()
	s.disk.Arm(faults.EIOSync)
	s.drained()
	s.settle()
	must(t, s.append(s.books[1], 50))
	s.rest()
	if b := s.books[1]; b.log.Stopped() == nil || b.log.Durable() != 0 {
		t.Errorf("it is durable up to %d", b.log.Durable())
	}
}

func TestAClosedJournalLeavesNothingToReplay(t *testing.T) {
	s := newShelf(t, 6, 3, 1<<16, 1000)
	for _, b := range s.books {
		must(t, s.append(b, 50))
	}
	s.rest()
	for _, b := range s.books {
		must(t, s.run(b.log.Close, nil))
	}
	must(t, s.run(s.journal.Close, nil))
	if _, there := s.disk.Durable("d/" + journalFile); there {
		t.Error("the journal is still there")
	}
	s.powerCut()
	must(t, s.start())
	must(t, s.survived())
}

// deletedAndMade has a log of three records that was deleted; one was appended to the
// log that was then made in its place, and the power was cut.
func deletedAndMade(t *testing.T) (s *shelf, gone *book) {
	t.Helper()
	s = newShelf(t, 7, 2, 1<<16, 1000)
	for range 3 {
		for _, b := range s.books {
			must(t, s.append(b, 50))
		}
		s.rest()
	}
	gone = s.books[0]
	must(t, s.run(gone.log.Delete, nil))
	gone.line, gone.acked = nil, 0 // the topic is placed here once more
	must(t, s.run(func(t *env.Task) (err error) { gone.log, _, err = storage.Open(t, gone.o); return err }, nil))
	must(t, s.append(gone, 70))
	s.rest()
	s.powerCut()
	must(t, s.start())
	return s, gone
}

func TestADeletedLogDoesNotComeBack(t *testing.T) {
	s, gone := deletedAndMade(t)
	must(t, s.survived())
	if gone.log.End() != 1 {
		t.Errorf("it ends at %d", gone.log.End())
	}
}

// written is the file of a journal with so many frames, and where each begins.
func written(t *testing.T, frames int) (s *shelf, file []byte, at []int) {
	t.Helper()
	s = newShelf(t, 8, 2, 1<<14, 1000)
	for range frames {
		for _, b := range s.books {
			must(t, s.append(b, 50))
		}
		s.rest()
	}
	file, _ = s.disk.Durable("d/" + journalFile)
	for i := 0; i+4 <= len(file); i++ {
		if string(file[i:i+4]) == "OJFR" {
			at = append(at, i)
		}
	}
	if len(at) != frames {
		t.Fatalf("%d frames, not %d", len(at), frames)
	}
	return s, file, at
}

func TestADamagedLastFrameIsATornTail(t *testing.T) {
	s, file, at := written(t, 4)
	file[at[3]+60] ^= 1
	logs, lost := storage.ReadJournal(file, s.o.ID)
	if lost || len(logs) != 2 || len(logs[0].Batches) != 3 {
		t.Fatalf("lost %v, %d logs", lost, len(logs))
	}
}

func TestDamageBeforeAnotherFrameIsLoss(t *testing.T) {
	for broken := range 3 {
		s, file, at := written(t, 4)
		file[at[broken]+60] ^= 1
		if logs, lost := storage.ReadJournal(file, s.o.ID); !lost || len(logs) != 2 || len(logs[0].Batches) != 3 {
			t.Errorf("frame %d: lost %v, %d logs", broken, lost, len(logs))
		}
	}
}

func TestADamagedHeaderIsLossUnlessNothingWasWritten(t *testing.T) {
	s, file, _ := written(t, 1)
	file[20] ^= 1
	if _, lost := storage.ReadJournal(file, s.o.ID); !lost {
		t.Error("frames were lost, and nobody says so")
	}
	if _, lost := storage.ReadJournal(make([]byte, 5000), s.o.ID); lost {
		t.Error("a journal in the making has lost something")
	}
}

func TestAJournalOfAnotherDirectorySaysNothing(t *testing.T) {
	s, file, _ := written(t, 2)
	if logs, lost := storage.ReadJournal(file, env.NewUUID(s.rng)); lost || len(logs) > 0 {
		t.Errorf("lost %v, %d logs", lost, len(logs))
	}
}

// FuzzJournal reads what may lie on a disk.
func FuzzJournal(f *testing.F) {
	s := newShelf(f, 9, 2, 1<<13, 1000)
	for range 3 {
		for _, b := range s.books {
			if err := s.append(b, 50); err != nil {
				f.Fatal(err)
			}
		}
		s.rest()
	}
	file, _ := s.disk.Durable("d/" + journalFile)
	f.Add(file, 0, byte(0))
	f.Add(file, 900, byte(1))
	f.Add([]byte{}, 0, byte(0))
	f.Fuzz(func(t *testing.T, b []byte, at int, flip byte) {
		b = slices.Clone(b)
		if at >= 0 && at < len(b) {
			b[at] ^= flip
		}
		logs, _ := storage.ReadJournal(b, s.o.ID)
		for _, x := range logs {
			for _, batch := range x.Batches {
				if record.Check(batch) != nil {
					t.Error("a damaged batch is taken for one")
				}
			}
		}
	})
}

func TestLogsThatShareAJournalKeepWhatWasDurable(t *testing.T) {
	for seed := range uint64(100) {
		if err := sharedLife(t, seed); err != nil {
			t.Fatalf("seed %d: %v", seed, err)
		}
	}
}

// sharedLife leads logs with one small journal through appends, checkpoints and ends of
// their process.
func sharedLife(t *testing.T, seed uint64) error {
	s := newShelf(t, seed, 4, pick[int64](newWorld(seed).rng, 4096, 6000, 1<<16), 800)
	for _, b := range s.books { // or nothing is owed, not even that it begins at 0
		if err := s.append(b, 10); err != nil {
			return err
		}
	}
	s.rest()
	s.config.SegmentBytes = pick[int64](s.rng, 500, 3000, 1<<20)
	for range 600 {
		b := s.books[s.rng.IntN(len(s.books))]
		switch n := s.rng.IntN(100); {
		case n < 40:
			if err := s.append(b, pick(s.rng, 10, 100, 400)); err != nil {
				return err
			}
		case n < 55:
			s.drained()
			s.note()
		case n < 94:
			for range 1 + s.rng.IntN(10) {
				s.pump()
			}
			s.note()
		case n < 96:
			s.tasks.Start(s.now, s.out, b.log.Checkpoint, nil)
		case n < 98:
			s.rest()
			for i, b := range s.books {
				if b.log.Durable() != b.log.End() {
					return fmt.Errorf("at rest log %d is durable up to %d of %d", i, b.log.Durable(), b.log.End())
				}
			}
		default:
			s.note()
			if s.rng.IntN(2) == 0 {
				s.crash()
			} else {
				s.powerCut()
			}
			if err := s.start(); err != nil {
				return err
			}
			if err := s.survived(); err != nil {
				return err
			}
			s.note()
		}
	}
	return nil
}

// Seed 5879 with groups and journals: the directory of a new log could not be synced, the
// frame with its records was, and the rest of its making came to its end after that.
func TestNothingIsDurableInALogThatCouldNotBeMade(t *testing.T) {
	s := newShelf(t, 1, 1, 1<<16, 1000)
	b := s.books[0]
	must(t, s.append(b, 50))
	s.gather()
	var late []*env.Disk // syncs of directories
	s.pending = slices.DeleteFunc(s.pending, func(op *env.Disk) bool {
		syncs := op.Kind == env.SyncDir
		if syncs {
			late = append(late, op)
		}
		return syncs
	})
	s.settle()
	s.drained()
	s.settle()
	if len(late) < 2 || b.log.Durable() > 0 {
		t.Fatalf("%d directories to sync, durable up to %d", len(late), b.log.Durable())
	}
	s.disk.Arm(faults.EIOSync)
	s.pending = late
	if s.settle(); b.failed == nil || b.log.Durable() > 0 {
		t.Fatalf("durable up to %d, and %v", b.log.Durable(), b.failed)
	}
}
