package checker

import (
	"fmt"
	"strings"
)

// String is a line of verdict, and then some for each anomaly that was kept.
func (r *Result) String() string {
	var b strings.Builder
	b.WriteString(r.headline())
	for _, a := range r.Anomalies {
		fmt.Fprintf(&b, "\n  %s%s: %s", a.Name, a.at(), a.Detail)
		for _, id := range a.Ops {
			fmt.Fprintf(&b, "\n    %s", r.h.Describe(id))
		}
	}
	return b.String()
}

func (r *Result) headline() string {
	s := r.Stats
	text := fmt.Sprintf("%d operations on %d partitions, %d of %d produces acknowledged (%.1f %% unknown), %d records read: ",
		s.Ops, s.Partitions, s.Acked, s.Produces, 100*s.MaybeShare(), s.Records)
	if s.Windows > 0 {
		text = strings.TrimSuffix(text, ": ") + fmt.Sprintf(", %d windows by Porcupine: ", s.Windows)
	}
	if len(r.Allowed) > 0 {
		text = strings.TrimSuffix(text, ": ") + ", allowed " + listed(r.Allowed) + ": "
	}
	if r.Valid() {
		return "valid: " + strings.TrimSuffix(text, ": ")
	}
	return "WRONG: " + text + listed(r.Counts)
}

func listed(counts []Counts) string {
	var names []string
	for _, c := range counts {
		names = append(names, fmt.Sprintf("%s x%d", c.Name, c.Count))
	}
	return strings.Join(names, ", ")
}

func (a *Anomaly) at() string {
	switch {
	case a.At == TP{}:
		return ""
	case a.At.Partition < 0:
		return " " + a.At.Topic
	}
	return fmt.Sprintf(" %s-%d", a.At.Topic, a.At.Partition)
}
