package oracle

import (
	"fmt"
	"strconv"
	"strings"
)

// Parse reads a script's text; name is for messages.
func Parse(name, text string) (*Script, error) {
	s := &Script{Name: name, Config: map[string]string{}}
	for i, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if err := s.parseLine(i+1, line); err != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, i+1, err)
		}
	}
	return s, nil
}

func (s *Script) parseLine(n int, line string) error {
	switch {
	case line == "" || line[0] == '#':
		s.add(remark, n, line, "")
		return nil
	case line[0] == '@':
		return s.parseDirective(n, line)
	case strings.HasPrefix(line, "> "):
		s.add(request, n, line, "")
		return nil
	}
	return s.parseRest(line)
}

func (s *Script) add(k kind, n int, line, arg string) {
	s.entries = append(s.entries, entry{kind: k, line: n, text: []string{line}, arg: arg})
}

func (s *Script) parseDirective(n int, line string) error {
	word, arg, _ := strings.Cut(line, " ")
	arg = strings.TrimSpace(arg)
	switch word {
	case "@fresh":
		s.Fresh = true
		s.add(remark, n, line, "")
	case "@config":
		key, value, _ := strings.Cut(arg, "=")
		s.Config[key] = value
		s.add(remark, n, line, "")
	case "@nodes":
		nodes, err := strconv.Atoi(arg)
		if err != nil || nodes < 1 {
			return fmt.Errorf("not a number of nodes: %q", arg)
		}
		s.Nodes = nodes
		s.add(remark, n, line, "")
	case "@at", "@stop", "@kill", "@start":
		s.add(act, n, line, word[1:]+" "+arg)
	case "@conn":
		s.add(useConn, n, line, arg)
	case "@save":
		s.add(save, n, line, arg)
	case "@until":
		s.add(until, n, line, arg)
	case "@later":
		s.add(later, n, line, arg)
	case "@await":
		s.add(await, n, line, arg)
	default:
		return fmt.Errorf("unknown directive %s", word)
	}
	return nil
}

// parseRest takes the lines that belong to the request above them.
func (s *Script) parseRest(line string) error {
	if len(s.entries) == 0 || !s.entries[len(s.entries)-1].answered() {
		return fmt.Errorf("no request above %q", line)
	}
	e := &s.entries[len(s.entries)-1]
	for _, at := range []struct {
		prefix string
		lines  *[]string
	}{{"< ", &e.want}, {"<o ", &e.ours}, {"! ", &e.reason}} {
		if rest, ok := strings.CutPrefix(line, at.prefix); ok {
			*at.lines = append(*at.lines, rest)
			return nil
		}
	}
	if !strings.HasPrefix(line, "  ") || e.want != nil || e.kind != request {
		return fmt.Errorf("cannot be read: %q", line)
	}
	e.text = append(e.text, line)
	return nil
}
