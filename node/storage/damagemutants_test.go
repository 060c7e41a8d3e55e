//go:build mutants

package storage_test

import (
	"testing"

	"odradek/node/mutant"
)

func with(t *testing.T, id string) {
	t.Helper()
	must(t, mutant.Enable(id))
	t.Cleanup(func() { mutant.Enable("") })
}

func TestMutantB14FollowsADamagedIndex(t *testing.T) {
	d := misled(t)
	with(t, "B14")
	for range 100 {
		if d.read() != nil || d.lookUp() != nil {
			return
		}
	}
	t.Fatal("all reads are right")
}

func TestMutantB30TakesALossForACleanStart(t *testing.T) {
	d := fresh(t, 5)
	d.config.SegmentBytes = 1 << 20
	d.fill(t, 8)
	must(t, d.closeCleanly())
	d.crash()
	file := "00000000000000000000.log"
	whole, _ := d.disk.Cached(dir + "/" + file)
	d.overwrite(t, file, whole[:len(whole)-1])
	with(t, "B30")
	if report, err := d.openOnce(); err != nil || report.Lost || d.log.End() == d.m.end() {
		t.Fatalf("%+v %v", report, err)
	}
}
