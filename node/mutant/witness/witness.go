// Package witness is for tests that are to fail: those that a mutant has to break.
package witness

import (
	"flag"
	"fmt"
	"testing"

	"odradek/node/mutant"
)

// witness is a test whose failure is wanted.
type witness struct {
	testing.TB
	failed string
}

type witnessed struct{}

func (w *witness) Helper()                   {}
func (w *witness) Logf(string, ...any)       {}
func (w *witness) Log(...any)                {}
func (w *witness) Failed() bool              { return w.failed != "" }
func (w *witness) Fail()                     { w.failed += "." }
func (w *witness) Error(args ...any)         { w.failed += fmt.Sprint(args...) }
func (w *witness) Errorf(f string, a ...any) { w.failed += fmt.Sprintf(f, a...) }
func (w *witness) FailNow()                  { w.Fail(); panic(witnessed{}) }
func (w *witness) Fatal(args ...any)         { w.Error(args...); w.FailNow() }
func (w *witness) Fatalf(f string, a ...any) { w.Errorf(f, a...); w.FailNow() }

// Killed is how a test fails under a mutant; "" if it holds.
func Killed(t testing.TB, id string, test func(testing.TB)) string {
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
		test(w)
	}()
	return w.failed
}

// Notice fails unless a test notices a mutant.
func Notice(t testing.TB, id string, test func(testing.TB)) {
	t.Helper()
	how := Killed(t, id, test)
	if how == "" {
		t.Fatal("nobody noticed")
	}
	t.Logf("%.300s", how)
}

// Thorough makes rapid look longer, and not for the shortest case.
func Thorough(t testing.TB) {
	for _, set := range [][2]string{
		{"rapid.nofailfile", "true"}, {"rapid.shrinktime", "0s"}, {"rapid.checks", "3000"}, {"rapid.steps", "60"},
	} {
		was := flag.Lookup(set[0]).Value.String()
		if err := flag.Set(set[0], set[1]); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { _ = flag.Set(set[0], was) })
	}
}
