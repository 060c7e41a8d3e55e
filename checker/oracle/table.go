package oracle

import (
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// String is the table: request, version or error, covered or why not.
func (c Coverage) String() string {
	var b strings.Builder
	for key := range int16(kmsg.MaxKey + 1) {
		c.writeAPI(&b, kmsg.NameForKey(key))
	}
	for _, line := range c.Wrong() {
		fmt.Fprintf(&b, "\n%s is in a script, and not in the list or there with a reason", line)
	}
	fmt.Fprintf(&b, "\n%d versions and errors, %d neither covered nor explained\n", len(c.wanted), len(c.Missing()))
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
