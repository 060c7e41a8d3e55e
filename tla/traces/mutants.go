package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"odradek/node/mutant"
)

// replication are the mutants of BUGZOO's section A that the code has.
const replication = "A1,A2,A3,A4,A6,A8,A9,A10,A11,A13,A15,A16,A18,A19,A21,A22,A23,A24,A25,A29,A30,A31,A32,A33,A34,A35"

// showMutants says a line of each mutant: how many of the seeds' traces are refused, and
// at which action the first of them.
func showMutants(ctx context.Context, ids string, begin func() *session) error {
	for _, id := range strings.Split(ids, ",") {
		if err := mutant.Enable(id); err != nil {
			return err
		}
		s := begin()
		s.quiet = true
		if err := s.all(ctx); err != nil {
			return fmt.Errorf("%s: %w", id, err)
		}
		text := "accepted"
		if s.refused > 0 {
			text = "refused, one at " + s.at
		}
		fmt.Printf("%-4s %d of %d traces refused, %v: %s\n", id, s.refused, s.refused+s.accepted, time.Since(s.begun).Round(time.Second), text)
	}
	return nil
}
