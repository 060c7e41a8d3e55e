package tlc

import (
	"bufio"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Config is a model: a configuration file of TLC, whose comments at its beginning say
// for us
//
//	\* why it is there, in words
//	\* Module: IsrReplicationMC         the module that it is for; else its name before "_"
//	\* Expect: NeverCommittedLost       what it must violate; "holds": nothing
//	\* Full: 20 minutes                 it takes longer than one wants to wait
type Config struct {
	File   string // its base name
	Why    string
	Module string
	Expect string
	Full   string // how long it takes; "": not long
}

// Holds is what is expected of a configuration that violates nothing.
const Holds = "holds"

// Configs are the models in a folder, by name: those that hold first. Files without
// "Expect" are for others.
func Configs(dir string) ([]Config, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.cfg"))
	if err != nil {
		return nil, err
	}
	var all []Config
	for _, file := range files {
		c, err := read(file)
		if err != nil {
			return nil, fmt.Errorf("configuration: %w", err)
		}
		if c.Expect != "" {
			all = append(all, c)
		}
	}
	slices.SortStableFunc(all, func(a, b Config) int { return a.rank() - b.rank() })
	return all, nil
}

func (c *Config) rank() int {
	if c.Expect == Holds {
		return 0
	}
	return 1
}

func read(file string) (Config, error) {
	c := Config{File: filepath.Base(file)}
	c.Module, _, _ = strings.Cut(strings.TrimSuffix(c.File, ".cfg"), "_")
	text, err := os.Open(file)
	if err != nil {
		return c, err
	}
	defer text.Close()
	lines := bufio.NewScanner(text)
	for lines.Scan() {
		line, isComment := strings.CutPrefix(lines.Text(), `\* `)
		if !isComment {
			break
		}
		c.note(line)
	}
	return c, lines.Err()
}

func (c *Config) note(line string) {
	key, value, _ := strings.Cut(line, ": ")
	switch key {
	case "Module":
		c.Module = value
	case "Expect":
		c.Expect = value
	case "Full":
		c.Full = value
	default:
		c.Why = strings.TrimSpace(c.Why + " " + line)
	}
}
