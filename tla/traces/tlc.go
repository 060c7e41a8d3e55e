package main

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"

	"odradek/sim/tracing"
	"odradek/tla/tlc"
)

// verdict is what TLC says of one trace, or of a variant of it.
type verdict struct {
	trace, variant int // from 0; variant -1: none
	accepted       bool
	line, act      int // where it was refused, from 0; if not, behind its end
}

// checking is one run of TLC.
type checking struct {
	tool  tlc.Tool
	specs string // folder of the specifications
	dir   string // where the modules are written
	steps bool   // check that each action is a Next, too
}

// check has TLC look at traces of one kind.
func (c checking) check(ctx context.Context, traces []tracing.Trace, variants []variant) ([]verdict, error) {
	for _, name := range []string{"IsrReplication.tla", "IsrTraces.tla"} {
		text, err := os.ReadFile(filepath.Join(c.specs, name))
		if err == nil {
			err = os.WriteFile(filepath.Join(c.dir, name), text, 0o644)
		}
		if err != nil {
			return nil, fmt.Errorf("specification: %w", err)
		}
	}
	err := errors.Join(
		c.write("IsrTraceData.tla", func(w io.Writer) error { return writeModule(w, traces, variants) }),
		c.write("IsrTraces.cfg", func(w io.Writer) error { return writeConfig(w, traces, c.steps) }))
	if err != nil {
		return nil, err
	}
	cmd := c.tool.Command(ctx, c.dir, filepath.Join(c.dir, "states"), "IsrTraces", "IsrTraces.cfg")
	// Modules of data are deep; and a run is over before the second compiler has paid.
	cmd.Args = slices.Insert(cmd.Args, 1, "-Xss16m", "-XX:TieredStopAtLevel=1")
	out, err := cmd.CombinedOutput()
	all := verdicts(out)
	if err != nil {
		return all, fmt.Errorf("tlc: %w\n%s", err, tail(out))
	}
	if len(all) != len(traces)+len(variants) {
		return all, fmt.Errorf("tlc told of %d traces, of %d\n%s", len(all), len(traces)+len(variants), tail(out))
	}
	return all, nil
}

func (c checking) write(name string, text func(io.Writer) error) error {
	var b bytes.Buffer
	if err := text(&b); err != nil {
		return err
	}
	return os.WriteFile(filepath.Join(c.dir, name), b.Bytes(), 0o644)
}

var told = regexp.MustCompile(`<<"(accepted|at)", (\d+), (\d+), (\d+), (\d+)>>`)

// verdicts reads what IsrTraces prints, a line for each state: the last of those of a
// trace tells where it was refused, if it was not accepted.
func verdicts(out []byte) (all []verdict) {
	last := map[[2]int]verdict{}
	for _, m := range told.FindAllSubmatch(out, -1) {
		n := func(i int) int {
			x, _ := strconv.Atoi(string(m[i]))
			return x
		}
		v := verdict{trace: n(2) - 1, variant: n(3) - 1, accepted: string(m[1]) == "accepted", line: n(4) - 1, act: n(5)}
		if was, ok := last[v.key()]; !ok || v.beyond(was) {
			last[v.key()] = v
		}
	}
	for _, v := range last {
		all = append(all, v)
	}
	slices.SortFunc(all, func(a, b verdict) int {
		return cmp.Or(cmp.Compare(a.trace, b.trace), cmp.Compare(a.variant, b.variant))
	})
	return all
}

func (v verdict) key() [2]int { return [2]int{v.trace, v.variant} }

// beyond tells whether v is a state of a trace that comes after was.
func (v verdict) beyond(was verdict) bool {
	return v.line > was.line || v.line == was.line && v.act > was.act
}

// tail is the end of TLC's output.
func tail(out []byte) []byte { return out[max(0, len(out)-4000):] }
