package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"odradek/checker/oracle"
)

// run plays scripts, broker by broker.
type run struct {
	dir, only string
	rewrite   bool
	code      int
}

func (r *run) record(ctx context.Context) int {
	scripts, err := oracle.LoadAll(r.dir)
	if err != nil {
		return r.fail(err)
	}
	var chosen []*oracle.Script
	for _, s := range scripts {
		if strings.Contains(s.Name, r.only) {
			chosen = append(chosen, s)
		}
	}
	for _, group := range oracle.ByBroker(chosen) {
		if err := r.group(ctx, group); err != nil {
			return r.fail(err)
		}
	}
	return r.code
}

func (r *run) fail(err error) int {
	fmt.Fprintln(os.Stderr, err)
	r.code = 2
	return r.code
}

// group starts one Kafka for scripts that can share it.
func (r *run) group(ctx context.Context, scripts []*oracle.Script) (err error) {
	dir, err := os.MkdirTemp("", "oracle-")
	if err != nil {
		return fmt.Errorf("folder for kafka: %w", err)
	}
	defer os.RemoveAll(dir)
	if nodes := scripts[0].Nodes; nodes > 0 {
		return r.cluster(ctx, filepath.Join(dir, "kafka"), nodes, scripts)
	}
	k, err := oracle.StartKafka(ctx, filepath.Join(dir, "kafka"), scripts[0].Config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.Stop()) }()
	for _, s := range scripts {
		if err := r.script(s, oracle.KafkaTCP{TCP: oracle.TCP{Addr: k.Addr()}}); err != nil {
			return err
		}
	}
	return nil
}

// cluster starts as many Kafkas as the scripts need.
func (r *run) cluster(ctx context.Context, dir string, nodes int, scripts []*oracle.Script) (err error) {
	k, err := oracle.StartNodes(ctx, dir, nodes, scripts[0].Config)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, k.End()) }()
	for _, s := range scripts {
		if err := errors.Join(r.script(s, k), k.Revive()); err != nil {
			return err
		}
	}
	return nil
}

func (r *run) script(s *oracle.Script, to oracle.Transport) error {
	before := s.String()
	err := oracle.Record(s, to)
	if err != nil { // what was answered until then is shown
		r.fail(err)
	}
	d := oracle.Diff(before, s.String())
	switch {
	case d == "":
		fmt.Printf("same     %s\n", s.Name)
	case r.rewrite:
		fmt.Printf("written  %s\n", s.Name)
		return os.WriteFile(s.Name, []byte(s.String()), 0o644)
	default:
		fmt.Printf("differs  %s\n%s", s.Name, d)
		r.code = max(r.code, 1)
	}
	return nil
}
