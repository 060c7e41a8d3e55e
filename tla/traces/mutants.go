package main

import (
	"context"
	"fmt"
	"time"

	"odradek/node/mutant"
	"odradek/sim"
)

// replication are the mutants of BUGZOO's section A that the code has.
var replication = []string{"A1", "A2", "A3", "A4", "A6", "A8", "A9", "A10", "A11", "A13", "A15", "A16", "A18", "A19", "A21", "A22",
	"A23", "A24", "A25", "A29", "A30", "A31", "A32", "A33", "A34", "A35"}

// showMutants says a line of each mutant: after how many seeds a trace is refused, and at
// which action; or that all were accepted.
func showMutants(ctx context.Context, begin func() *session) error {
	for _, id := range replication {
		if err := mutant.Enable(id); err != nil {
			return err
		}
		s := begin()
		s.quiet = true
		for seed := s.first; seed < s.last && s.refused == 0; seed++ {
			if err := s.take(ctx, record(seed, sim.Campaign(s.o.campaign))); err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
			if err := s.flush(ctx, 1); err != nil {
				return fmt.Errorf("%s: %w", id, err)
			}
		}
		took := time.Since(s.begun).Round(time.Second)
		if s.refused > 0 {
			fmt.Printf("%-4s refused after %d seeds, %v, at %s\n", id, s.seeds, took, s.at)
		} else {
			fmt.Printf("%-4s accepted: %d traces of %d seeds, %v\n", id, s.accepted, s.seeds, took)
		}
	}
	return nil
}
