// Command tla has TLC check the specifications in its folder: that what should hold
// does, and that what should be violated is.
//
//	go run ./tla [-full] [-only text] [-workers 2] [-memory 2g] [-specs folder]
//
// -full takes the large models too. It exits with 1 if a model is not as it says, and
// with 0 and SKIP if Java or TLC is missing; $TLA_REQUIRED=1 makes that 1, too.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"odradek/tla/tlc"
)

// run is what the flags ask for.
type run struct {
	full        bool
	only, specs string
	tool        tlc.Tool
	wrong       int
}

func main() {
	var r run
	flag.BoolVar(&r.full, "full", false, "take the large models too")
	flag.StringVar(&r.only, "only", "", "only models whose name contains this")
	flag.StringVar(&r.specs, "specs", "tla", "folder of the specifications")
	workers := flag.Int("workers", 2, "threads of TLC")
	memory := flag.String("memory", "2g", "heap of TLC")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	tool, err := tlc.Find(ctx)
	if err == nil {
		r.tool, r.tool.Workers, r.tool.Memory = tool, *workers, *memory
		err = r.all(ctx)
	} else {
		err = tlc.Skip("specifications", err)
	}
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func (r *run) all(ctx context.Context) error {
	configs, err := tlc.Configs(r.specs)
	if err != nil {
		return err
	}
	for _, c := range configs {
		if !strings.Contains(c.File, r.only) || c.Full != "" && !r.full {
			continue
		}
		if err := r.one(ctx, c); err != nil {
			fmt.Println("WRONG", err)
			r.wrong++
		}
	}
	if r.wrong > 0 {
		return fmt.Errorf("%d models are not as they say", r.wrong)
	}
	return ctx.Err()
}

// one checks a model, and says in a line what was found.
func (r *run) one(ctx context.Context, c tlc.Config) error {
	name := strings.TrimSuffix(c.File, ".cfg")
	got, err := r.tool.Run(ctx, r.specs, c, func(line string) {
		if r.full {
			fmt.Fprintf(os.Stderr, "  %s: %s\n", name, line)
		}
	})
	if err == nil {
		err = got.Against(c)
	}
	if err != nil {
		return err
	}
	took := got.Took.Round(time.Second)
	if c.Expect == tlc.Holds {
		fmt.Printf("%-28s holds: %s states, depth %s, %v\n", name, got.Distinct, got.Depth, took)
	} else {
		fmt.Printf("%-28s violates %s after %d steps, %v: %s\n", name, got.Violated, got.Steps, took, c.Why)
	}
	return nil
}
