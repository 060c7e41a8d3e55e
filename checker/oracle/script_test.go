package oracle

import (
	"os"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func allScripts(t *testing.T) []*Script {
	t.Helper()
	scripts, err := LoadAll("testdata")
	if err != nil || len(scripts) < 50 {
		t.Fatalf("%d scripts: %v", len(scripts), err)
	}
	return scripts
}

func TestEveryScriptIsWrittenBackAsItStands(t *testing.T) {
	for _, s := range allScripts(t) {
		text, err := os.ReadFile(s.Name)
		if err != nil {
			t.Fatal(err)
		}
		if d := Diff(string(text), s.String()); d != "" {
			t.Errorf("%s\n%s", s.Name, d)
		}
	}
}

func TestEveryRequestOfAScriptCanBeSentAndHasKafkasAnswer(t *testing.T) {
	for _, s := range allScripts(t) {
		saved, under := map[string]any{}, map[string]bool{}
		for _, e := range s.entries {
			switch e.kind {
			case save:
				name, path, _ := strings.Cut(e.arg, "=")
				saved[strings.TrimSpace(name)] = someValue(path)
			case request:
				if _, err := parseCall(e.text, saved); err != nil {
					t.Errorf("%s:%d: %v", s.Name, e.line, err)
				}
			case later:
				under[e.arg] = true
			case await:
				delete(under, e.arg)
			}
		}
		if len(under) > 0 {
			t.Errorf("%s: never awaited: %v", s.Name, under)
		}
		for _, e := range s.exchanges() {
			checkAnswer(t, s, e)
		}
	}
}

// someValue is what a response could have where a path leads.
func someValue(path string) any {
	switch {
	case strings.HasSuffix(path, "TopicID"):
		return [16]byte{1}
	case strings.HasSuffix(path, "MemberID"):
		return "m"
	}
	return int64(1)
}

func checkAnswer(t *testing.T, s *Script, e entry) {
	if e.want == nil {
		t.Errorf("%s:%d: there is no answer to %s", s.Name, e.line, e.text[0])
	}
	if (len(e.reason) > 0) != (len(e.ours) > 0) {
		t.Errorf("%s:%d: a reason needs an answer of ours, and that a reason", s.Name, e.line)
	}
}

const small = `# what it is about
@config a.b=c=d
@fresh

@conn b
@until Topics[0].ErrorCode = NONE
> Metadata v1 {"Topics":
   []}
< {
<   "A": 1
< }
! another answer
! on two lines
<o {"A": 2}
@save id = Topics[0].TopicID
> raw 00
`

func TestAScriptIsReadLineByLine(t *testing.T) {
	s, err := Parse("small", small)
	if err != nil || s.String() != small {
		t.Fatalf("%v\n%s", err, s)
	}
	if !s.Fresh || len(s.Config) != 1 || s.Config["a.b"] != "c=d" {
		t.Errorf("fresh %v, config %v", s.Fresh, s.Config)
	}
	var kinds []kind
	for _, e := range s.entries {
		kinds = append(kinds, e.kind)
	}
	if want := []kind{remark, remark, remark, remark, useConn, until, request, save, request}; !slices.Equal(kinds, want) {
		t.Fatalf("%v, want %v", kinds, want)
	}
	e := s.entries[6]
	if e.line != 7 || len(e.text) != 2 || len(e.want) != 3 || len(e.reason) != 2 || len(e.ours) != 1 {
		t.Errorf("%+v", e)
	}
	if s.entries[4].arg != "b" || s.entries[7].arg != "id = Topics[0].TopicID" {
		t.Errorf("%+v", s.entries)
	}
	if got := e.expected(); !slices.Equal(got, []string{`{"A": 2}`}) {
		t.Errorf("expected is %q", got)
	}
}

func TestWhatIsNoScriptIsRefusedWithItsLine(t *testing.T) {
	for text, want := range map[string]string{
		"# a\n@never mind":          "x:2: unknown directive @never",
		"< {}":                      `x:1: no request above "< {}"`,
		"# a\n! because":            `x:2: no request above "! because"`,
		"> raw 00\n@conn b\n< {}":   `x:3: no request above "< {}"`,
		"> raw 00\nwords":           `x:2: cannot be read: "words"`,
		"> raw 00\n< nothing\n  00": `x:3: cannot be read: "  00"`,
		"@await b\n  00":            `x:2: cannot be read: "  00"`,
	} {
		if _, err := Parse("x", text); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestALineOrderThatIsOffIsSetRight(t *testing.T) {
	lines := rapid.SampledFrom([]string{"# a", "", "@conn b", "> raw 00", "  00", "@later a", "@await a", "< nothing", "! why", "<o closed", "@fresh"})
	rapid.Check(t, func(t *rapid.T) {
		s, err := Parse("x", strings.Join(rapid.SliceOf(lines).Draw(t, "lines"), "\n"))
		if err != nil {
			return
		}
		again, err := Parse("x", s.String())
		if err != nil || again.String() != s.String() {
			t.Fatalf("%v:\n%s\nthen\n%s", err, s, again)
		}
	})
}

func TestScriptsWithOnePropertySetShareABrokerAndFreshOnesDoNot(t *testing.T) {
	var scripts []*Script
	for name, text := range []string{"# plain", "@config a=1", "@fresh", "# plain too", "@config a=1\n# again"} {
		s, err := Parse(string(rune('a'+name)), text)
		if err != nil {
			t.Fatal(err)
		}
		scripts = append(scripts, s)
	}
	var got []string
	for _, group := range ByBroker(scripts) {
		names := ""
		for _, s := range group {
			names += s.Name
		}
		got = append(got, names)
	}
	if want := []string{"ad", "be", "c"}; !slices.Equal(got, want) {
		t.Errorf("%q, want %q", got, want)
	}
}
