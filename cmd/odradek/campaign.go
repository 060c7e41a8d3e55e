package main

import (
	"fmt"
	"os"
	"time"

	"odradek/sim"
)

// tally counts the runs of a campaign by what happened to their storage.
type tally struct {
	runs, losing, beyond, times int
	why                         string // the first that went beyond the budget
}

func (t *tally) add(v sim.Verdict) {
	t.runs++
	t.times += v.Lost
	if v.Lost > 0 {
		t.losing++
	}
	if v.Beyond != "" {
		if t.beyond++; t.why == "" {
			t.why = fmt.Sprintf("seed %d: %s", v.Seed, v.Beyond)
		}
	}
}

// Of the runs of a campaign that loses storage so many have to lose some, and of all
// runs no more than so many may leave the budget, in a hundred. Few runs prove nothing.
const (
	leastLosing = 50
	mostBeyond  = 5
	enoughRuns  = 10
)

// judge says what the campaign was worth.
func (t *tally) judge(c sim.Campaign) error {
	if !c.Loses() {
		return nil
	}
	fmt.Fprintf(os.Stderr, "%d of %d runs lost storage, %d times; %d went beyond the budget\n", t.losing, t.runs, t.times, t.beyond)
	if t.why != "" {
		fmt.Fprintln(os.Stderr, t.why)
	}
	switch {
	case t.runs < enoughRuns:
		return nil
	case 100*t.losing < leastLosing*t.runs:
		return exitCode{1, fmt.Sprintf("only %d of %d runs lost storage", t.losing, t.runs)}
	case 100*t.beyond > mostBeyond*t.runs:
		return exitCode{1, fmt.Sprintf("%d of %d runs went beyond the budget", t.beyond, t.runs)}
	}
	return nil
}

// budget says whether a run stayed within its budget.
func budget(v sim.Verdict) string {
	if v.Beyond != "" {
		return fmt.Sprintf("storage was lost %d times, beyond the budget: %s", v.Lost, v.Beyond)
	}
	return fmt.Sprintf("storage was lost %d times, within the budget", v.Lost)
}

// again is the options with which a seed runs again.
func (c *simCmd) again(v sim.Verdict) string {
	all := ""
	if c.Campaign != "" {
		all += " --campaign " + c.Campaign
	}
	if c.Mutant != "" {
		all += " --mutant " + c.Mutant
	}
	if c.Blind {
		all += " --blind"
	}
	if c.Shrink || c.Knobs != "" { // which have what was asked for
		all += fmt.Sprintf(" --knobs '%v'", v.Knobs)
	} else {
		all += c.Always.flags()
	}
	if c.Shrink || c.Plan != nil {
		all += fmt.Sprintf(" --plan '%s'", v.Plan.Line())
	}
	return all
}

// negative runs seeds of a campaign in which records have to be lost, until it is
// seen; what else goes wrong on the way does not count.
func (c *simCmd) negative(o sim.RunOptions) error {
	if c.Seeds == "" {
		c.Seeds = "0..100"
	}
	first, last, err := parseSeeds(c.Seeds)
	if err != nil {
		return err
	}
	begun := time.Now()
	for seed := first; seed < last; seed++ {
		if v := sim.Run(seed, o); v.Outcome == sim.Wrong {
			fmt.Printf("%s: expected, and found at seed %d, the %d. of %d: %s\n", c.Campaign, seed, seed-first+1, last-first, foundBy(v))
			return nil
		} else if v.Outcome != sim.Fine {
			fmt.Printf("seed %d: %v: %s\n", seed, v.Outcome, v.Reason)
		}
	}
	return exitCode{1, fmt.Sprintf("%s: nothing was lost in %d seeds, %v", c.Campaign, last-first, time.Since(begun).Round(time.Millisecond))}
}

// always are the flags of what every seed has.
type always struct {
	Groups  bool `help:"Let every seed have groups, the rest of its draws as they are."`
	Journal bool `help:"Let every seed have a journal, the rest of its draws as they are."`
}

func (a always) flags() string {
	all := ""
	if a.Groups {
		all += " --groups"
	}
	if a.Journal {
		all += " --journal"
	}
	return all
}
