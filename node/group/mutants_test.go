//go:build mutants

package group

import (
	"flag"
	"fmt"
	"strings"
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

// killed is how a test fails under a mutant; "" if it holds.
func killed(t *testing.T, id string, test func(testing.TB)) string {
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

func story(tell func(*world)) func(testing.TB) {
	return func(t testing.TB) { tell(newImmediate(t)) }
}

func TestEveryMutantOfGroupsIsNoticedByItsStory(t *testing.T) {
	for name, test := range map[string]func(testing.TB){
		"F1 of consumer groups": story(aCommitOfAnEarlierOwner),
		"F1":                    story(aCommitOfBefore), "F2": story(aStaticReturn), "F3": story(offsetsOutlive),
		"F5": story(aMemberThatNeverSyncs), "F9": story(aHeartbeatOfBefore), "F10": story(offsetsOutlive),
	} {
		id, _, _ := strings.Cut(name, " ")
		t.Run(name, func(t *testing.T) {
			if clean := killed(t, "", test); clean != "" {
				t.Fatalf("without it: %s", clean)
			}
			if how := killed(t, id, test); how == "" {
				t.Error("nobody noticed")
			} else {
				t.Logf("%.300s", how)
			}
		})
	}
}

// thorough makes rapid look longer, and not for the shortest case.
func thorough(t *testing.T) {
	for name, value := range map[string]string{
		"rapid.nofailfile": "true", "rapid.shrinktime": "0s", "rapid.checks": "3000", "rapid.steps": "60",
	} {
		was := flag.Lookup(name).Value.String()
		flag.Set(name, value)
		t.Cleanup(func() { flag.Set(name, was) })
	}
}

func TestThePropertiesOfGroupsFailUnderMutants(t *testing.T) {
	thorough(t)
	for _, id := range []string{"F1", "F2", "F3", "F5", "F9", "F10"} {
		t.Run(id, func(t *testing.T) { fails(t, id, inCrowd) })
	}
	t.Run("F1 of consumer groups", func(t *testing.T) { fails(t, "F1", inFlock) })
}

func fails(t *testing.T, id string, property func(*rapid.T)) {
	how := killed(t, id, func(t testing.TB) { rapid.Check(t, property) })
	if how == "" {
		t.Fatal("nobody noticed")
	}
	t.Logf("%.300s", how)
}
