package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
)

// machine says on what it was measured.
func machine() string {
	model := "an unknown processor"
	if f, err := os.Open("/proc/cpuinfo"); err == nil {
		lines := bufio.NewScanner(f)
		for lines.Scan() {
			if name, value, _ := strings.Cut(lines.Text(), ":"); strings.TrimSpace(name) == "model name" {
				model = strings.TrimSpace(value)
				break
			}
		}
		_ = f.Close() // it was only read
	}
	memory := fields("/proc/meminfo")["MemTotal:"] / 1e6
	return fmt.Sprintf("%d cores of %s, %.0f GB of memory, %s %s, %s", runtime.NumCPU(), model, memory, runtime.GOOS, runtime.GOARCH, runtime.Version())
}

// loadAverage is what the system says of how busy it is; "" where it does not.
func loadAverage() string {
	text, _ := os.ReadFile("/proc/loadavg")
	if f := strings.Fields(string(text)); len(f) > 2 {
		return strings.Join(f[:3], " ")
	}
	return ""
}

// writePage writes the page and its drawing, if one is asked for.
func (o *options) writePage(r *report) error {
	if o.page == "" {
		return nil
	}
	plot := strings.TrimSuffix(o.page, ".md") + ".svg"
	return errors.Join(
		os.WriteFile(o.page, []byte(r.page(filepath.Base(plot))), 0o644),
		os.WriteFile(plot, []byte(r.plot()), 0o644))
}

// page is the report as Markdown.
func (r *report) page(plot string) string {
	var b strings.Builder
	fmt.Fprintf(&b, `# Speed, measured

Written by a program: do not edit. Measured on %s with

    %s

on %s, whose load average was %s before and %s after (the measurements themselves
make it about 3; more is other work, and then times say little). A broker and its load generator share the machine, brokers take turns, and
each measurement takes %s, %d time(s): the median, and from the least to the most. Odradek has every record on the disk before it acknowledges; "kafka" is Apache Kafka
4.4.0 with its defaults, which has not; "kafka-fsync" has log.flush.interval.messages=1. A ratio above 1 is in our favour, for times and
bytes too. The disk's own figures are measured in the same run. Times depend on what else a machine does; allocations, and calls of the
system, hardly do.

`, r.When.Format("2 January 2006"), r.Command, r.Machine, r.Load[0], r.Load[len(r.Load)-1], r.Length, r.Rounds)
	if len(r.others()) > 0 {
		fmt.Fprintf(&b, "![Ratios](%s)\n\n", plot)
	}
	markdown(&b, r.figures())
	b.WriteString("\n## What one request or record costs\n\nA fetch brings up to 1 MB of each of its partitions. Kafka does not say what it allocates.\n\n")
	markdown(&b, r.costLines())
	return b.String()
}

// markdown writes a table, its head first.
func markdown(b *strings.Builder, lines [][]string) {
	for i, line := range lines {
		fmt.Fprintf(b, "| %s |\n", strings.Join(line, " | "))
		if i == 0 {
			b.WriteString(strings.Repeat("|---", len(line)) + "|\n")
		}
	}
}
