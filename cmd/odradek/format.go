package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"odradek/node/broker"
	"odradek/node/config"
	"odradek/node/env"
)

// formatCmd founds a cluster whose voters are not in its configuration (KIP-853),
// or formats a node of it: kafka-storage format.
type formatCmd struct {
	Config             string   `help:"A server.properties file." type:"existingfile" required:"" short:"c"`
	ClusterID          string   `help:"The cluster's id; drawn, and printed, if it is not given with --standalone." name:"cluster-id" short:"t"`
	Standalone         bool     `help:"This controller is the first voter, and the only one." short:"s"`
	InitialControllers []string `help:"The first voters, separated by commas, the same on each of them." placeholder:"ID@HOST:PORT:DIRECTORY-ID" short:"I"`
	NoInitial          bool     `help:"This controller follows, until it is made a voter." name:"no-initial-controllers" short:"N"`
	IgnoreFormatted    bool     `help:"Leave directories that are formatted as they are." short:"g"`
}

// Run formats.
func (c *formatCmd) Run() error {
	settings, err := (&serveCmd{Config: c.Config}).settings()
	if err != nil {
		return err
	}
	if err := nameHosts(settings); err != nil {
		return err
	}
	rng := seeded()
	f := broker.Founding{ClusterID: c.ClusterID, Standalone: c.Standalone, Initial: c.InitialControllers, Follows: c.NoInitial}
	if f.ClusterID == "" {
		f.ClusterID = settings.ClusterID
	}
	if f.ClusterID == "" && c.Standalone {
		f.ClusterID = env.NewUUID(rng).String()
	}
	if f.ClusterID == "" {
		return errors.New("format: the cluster's id is missing (--cluster-id): all nodes need the same one")
	}
	if f.Formatted, err = c.formatted(settings); err != nil {
		return err
	}
	files, err := broker.Format(settings, f, time.Now().UnixMilli(), rng)
	if err != nil {
		return err
	}
	for _, file := range files {
		if err := writeWhole(file); err != nil {
			return fmt.Errorf("format: %w", err)
		}
	}
	fmt.Printf("node %d of cluster %s: %d files written, %d directories left as they were\n",
		settings.NodeID, f.ClusterID, len(files), len(f.Formatted))
	return nil
}

// formatted are the directories that are, an error unless that is to be ignored.
func (c *formatCmd) formatted(b *config.Broker) (all []string, err error) {
	for _, dir := range broker.Folders(b) {
		_, err := os.Stat(filepath.Join(dir, "meta.properties"))
		switch {
		case errors.Is(err, os.ErrNotExist):
		case err != nil:
			return nil, fmt.Errorf("format: %w", err)
		case !c.IgnoreFormatted:
			return nil, fmt.Errorf("format: %s is formatted already; --ignore-formatted leaves it as it is", dir)
		default:
			all = append(all, dir)
		}
	}
	return all, nil
}

// writeWhole writes a file so that it is there whole or not at all, and stays.
func writeWhole(f broker.File) error {
	dir := filepath.Dir(f.Path)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	out, err := os.Create(f.Path + ".tmp")
	if err != nil {
		return err
	}
	_, err = out.Write(f.Data)
	if err = errors.Join(err, out.Sync(), out.Close()); err != nil {
		return err
	}
	if err := os.Rename(out.Name(), f.Path); err != nil {
		return err
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	return errors.Join(d.Sync(), d.Close())
}
