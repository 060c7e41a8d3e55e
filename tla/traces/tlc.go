package main

import (
	"bytes"
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
	line, act      int // where it was refused, from 0
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
	cmd.Args = slices.Insert(cmd.Args, 1, "-Xss16m") // modules of data are deep
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

var told = regexp.MustCompile(`<<"(accepted|refused)", (\d+), (\d+)(?:, (\d+), (\d+))?>>`)

// verdicts reads what IsrTraces prints.
func verdicts(out []byte) (all []verdict) {
	for _, m := range told.FindAllSubmatch(out, -1) {
		n := func(i int) int {
			x, _ := strconv.Atoi(string(m[i])) // "" of those that were accepted: 0
			return x
		}
		all = append(all, verdict{trace: n(2) - 1, variant: n(3) - 1, accepted: string(m[1]) == "accepted", line: n(4) - 1, act: n(5)})
	}
	return all
}

// tail is the end of TLC's output.
func tail(out []byte) []byte { return out[max(0, len(out)-4000):] }
