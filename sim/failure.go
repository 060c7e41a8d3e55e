package sim

import (
	"regexp"
	"slices"
	"strings"
)

// Names say what kind of failure a verdict is: the invariant that was seen broken,
// the anomalies of the history, what panicked, or what did not come to its end.
// Numbers in them are left out. None if nothing failed.
func (v Verdict) Names() []string {
	first, _, _ := strings.Cut(v.Reason, "\n")
	switch {
	case v.Outcome == Fine:
		return nil
	case v.Inside:
		_, what, _ := strings.Cut(first, "seen inside: ")
		name, _, _ := strings.Cut(what, ":")
		return []string{name}
	case v.Outcome == Lifeless:
		name, _, _ := strings.Cut(first, ":")
		return []string{name}
	case v.Outcome == Crashed:
		_, what, _ := strings.Cut(first, ": ") // when
		return []string{digits.ReplaceAllString(what, "N")}
	case v.Result.Valid():
		return []string{"a client's complaint"}
	}
	var names []string
	for _, n := range v.Result.Counts {
		names = append(names, n.Name)
	}
	return names
}

var digits = regexp.MustCompile(`[0-9]+`)

// As tells whether a run failed as another one did: with the same outcome, and one
// name at least that the other has, too; and if that one had stayed within the budget
// of its campaign, within it.
func (v Verdict) As(other Verdict) bool {
	if v.Outcome != other.Outcome || v.Inside != other.Inside || other.Beyond == "" && v.Beyond != "" {
		return false
	}
	names := other.Names()
	return slices.ContainsFunc(v.Names(), func(name string) bool { return slices.Contains(names, name) })
}
