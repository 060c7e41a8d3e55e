//go:build mutants

package meta

import (
	"flag"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"odradek/node/mutant"
)

// witness is a test whose failure is wanted.
type witness struct {
	testing.TB
	failed string
}

type witnessed struct{}

func (w *witness) Logf(string, ...any)       {}
func (w *witness) Log(...any)                {}
func (w *witness) Failed() bool              { return w.failed != "" }
func (w *witness) Fail()                     { w.failed += "." }
func (w *witness) Error(args ...any)         { w.failed += fmt.Sprint(args...) }
func (w *witness) Errorf(f string, a ...any) { w.failed += fmt.Sprintf(f, a...) }
func (w *witness) FailNow()                  { w.Fail(); panic(witnessed{}) }
func (w *witness) Fatal(args ...any)         { w.Error(args...); w.FailNow() }
func (w *witness) Fatalf(f string, a ...any) { w.Errorf(f, a...); w.FailNow() }

// killed is how the property of clusters fails under a mutant; "" if it holds.
func killed(t *testing.T, id string) string {
	if err := mutant.Enable(id); err != nil {
		t.Fatal(err)
	}
	defer mutant.Enable("")
	w := &witness{TB: t}
	func() {
		defer func() {
			if r := recover(); r != nil && r != any(witnessed{}) {
				panic(r)
			}
		}()
		rapid.Check(w, inCluster)
	}()
	return w.failed
}

func TestTheLawOfClustersFailsUnderEveryMutant(t *testing.T) {
	for name, value := range map[string]string{
		"rapid.nofailfile": "true", "rapid.shrinktime": "0s", "rapid.checks": "3000", "rapid.steps": "60",
	} {
		was := flag.Lookup(name).Value.String()
		flag.Set(name, value)
		t.Cleanup(func() { flag.Set(name, was) })
	}
	for _, id := range []string{"A8", "A9", "A10", "A11", "A34", "G5", "G7", "G9"} {
		t.Run(id, func(t *testing.T) {
			how := killed(t, id)
			if how == "" {
				t.Fatal("nobody noticed")
			}
			t.Logf("%.300s", how)
		})
	}
}
