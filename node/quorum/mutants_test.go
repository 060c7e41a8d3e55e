//go:build mutants

package quorum_test

import (
	"testing"

	"odradek/node/mutant"
)

// killers are plans that suit a mutant, for many seeds.
var killers = map[string]plan{
	"A23": {n: 3, parts: 6},
	"A29": {n: 3, wipes: 15, kills: 2, parts: 6},
	"B8":  {n: 3, cuts: 15},
	"G2":  {n: 3, snaps: 15, kills: 6},
	"G3":  {n: 3, parts: 15, kills: 6},
	"G12": {n: 3, kills: 40, parts: 40},
}

func TestEveryMutantIsFound(t *testing.T) {
	for id, p := range killers {
		t.Run(id, func(t *testing.T) {
			if err := mutant.Enable(id); err != nil {
				t.Fatal(err)
			}
			defer mutant.Enable("")
			for p.seed = 1; p.seed <= 400; p.seed++ {
				p.ticks = 250
				if err := p.run(); err != nil {
					t.Logf("seed %d: %.200v", p.seed, err)
					return
				}
			}
			t.Error("not found")
		})
	}
}

func TestMutantG4LeadsOnWithoutAMajority(t *testing.T) {
	if err := mutant.Enable("G4"); err != nil {
		t.Fatal(err)
	}
	defer mutant.Enable("")
	w := quorumOf(t, 3)
	l := w.leader()
	resigned(w, l)
	if l.epoch == 0 {
		t.Fatal("it resigned")
	}
}
