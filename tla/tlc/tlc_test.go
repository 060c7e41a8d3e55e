package tlc

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const found = `Error: Invariant NeverLogsDiffer is violated.
Error: The behavior up to this point is:
State 1: <Initial predicate>
State 2: <Next line 1>
State 3: <Next line 1>
1,234 states generated (9 s/min), 567 distinct states found, 8 states left on queue.
`

const none = `Model checking completed. No error has been found.
1234 states generated, 567 distinct states found, 0 states left on queue.
The depth of the complete state graph search is 12.
`

func TestACounterexampleIsRead(t *testing.T) {
	r, err := Parse(found)
	if err != nil || r.Violated != "NeverLogsDiffer" || r.Steps != 2 || r.Distinct != "567" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestACompleteSearchIsRead(t *testing.T) {
	r, err := Parse(none)
	if err != nil || r.Violated != "" || r.Depth != "12" || r.Distinct != "567" {
		t.Errorf("%+v, %v", r, err)
	}
}

func TestWhatIsNeitherIsAnError(t *testing.T) {
	if _, err := Parse("Error: Parsing or semantic analysis failed."); err == nil || !strings.Contains(err.Error(), "semantic") {
		t.Error(err)
	}
}

func TestWhatIsNotAsExpectedIsAnError(t *testing.T) {
	good, bad := Config{Expect: Holds}, Config{Expect: "NeverLogsDiffer"}
	for _, x := range []struct {
		c        Config
		violated string
		right    bool
	}{
		{good, "", true}, {good, "NeverLogsDiffer", false},
		{bad, "NeverLogsDiffer", true}, {bad, "", false}, {bad, "NeverTwoLeaders", false},
	} {
		if err := (Result{Violated: x.violated}).Against(x.c); (err == nil) != x.right {
			t.Errorf("%q, and %q is expected: %v", x.violated, x.c.Expect, err)
		}
	}
}

func TestAConfigurationSaysWhatIsExpected(t *testing.T) {
	dir := t.TempDir()
	for name, text := range map[string]string{
		"A_bad.cfg":  "\\* Why it is\n\\* there.\n\\* Expect: X\n\\* Full: 20 minutes\nINVARIANT X\n\\* Expect: Y\n",
		"B_good.cfg": "\\* Module: C\n\\* Expect: holds\n",
		"other.cfg":  "INVARIANT X\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	all, err := Configs(dir)
	if err != nil || len(all) != 2 {
		t.Fatalf("%v, %v", all, err)
	}
	if want := (Config{File: "B_good.cfg", Module: "C", Expect: Holds}); all[0] != want {
		t.Errorf("%+v", all[0])
	}
	if want := (Config{File: "A_bad.cfg", Why: "Why it is there.", Module: "A", Expect: "X", Full: "20 minutes"}); all[1] != want {
		t.Errorf("%+v", all[1])
	}
}
