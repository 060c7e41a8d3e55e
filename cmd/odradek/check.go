package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"odradek/checker"
)

// checkCmd judges a history that was recorded.
type checkCmd struct {
	History   string `arg:"" help:"The file with the history; - is the standard input."`
	Format    string `help:"How it is written: ${enum}. lines: as sim --history writes it; jepsen: EDN of Jepsen's Kafka workload; auto: by how it begins." enum:"auto,lines,jepsen" default:"auto"`
	Given     string `help:"What a correct history may show, beside what the file says itself: words such as end-may-lag, retention, markers=*, allow=none; see the checker's README." placeholder:"WORDS"`
	Porcupine bool   `help:"Ask Porcupine, too, about windows of every partition."`
	Report    string `help:"Write the page to this file; nothing: no page." default:"report.html" placeholder:"FILE"`
}

// What check ends with, beside 0.
const (
	historyWrong      = 1
	historyUnreadable = 2
)

// Run runs.
func (c *checkCmd) Run() error {
	h, o, err := c.read()
	if err != nil {
		return exitCode{historyUnreadable, fmt.Sprintf("%s: %v", c.History, err)}
	}
	judge := checker.Check
	if c.Porcupine {
		judge = checker.CheckBoth
	}
	r := judge(h, o)
	fmt.Println(r)
	if c.Report != "" {
		if err := c.write(r); err != nil {
			return exitCode{historyUnreadable, fmt.Sprintf("report: %v", err)}
		}
	}
	if !r.Valid() {
		return exitCode{historyWrong, "the history is wrong" + page(c.Report)}
	}
	return nil
}

func page(name string) string {
	if name == "" {
		return ""
	}
	return "; the page is " + name
}

func (c *checkCmd) read() (*checker.History, checker.Options, error) {
	in := io.ReadCloser(os.Stdin)
	if c.History != "-" {
		f, err := os.Open(c.History)
		if err != nil {
			return nil, checker.Options{}, err
		}
		in = f
	}
	defer in.Close()
	h, o, err := checker.Read(in, checker.Format(c.Format))
	if err == nil && h.Len() == 0 {
		err = errors.New("there are no operations in it, and a verdict would say nothing")
	}
	if err == nil {
		o, err = checker.ParseOptions(c.Given, o)
	}
	return h, o, err
}

func (c *checkCmd) write(r *checker.Result) error {
	f, err := os.Create(c.Report)
	if err != nil {
		return err
	}
	command := fmt.Sprintf("odradek check %s --format %s --given '%s'", c.History, c.Format, c.Given)
	return errors.Join(r.WriteCase(f, checker.Case{Command: command}), f.Close())
}
