package faults

import (
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func everything() Budget {
	b := Budget{Nodes: 3, Conns: 5, Ops: 1000, Horizon: time.Minute, Down: time.Second, Most: map[Kind]int{}}
	for k := range kinds {
		b.Most[k] = 3
	}
	return b
}

func TestADrawnPlanSurvivesItsTextForm(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		p := Draw(rand.New(rand.NewPCG(seed, 1)), everything())
		back, err := Parse(p.String())
		if err != nil || !reflect.DeepEqual(back, p) {
			t.Fatalf("%v became %v (%v)", p, back, err)
		}
	})
}

func TestEveryKindIsDrawnAndStaysInItsBudget(t *testing.T) {
	var seen [kinds]int
	for seed := range uint64(50) {
		var here [kinds]int
		for _, f := range Draw(rand.New(rand.NewPCG(seed, 2)), everything()) {
			here[f.Kind]++
			seen[f.Kind]++
		}
		for k, n := range here {
			if n > 3 {
				t.Errorf("%v drawn %d times", Kind(k), n)
			}
		}
	}
	for k, n := range seen {
		if n == 0 {
			t.Errorf("%v was never drawn", Kind(k))
		}
	}
}

func TestAnEmptyBudgetDrawsNothing(t *testing.T) {
	if p := Draw(rand.New(rand.NewPCG(1, 1)), Budget{}); len(p) != 0 {
		t.Fatal(p)
	}
}

func TestLinesThatMeanNothingAreSkippedAndWrongOnesNamed(t *testing.T) {
	p, err := Parse("# two faults\n\nat 1.250s node 0 power-cut 1s\n  at op 37 node 2 eio-sync\n")
	want := Plan{{Kind: PowerCut, At: 1250 * time.Millisecond, Delay: time.Second}, {Kind: EIOSync, On: 2, ByOp: true, Op: 37}}
	if err != nil || !reflect.DeepEqual(p, want) {
		t.Fatalf("%v (%v)", p, err)
	}
	for _, bad := range []string{"at", "at 1s", "at 1s node", "at 1s node 0 nothing", "at 1s node -1 crash 1s",
		"at 1s node 0 crash", "at 1s node 0 crash 1s more", "at -1s node 0 crash 1s", "at 1s conn 0 crash 1s",
		"at op 3 node 0 disk-full", "at 1s node 0 disk-full", "from 2s to 1s node 0 disk-full",
		"from 1s to 2s node 0 crash 1s", "at 1s node 0 reset", "from 1s to 2s node 0 block", "from 1s to 2s link 0 block",
		"from 1s to 2s link 1>1 block", "from 1s to 2s link 0>x block", "at 1s link 0>1 block", "from 1s to 2s link 0>1 pause",
		"from 1s to 2s link 0>1 delay-link", "from 1s to 2s net partition 0,1", "from 1s to 2s net partition 0|0,1",
		"from 1s to 2s net partition 0||1", "from 1s to 2s net partition", "from 1s to 2s node 0 drift 1s"} {
		if _, err := Parse("\n" + bad); err == nil || !strings.HasPrefix(err.Error(), "line 2") {
			t.Errorf("%q gave %v", bad, err)
		}
	}
}

func TestGroupsKeepTheirMembersApartAndLeaveOthersAlone(t *testing.T) {
	p, err := Parse("from 1s to 2s net partition 0,1|2,clients")
	if err != nil {
		t.Fatal(err)
	}
	apart := [][2]int{{0, 2}, {0, Clients}, {1, 2}, {1, Clients}}
	for a := Clients; a < 4; a++ {
		for b := Clients; b < 4; b++ {
			want := slices.Contains(apart, [2]int{a, b}) || slices.Contains(apart, [2]int{b, a})
			if got := p[0].Apart.Between(a, b); got != want {
				t.Errorf("between %d and %d: %v", a, b, got)
			}
		}
	}
}

func TestPartitionsOfEveryShapeAreDrawn(t *testing.T) {
	shapes := map[int]bool{} // bits: which pairs of three nodes are apart
	for seed := range uint64(200) {
		b := Budget{Nodes: 3, Horizon: time.Minute, Most: map[Kind]int{Partition: 1}}
		for _, f := range Draw(rand.New(rand.NewPCG(seed, 4)), b) {
			shape := 0
			for i, pair := range [][2]int{{0, 1}, {1, 2}, {0, 2}} {
				if f.Apart.Between(pair[0], pair[1]) {
					shape |= 1 << i
				}
			}
			shapes[shape] = true
		}
	}
	if len(shapes) != 8 {
		t.Errorf("shapes %v", shapes)
	}
}

func TestAMinimizersStepLeavesTheOriginalAlone(t *testing.T) {
	p := Plan{{On: 0}, {On: 1}, {On: 2}}
	q := p.Without(1, 2)
	if len(q) != 2 || q[1].On != 2 || p[1].On != 1 {
		t.Fatal(p, q)
	}
}

func TestAFaultMadeMilderEndsAsAFaultThatCanBePrinted(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		seed := rapid.Uint64().Draw(t, "seed")
		for i, f := range Draw(rand.New(rand.NewPCG(seed, 3)), everything()) {
			steps := 0
			for next, ok := f.Milder(); ok; next, ok = f.Milder() {
				if next.Delay.Abs() > f.Delay.Abs() || next.Until > f.Until || next.At != f.At {
					t.Fatalf("%v became %v", f, next)
				}
				f = next
				steps++
			}
			back, err := ParseFault(f.String())
			if err != nil || back != f || steps > 64 {
				t.Fatalf("fault %d: %v became %v after %d steps (%v)", i, f, back, steps, err)
			}
		}
	})
}

func TestAPlanWithAnotherFaultLeavesTheOriginalAlone(t *testing.T) {
	p := Plan{{On: 0}, {On: 1}}
	if q := p.With(1, Fault{On: 7}); len(q) != 2 || q[0].On != 0 || q[1].On != 7 || p[1].On != 1 {
		t.Fatal(p, q)
	}
}

func FuzzParse(f *testing.F) {
	f.Add("at 1.25s node 0 power-cut 300ms\nfrom 2s to 3s node 0 disk-slow 10ms")
	f.Add("from 1s to 2s net partition 0,clients|2\nfrom 1s to 2s link clients>0 clog-link 1ms\nat 1s node 2 wipe 1s")
	f.Add("at op 37 node 0 flip 18446744073709551615\nat 1s conn 3 reset")
	f.Fuzz(func(t *testing.T, text string) {
		p, err := Parse(text)
		if err != nil {
			return
		}
		back, err := Parse(p.String())
		if err != nil || !reflect.DeepEqual(p, back) {
			t.Fatalf("%q: %v became %v (%v)", text, p, back, err)
		}
	})
}

func TestALineIsAPlanToo(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := Draw(rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3)), everything())
		back, err := Parse(p.Line())
		if err != nil || !reflect.DeepEqual(back, p) || strings.Contains(p.Line(), "\n") {
			t.Fatalf("%v became %v (%v)", p, back, err)
		}
	})
	if p, err := Parse("at 1s node 0 crash 1ms; at 2s node"); err == nil || !strings.Contains(err.Error(), `"at 2s node"`) {
		t.Errorf("%v, %v", p, err)
	}
}

func TestAPlanWithoutANodeConcernsTheOthersByTheirNewNumbers(t *testing.T) {
	p, err := Parse(`at 1s node 0 crash 1ms
at 1s node 1 crash 1ms
at 1s node 2 crash 1ms
at 1s conn 2 reset
from 1s to 2s link 0>2 block
from 1s to 2s link 2>1 block
from 1s to 2s link 2>clients block
from 1s to 2s net partition 0,1|2,clients
from 1s to 2s net partition 1|0,2`)
	if err != nil {
		t.Fatal(err)
	}
	want := `at 1s node 0 crash 1ms
at 1s node 1 crash 1ms
at 1s conn 2 reset
from 1s to 2s link 0>1 block
from 1s to 2s link 1>clients block
from 1s to 2s net partition 0|1,clients
`
	if got := p.WithoutNode(1).String(); got != want {
		t.Error(got)
	}
}

func TestAFaultInWholeUnitsCanStillBePrinted(t *testing.T) {
	for seed := range uint64(20) {
		for _, f := range Draw(rand.New(rand.NewPCG(seed, 5)), everything()) {
			for next, ok := f.Sooner(); ok; next, ok = f.Sooner() {
				if back, err := ParseFault(next.String()); err != nil || back != next || next.At > f.At {
					t.Errorf("%v: %v", next, err)
				}
				f = next
			}
			for _, unit := range []time.Duration{time.Second, 100 * time.Millisecond, time.Millisecond} {
				f, _ = f.Rounded(unit)
				if back, err := ParseFault(f.String()); err != nil || back != f {
					t.Errorf("%v: %v", f, err)
				}
			}
		}
	}
}
