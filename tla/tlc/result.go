package tlc

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// Result is what TLC has found.
type Result struct {
	Violated string // name of what does not hold; "" if it all does
	Steps    int    // of the counterexample, its first state not counted
	Distinct string // states, with TLC's commas
	Depth    string // of the graph of states; "" if it was not searched whole
	Took     time.Duration
}

var (
	violated = regexp.MustCompile(`(?m)^Error: (?:Invariant|Action property) (\w+) is violated`)
	temporal = regexp.MustCompile(`(?m)^Error: Temporal properties were violated`)
	state    = regexp.MustCompile(`(?m)^State (\d+):`)
	distinct = regexp.MustCompile(`(?m)^[\d,]+ states generated.*?, ([\d,]+) distinct states found`)
	depth    = regexp.MustCompile(`(?m)^The depth of the complete state graph search is (\d+)`)
	complete = regexp.MustCompile(`(?m)^Model checking completed. No error has been found`)
)

// Parse reads TLC's output. An error says that TLC did not come to an end, with the
// last of what it said.
func Parse(out string) (Result, error) {
	r := Result{Distinct: first(distinct, out)}
	if complete.MatchString(out) {
		r.Depth = first(depth, out)
		return r, nil
	}
	if r.Violated = first(violated, out); r.Violated == "" && temporal.MatchString(out) {
		r.Violated = Temporal
	}
	if r.Violated == "" {
		return r, fmt.Errorf("TLC has found nothing:\n%s", tail(out))
	}
	if all := state.FindAllStringSubmatch(out, -1); len(all) > 0 {
		last, _ := strconv.Atoi(all[len(all)-1][1]) // digits
		r.Steps = last - 1
	}
	return r, nil
}

// Temporal is violated when TLC does not say which temporal property is.
const Temporal = "Temporal"

func first(what *regexp.Regexp, text string) string {
	if m := what.FindStringSubmatch(text); m != nil {
		return m[1]
	}
	return ""
}

// told is how much of TLC's output an error shows.
const told = 40

func tail(out string) string {
	lines := strings.Split(strings.TrimSpace(out), "\n")
	return strings.Join(lines[max(0, len(lines)-told):], "\n")
}

// Against says in which way a result is not what a configuration expects, or nil.
func (r Result) Against(c Config) error {
	switch {
	case c.Expect == Holds && r.Violated != "":
		return fmt.Errorf("%s: %s is violated, after %d steps", c.File, r.Violated, r.Steps)
	case c.Expect != Holds && r.Violated != c.Expect:
		return fmt.Errorf("%s: %s is not violated", c.File, c.Expect)
	}
	return nil
}
