package groups

import (
	"fmt"
	"io"
	"slices"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/twmb/franz-go/pkg/kadm"
)

// none is what a table shows where there is nothing.
const none = "-"

// Table writes rows under a head, in columns.
func Table(w io.Writer, head []string, rows [][]string) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, row := range append([][]string{head}, rows...) {
		if _, err := fmt.Fprintln(t, strings.Join(row, "\t")); err != nil {
			return err
		}
	}
	return t.Flush()
}

// ShowPositions prints the offsets and lag of a group.
func ShowPositions(w io.Writer, g *Group, all []Position) error {
	var rows [][]string
	for i := range all {
		p := &all[i]
		row := []string{g.Name, p.Topic, strconv.Itoa(int(p.Partition)), number(p.Committed), number(p.End), number(p.Lag())}
		if p.Owner == nil {
			row = append(row, none, none, none)
		} else {
			row = append(row, p.Owner.ID, p.Owner.Host, p.Owner.Client)
		}
		rows = append(rows, row)
	}
	return Table(w, []string{"GROUP", "TOPIC", "PARTITION", "CURRENT-OFFSET", "LOG-END-OFFSET", "LAG", "CONSUMER-ID", "HOST", "CLIENT-ID"}, rows)
}

// ShowMembers prints a group's members; verbose: with epochs and partitions.
func ShowMembers(w io.Writer, g *Group, verbose bool) error {
	head := []string{"GROUP", "CONSUMER-ID", "GROUP-INSTANCE-ID", "HOST", "CLIENT-ID", "#PARTITIONS"}
	if verbose {
		head = append(head, "CURRENT-EPOCH", "CURRENT-ASSIGNMENT", "TARGET-EPOCH", "TARGET-ASSIGNMENT")
	}
	var rows [][]string
	for i := range g.Members {
		m := &g.Members[i]
		row := []string{g.Name, m.ID, or(m.Instance), m.Host, m.Client, strconv.Itoa(count(m.Assigned))}
		if verbose {
			row = append(row, number(int64(m.Epoch)), partitions(m.Assigned), number(int64(g.Target)), partitions(m.Target))
		}
		rows = append(rows, row)
	}
	return Table(w, head, rows)
}

// ShowState prints what state a group is in.
func ShowState(w io.Writer, g *Group) error {
	c := g.Coordinator
	return Table(w, []string{"GROUP", "COORDINATOR (ID)", "ASSIGNMENT-STRATEGY", "STATE", "GROUP-EPOCH", "TARGET-ASSIGNMENT-EPOCH", "#MEMBERS"},
		[][]string{{g.Name, fmt.Sprintf("%s:%d (%d)", c.Host, c.Port, c.NodeID), or(g.Strategy), g.State,
			number(int64(g.Epoch)), number(int64(g.Target)), strconv.Itoa(len(g.Members))}})
}

func number(n int64) string {
	if n < 0 {
		return none
	}
	return strconv.FormatInt(n, 10)
}

func or(s string) string {
	if s == "" {
		return none
	}
	return s
}

func count(s kadm.TopicsSet) (n int) {
	s.Each(func(string, int32) { n++ })
	return n
}

// partitions are as Kafka shows them: topic:0,1;other:2.
func partitions(s kadm.TopicsSet) string {
	var all []string
	for _, t := range s.Sorted() {
		var ids []string
		for _, p := range slices.Sorted(slices.Values(t.Partitions)) {
			ids = append(ids, strconv.Itoa(int(p)))
		}
		all = append(all, t.Topic+":"+strings.Join(ids, ","))
	}
	return or(strings.Join(all, ";"))
}
