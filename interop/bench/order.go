package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"time"
)

// report is all that was found.
type report struct {
	Command string
	Machine string
	When    time.Time
	Rounds  int
	Length  string
	Load    []string // of the machine: its averages of 1, 5 and 15 minutes, before and after
	Brokers []string // in the order of values
	Rows    []*row
	Costs   []*costRow
}

func (o *options) run(ctx context.Context) (err error) {
	dir, err := os.MkdirTemp(o.dir, "odradek-bench.")
	if err != nil {
		return fmt.Errorf("folder for data: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	if o.profiles != "" {
		if err := os.MkdirAll(o.profiles, 0o755); err != nil {
			return fmt.Errorf("folder for profiles: %w", err)
		}
	}
	r := &report{
		Command: "go run ./interop/bench " + strings.Join(os.Args[1:], " "), Machine: machine(),
		When: time.Now().UTC(), Rounds: o.rounds, Length: o.length.String(), Load: []string{loadAverage()},
	}
	err = o.measureAll(ctx, dir, r) // what was found until then is shown all the same
	r.Load = append(r.Load, loadAverage())
	r.Rows = append(r.Rows, againstDisk(r.Rows)...)
	r.print(os.Stdout)
	return errors.Join(err, o.writeJSON(r), o.writePage(r))
}

func (o *options) measureAll(ctx context.Context, dir string, r *report) error {
	for _, text := range strings.Split(o.nodes, ",") {
		nodes, err := strconv.Atoi(text)
		if err != nil {
			return fmt.Errorf("nodes of a cluster: %w", err)
		}
		if err := o.measureCluster(ctx, filepath.Join(dir, text), nodes, r); err != nil {
			return err
		}
	}
	return nil
}

func (o *options) writeJSON(r *report) error {
	if o.json == "" {
		return nil
	}
	text, err := json.MarshalIndent(r, "", "\t")
	if err != nil {
		return err
	}
	return os.WriteFile(o.json, append(text, '\n'), 0o644)
}

// measureCluster starts what is to be measured with so many nodes, measures, and
// stops it.
func (o *options) measureCluster(ctx context.Context, dir string, nodes int, r *report) (err error) {
	if err := os.Mkdir(dir, 0o755); err != nil {
		return fmt.Errorf("folder for data: %w", err)
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	o.say("starting clusters of %d", nodes)
	brokers, err := o.start(ctx, dir, nodes)
	defer func() {
		for _, b := range brokers {
			err = errors.Join(err, b.stop())
		}
	}()
	if err != nil {
		return err
	}
	r.Brokers = nil
	for _, b := range brokers {
		r.Brokers = append(r.Brokers, b.name)
	}
	if nodes == 1 {
		if err := o.before(ctx, dir, brokers, r); err != nil {
			return err
		}
	}
	if err := o.takeTurns(ctx, nodes, brokers, r); err != nil {
		return err
	}
	if nodes == 1 {
		return o.after(ctx, brokers, r)
	}
	return nil
}

// before is what is measured while the brokers have done nothing.
func (o *options) before(ctx context.Context, dir string, brokers []*broker, r *report) error {
	if o.only != "" || o.address != "" {
		return nil
	}
	disk, err := o.diskRows(dir, len(brokers))
	if err != nil {
		return err
	}
	first, err := o.firstStart(ctx, filepath.Join(dir, "first"), len(brokers))
	if err != nil {
		return err
	}
	r.Rows = append(append(r.Rows, disk...), first)
	r.Rows = append(r.Rows, resident("when idle", brokers)...)
	idle, err := o.idlePartitions(ctx, brokers)
	r.Rows = append(r.Rows, idle...)
	return err
}

// after is what is measured when they have a past.
func (o *options) after(ctx context.Context, brokers []*broker, r *report) error {
	if o.only != "" || o.address != "" {
		return nil
	}
	rows, costs, err := o.growth(ctx, brokers)
	if err != nil {
		return err
	}
	r.Rows, r.Costs = append(r.Rows, rows...), append(r.Costs, costs...)
	r.Rows = append(r.Rows, resident("after all this", brokers)...)
	rows, err = o.starts(ctx, brokers)
	r.Rows = append(r.Rows, rows...)
	return err
}

// takeTurns lets the brokers take turns, so that what else this machine does
// hits them alike.
func (o *options) takeTurns(ctx context.Context, nodes int, brokers []*broker, r *report) error {
	for _, m := range plan {
		if m.nodes != nodes && o.address == "" || !strings.Contains(m.name, o.only) {
			continue
		}
		rows, costs := m.rows(len(brokers)), m.costs(len(brokers))
		for round := range o.rounds {
			for i := range brokers {
				at := (i + round) % len(brokers)
				o.say("%s, round %d of %d: %s", m.name, round+1, o.rounds, brokers[at].name)
				if err := o.measure(ctx, m, brokers[at], rows, costs, at); err != nil {
					return fmt.Errorf("%s: %s: %w", brokers[at].name, m.name, err)
				}
			}
		}
		r.Rows = append(r.Rows, rows...)
		if m.unit != "" && len(brokers[0].pids) > 0 {
			r.Costs = append(r.Costs, costs)
		}
	}
	return nil
}
