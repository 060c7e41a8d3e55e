package oracle

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Coverage tells which versions and errors of which request the scripts show,
// against the list of those that there are.
type Coverage struct {
	seen   map[string]map[string]bool // by request; "v3" or the name of an error
	wanted []aim
}

// aim is a line of the file errors.txt: a request, a version or an error, and
// why no script reaches it, or nothing.
type aim struct{ api, what, reason string }

var errorInResponse = regexp.MustCompile(`ErrorCode": "([A-Z_]+)"`)

// CoverageOf reads the scripts below dir, and dir/errors.txt.
func CoverageOf(dir string) (Coverage, error) {
	c := Coverage{seen: map[string]map[string]bool{}}
	scripts, err := LoadAll(dir)
	if err != nil {
		return c, err
	}
	for _, s := range scripts {
		for _, e := range s.entries {
			c.note(e)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "errors.txt"))
	if err != nil {
		return c, fmt.Errorf("list of errors: %w", err)
	}
	return c, c.parseAims(string(text))
}

// note counts what a request and Kafka's response to it show.
func (c *Coverage) note(e entry) {
	words := strings.Fields(e.text[0])
	if e.kind != request || len(words) < 3 || keyOf(words[1]) < 0 {
		return
	}
	seen := c.seen[words[1]]
	if seen == nil {
		seen = map[string]bool{}
		c.seen[words[1]] = seen
	}
	seen[words[2]] = true
	for _, line := range e.want {
		for _, found := range errorInResponse.FindAllStringSubmatch(line, -1) {
			seen[found[1]] = true
		}
	}
}

// parseAims reads lines such as
//
//	Produce v0..13
//	Produce v2: why no script has it
//	Produce INVALID_RECORD CORRUPT_MESSAGE
//	Produce NOT_ENOUGH_REPLICAS: why it cannot be reached
func (c *Coverage) parseAims(text string) error {
	for line := range strings.Lines(text) {
		head, reason, _ := strings.Cut(strings.TrimSpace(line), ": ")
		words := strings.Fields(head)
		if len(words) == 0 || words[0][0] == '#' {
			continue
		}
		if keyOf(words[0]) < 0 {
			return fmt.Errorf("list of errors: no request is named %q", words[0])
		}
		for _, what := range words[1:] {
			c.aimAt(words[0], what, reason)
		}
	}
	return nil
}

func (c *Coverage) aimAt(api, what, reason string) {
	low, high, isRange := strings.Cut(strings.TrimPrefix(what, "v"), "..")
	if !isRange {
		c.put(aim{api, what, reason})
		return
	}
	first, _ := strconv.Atoi(low)
	last, _ := strconv.Atoi(high)
	for v := first; v <= last; v++ {
		c.put(aim{api, fmt.Sprintf("v%d", v), reason})
	}
}

// put adds an aim; a later one for the same thing replaces the reason.
func (c *Coverage) put(a aim) {
	same := func(b aim) bool { return a.api == b.api && a.what == b.what }
	if i := slices.IndexFunc(c.wanted, same); i >= 0 {
		c.wanted[i] = a
		return
	}
	c.wanted = append(c.wanted, a)
}

// Missing are the lines of the table without script and without reason.
func (c Coverage) Missing() (out []string) {
	for _, a := range c.wanted {
		if a.reason == "" && !c.seen[a.api][a.what] {
			out = append(out, a.api+" "+a.what)
		}
	}
	return out
}

// String is the table: request, version or error, covered or why not.
func (c Coverage) String() string {
	var b strings.Builder
	for key := range int16(kmsg.MaxKey + 1) {
		c.writeAPI(&b, kmsg.NameForKey(key))
	}
	missing := c.Missing()
	fmt.Fprintf(&b, "\n%d versions and errors, %d neither covered nor explained\n", len(c.wanted), len(missing))
	return b.String()
}

func (c Coverage) writeAPI(b *strings.Builder, api string) {
	var covered, rest []string
	for _, a := range c.wanted {
		switch {
		case a.api != api:
		case c.seen[api][a.what]:
			covered = append(covered, a.what)
		case a.reason == "":
			rest = append(rest, a.what+": UNCOVERED")
		default:
			rest = append(rest, a.what+": "+a.reason)
		}
	}
	if len(covered)+len(rest) == 0 {
		return
	}
	fmt.Fprintf(b, "\n%s\n  covered: %s\n", api, strings.Join(covered, " "))
	for _, line := range rest {
		fmt.Fprintf(b, "  %s\n", line)
	}
}
