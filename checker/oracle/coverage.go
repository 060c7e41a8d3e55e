package oracle

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
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
		for _, e := range s.exchanges() {
			c.note(e)
		}
	}
	text, err := os.ReadFile(filepath.Join(dir, "errors.txt"))
	if err != nil {
		return c, fmt.Errorf("list of errors: %w", err)
	}
	return c, c.parseAims(string(text))
}

// note counts what a request and Kafka's response to it show. A request that
// was never answered shows nothing.
func (c *Coverage) note(e entry) {
	words := strings.Fields(e.text[0])
	if e.kind != request || e.want == nil || len(words) < 3 || keyOf(words[1]) < 0 {
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
	n := 0
	for line := range strings.Lines(text) {
		n++
		head, reason, _ := strings.Cut(strings.TrimSpace(line), ": ")
		words := strings.Fields(head)
		if len(words) == 0 || words[0][0] == '#' {
			continue
		}
		if err := c.aimAtAll(words[0], words[1:], reason); err != nil {
			return fmt.Errorf("list of errors, line %d: %w", n, err)
		}
	}
	return nil
}

func (c *Coverage) aimAtAll(api string, whats []string, reason string) error {
	if keyOf(api) < 0 {
		return fmt.Errorf("no request is named %q", api)
	}
	for _, what := range whats {
		if err := c.aimAt(api, what, reason); err != nil {
			return err
		}
	}
	return nil
}

func (c *Coverage) aimAt(api, what, reason string) error {
	if isError(what) {
		c.put(aim{api, what, reason})
		return nil
	}
	first, last, err := parseVersions(what)
	for v := first; err == nil && v <= last; v++ {
		c.put(aim{api, fmt.Sprintf("v%d", v), reason})
	}
	return err
}

// errorCodes is beyond every error code of the protocol.
const errorCodes = 1000

// isError tells whether the protocol has an error of that name, or NONE.
func isError(name string) bool {
	for code := int16(-1); code < errorCodes; code++ {
		if errorName(code) == name {
			return true
		}
	}
	return false
}

// parseVersions reads v3 and v0..13.
func parseVersions(what string) (first, last int, err error) {
	digits, isVersion := strings.CutPrefix(what, "v")
	low, high, isRange := strings.Cut(digits, "..")
	if !isRange {
		high = low
	}
	first, err1 := strconv.Atoi(low)
	last, err2 := strconv.Atoi(high)
	if !isVersion || err1 != nil || err2 != nil || first > last {
		return 0, 0, fmt.Errorf("%q is neither an error nor versions", what)
	}
	return first, last, nil
}

// put adds an aim; a later one for the same thing replaces the reason.
func (c *Coverage) put(a aim) {
	if i := c.index(a.api, a.what); i >= 0 {
		c.wanted[i] = a
		return
	}
	c.wanted = append(c.wanted, a)
}

func (c Coverage) index(api, what string) int {
	return slices.IndexFunc(c.wanted, func(a aim) bool { return a.api == api && a.what == what })
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

// Wrong are what scripts show and the list does not have, or says to be out of
// reach. Versions that do not exist are asked for, too, and are no such thing.
func (c Coverage) Wrong() (out []string) {
	for _, api := range slices.Sorted(maps.Keys(c.seen)) {
		for _, what := range slices.Sorted(maps.Keys(c.seen[api])) {
			i := c.index(api, what)
			if i < 0 && what[0] != 'v' || i >= 0 && c.wanted[i].reason != "" {
				out = append(out, api+" "+what)
			}
		}
	}
	return out
}
