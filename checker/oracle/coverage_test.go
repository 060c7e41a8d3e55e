package oracle

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// covered is the coverage of one script against a list of aims.
func covered(t *testing.T, text, aims string) (Coverage, error) {
	t.Helper()
	dir := t.TempDir()
	if err := os.Mkdir(filepath.Join(dir, "api"), 0o755); err != nil {
		t.Fatal(err)
	}
	for name, content := range map[string]string{"api/script.txt": text, "errors.txt": aims} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return CoverageOf(dir)
}

func TestAnAimWithoutScriptOrReasonIsMissing(t *testing.T) {
	c, err := covered(t, create, "# a comment\n\nCreateTopics v4..5\nCreateTopics NONE INVALID_CONFIG NOT_CONTROLLER: it is one\n"+
		"CreateTopics NONE INVALID_CONFIG\n")
	if err != nil {
		t.Fatal(err)
	}
	if want := []string{"CreateTopics v5", "CreateTopics INVALID_CONFIG"}; !slices.Equal(c.Missing(), want) {
		t.Errorf("missing %q, want %q", c.Missing(), want)
	}
	want := `
CreateTopics
  covered: v4 NONE
  v5: UNCOVERED
  INVALID_CONFIG: UNCOVERED
  NOT_CONTROLLER: it is one

5 versions and errors, 2 neither covered nor explained
`
	if c.String() != want {
		t.Errorf("%s\nwant\n%s", c, want)
	}
}

func TestAReasonExplainsWhatNoScriptReaches(t *testing.T) {
	c, err := covered(t, create, "CreateTopics v4\nCreateTopics NONE\nCreateTopics NOT_CONTROLLER: there is one\n")
	if err != nil || len(c.Missing())+len(c.Wrong()) > 0 {
		t.Errorf("%v: missing %q, wrong %q", err, c.Missing(), c.Wrong())
	}
}

func TestARequestThatKafkaNeverAnsweredShowsNothing(t *testing.T) {
	asked, _, _ := strings.Cut(create, "< ")
	c, err := covered(t, asked, "CreateTopics v4\n")
	if err != nil || !slices.Equal(c.Missing(), []string{"CreateTopics v4"}) {
		t.Errorf("%v: missing %q", err, c.Missing())
	}
}

func TestWhatWeAnswerOtherwiseCountsForNothing(t *testing.T) {
	c, err := covered(t, create+"! why\n<o "+refused+"\n", "CreateTopics NONE TOPIC_ALREADY_EXISTS\n")
	if err != nil || !slices.Equal(c.Missing(), []string{"CreateTopics TOPIC_ALREADY_EXISTS"}) {
		t.Errorf("%v: missing %q", err, c.Missing())
	}
}

func TestAScriptThatContradictsTheListIsToldOf(t *testing.T) {
	c, err := covered(t, create, "CreateTopics v4: it is too old\n")
	if err != nil || !slices.Equal(c.Wrong(), []string{"CreateTopics NONE", "CreateTopics v4"}) {
		t.Errorf("%v: wrong %q", err, c.Wrong())
	}
	if !strings.Contains(c.String(), "\nCreateTopics NONE is in a script, and not in the list") {
		t.Error(c)
	}
}

func TestAListThatNamesNothingIsRefused(t *testing.T) {
	for aims, want := range map[string]string{
		"Nothing v1":                      `list of errors, line 1: no request is named "Nothing"`,
		"# a\nCreateTopics SOME_ERROR":    `list of errors, line 2: "SOME_ERROR" is neither an error nor versions`,
		"CreateTopics 4":                  `list of errors, line 1: "4" is neither an error nor versions`,
		"CreateTopics v5..4":              `list of errors, line 1: "v5..4" is neither an error nor versions`,
		"CreateTopics INVALID_CONFIG why": `list of errors, line 1: "why" is neither an error nor versions`,
	} {
		if _, err := covered(t, create, aims); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", aims, err, want)
		}
	}
}

func TestAllThatThereIsIsCoveredOrExplained(t *testing.T) {
	c, err := CoverageOf("testdata")
	if err != nil {
		t.Fatal(err)
	}
	if missing, wrong := c.Missing(), c.Wrong(); len(missing)+len(wrong) > 0 {
		t.Errorf("missing: %q\nwrong: %q", missing, wrong)
	}
	for api := range c.seen {
		if !slices.ContainsFunc(c.wanted, func(a aim) bool { return a.api == api }) {
			t.Errorf("%s is in scripts, and not in errors.txt", api)
		}
	}
}

var advertised = regexp.MustCompile(`"ApiKey": (\d+), "MinVersion": (\d+), "MaxVersion": (\d+)`)

// advertisedVersions are those that Kafka itself lists, in a script.
func advertisedVersions(t *testing.T) map[string][]string {
	t.Helper()
	text, err := os.ReadFile("testdata/apiversions/unknown.txt")
	if err != nil {
		t.Fatal(err)
	}
	out := map[string][]string{}
	_, text2, _ := strings.Cut(string(text), `"ErrorCode": "NONE"`)
	for _, found := range advertised.FindAllStringSubmatch(text2, -1) {
		key, _ := strconv.Atoi(found[1])
		low, _ := strconv.Atoi(found[2])
		high, _ := strconv.Atoi(found[3])
		name := kmsg.NameForKey(int16(key))
		out[name] = nil // one list of several is enough
		for v := low; v <= high; v++ {
			out[name] = append(out[name], fmt.Sprintf("v%d", v))
		}
	}
	return out
}

func TestTheListHasExactlyTheVersionsThatKafkaAdvertises(t *testing.T) {
	c, err := CoverageOf("testdata")
	if err != nil {
		t.Fatal(err)
	}
	listed := map[string][]string{}
	for _, a := range c.wanted {
		if a.what[0] == 'v' {
			listed[a.api] = append(listed[a.api], a.what)
		}
	}
	kafkas := advertisedVersions(t)
	for api, versions := range listed {
		if !slices.Equal(versions, kafkas[api]) {
			t.Errorf("%s: %v, Kafka has %v", api, versions, kafkas[api])
		}
	}
	if len(listed) == 0 {
		t.Error("no versions are listed")
	}
}
