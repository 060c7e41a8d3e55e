package oracle

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// Script is one file: what to ask, and what Kafka answered.
type Script struct {
	Name    string            // path of the file, as given to Load or Parse
	Config  map[string]string // broker properties that it needs
	Fresh   bool              // it needs a broker that no other script used
	Nodes   int               // of the cluster that it needs; 0: it needs one broker
	entries []entry
}

type kind int

const (
	remark kind = iota // a comment, an empty line, or a directive of the whole script
	request
	useConn
	save
	until
	later // the next request is only sent
	await // its answer
	act   // on a node of a cluster
)

// entry is one thing of a script: a line, or a request with its responses.
type entry struct {
	kind kind
	line int      // where it begins, from 1
	text []string // the lines as they stand, without the responses
	arg  string   // of a directive

	want   []string // what Kafka answers; nil before the first recording
	reason []string // why we differ; empty when we do not
	ours   []string // then, what we answer
}

// Load reads one script.
func Load(path string) (*Script, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, fmt.Errorf("load script: %w", err)
	}
	return Parse(path, string(text))
}

// LoadAll reads all scripts below a folder, in the order of their paths.
func LoadAll(dir string) ([]*Script, error) {
	paths, err := filepath.Glob(filepath.Join(dir, "*", "*.txt"))
	if err != nil {
		return nil, fmt.Errorf("list scripts: %w", err)
	}
	slices.Sort(paths)
	var all []*Script
	for _, path := range paths {
		s, err := Load(path)
		if err != nil {
			return nil, err
		}
		all = append(all, s)
	}
	return all, nil
}

// answered tells whether responses stand below it.
func (e entry) answered() bool { return e.kind == request || e.kind == await }

// exchanges are all requests, each with its answer, wherever that stands.
func (s *Script) exchanges() (out []entry) {
	name, sent := "", map[string]entry{}
	for _, e := range s.entries {
		switch {
		case e.kind == later:
			name = e.arg
		case e.kind == request && name != "":
			sent[name], name = e, ""
		case e.kind == await:
			if of, ok := sent[e.arg]; ok {
				e.kind, e.text = request, of.text
				out = append(out, e)
			}
		case e.kind == request:
			out = append(out, e)
		}
	}
	return out
}

// String is the file's text.
func (s *Script) String() string {
	var b strings.Builder
	for _, e := range s.entries {
		e.write(&b)
	}
	return b.String()
}

func (e entry) write(b *strings.Builder) {
	section := func(prefix string, lines []string) {
		for _, line := range lines {
			b.WriteString(prefix + line + "\n")
		}
	}
	section("", e.text)
	section("< ", e.want)
	section("! ", e.reason)
	section("<o ", e.ours)
}

// expected is what a broker other than Kafka has to answer.
func (e entry) expected() []string {
	if len(e.reason) > 0 {
		return e.ours
	}
	return e.want
}
