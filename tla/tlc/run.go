package tlc

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// Run checks a model in the folder of the specifications. progress is told TLC's
// lines of how far it got, once a minute. An error means that TLC did not come to an end.
func (t Tool) Run(ctx context.Context, specs string, c Config, progress func(string)) (Result, error) {
	states, err := os.MkdirTemp("", "tlc-")
	if err != nil {
		return Result{}, fmt.Errorf("folder for states: %w", err)
	}
	defer os.RemoveAll(states)
	cmd := t.Command(ctx, specs, states, c.Module, c.File)
	out, err := cmd.StdoutPipe()
	if err != nil {
		return Result{}, fmt.Errorf("java: %w", err)
	}
	cmd.Stderr = cmd.Stdout
	began := time.Now()
	if err := cmd.Start(); err != nil {
		return Result{}, fmt.Errorf("java: %w", err)
	}
	var all strings.Builder
	for lines := bufio.NewScanner(out); lines.Scan(); {
		if strings.HasPrefix(lines.Text(), "Progress(") {
			progress(lines.Text())
		}
		fmt.Fprintln(&all, lines.Text())
	}
	ended := cmd.Wait() // not 0 if something is violated: its output tells
	r, err := Parse(all.String())
	r.Took = time.Since(began)
	if err != nil {
		return r, fmt.Errorf("%s: %w (java: %v)", c.File, err, ended)
	}
	return r, nil
}
