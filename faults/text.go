package faults

import (
	"fmt"
	"strconv"
	"strings"
	"time"
)

func (f Fault) String() string {
	s := f.when() + " " + f.what() + " " + f.Kind.String()
	switch {
	case f.Kind == Partition:
		return s + " " + string(f.Apart)
	case f.Kind.Flips():
		return s + " " + strconv.FormatUint(f.Bit, 10)
	case f.Kind.Delayed():
		return s + " " + f.Delay.String()
	}
	return s
}

func (f Fault) when() string {
	switch {
	case f.Kind.Lasting():
		return "from " + f.At.String() + " to " + f.Until.String()
	case f.ByOp:
		return "at op " + strconv.FormatUint(f.Op, 10)
	}
	return "at " + f.At.String()
}

// what is what the fault happens to.
func (f Fault) what() string {
	switch noun := f.Kind.noun(); noun {
	case "net":
		return noun
	case "link":
		return noun + " " + side(f.On) + ">" + side(f.To)
	default:
		return noun + " " + strconv.Itoa(f.On)
	}
}

// Parse reads the text form of a plan, String's or Line's. Its errors name the line.
func Parse(text string) (Plan, error) {
	var p Plan
	for i, line := range strings.Split(text, "\n") {
		if strings.HasPrefix(strings.TrimSpace(line), "#") {
			continue
		}
		for part := range strings.SplitSeq(line, ";") {
			if part = strings.TrimSpace(part); part == "" {
				continue
			}
			f, err := ParseFault(part)
			if err != nil {
				return nil, fmt.Errorf("line %d, %q: %w", i+1, part, err)
			}
			p = append(p, f)
		}
	}
	return p, nil
}

// ParseFault reads one line.
func ParseFault(line string) (Fault, error) {
	w := words{left: strings.Fields(line)}
	var f Fault
	w.when(&f)
	noun := w.oneOf("node", "conn", "link", "net")
	switch noun {
	case "link":
		w.link(&f)
	case "node", "conn":
		f.On = int(w.number(31))
	}
	f.Kind = w.kind()
	w.argument(&f)
	if w.err == nil && len(w.left) > 0 {
		w.fail("%q is too much", w.left[0])
	}
	if w.err == nil {
		w.err = f.check(noun)
	}
	return f, w.err
}

// check refuses what the words alone allow.
func (f Fault) check(noun string) error {
	switch {
	case noun != f.Kind.noun():
		return fmt.Errorf("%v does not happen to a %s", f.Kind, noun)
	case f.ByOp && !f.Kind.Counted():
		return fmt.Errorf("%v does not happen at an operation", f.Kind)
	case f.Kind.Lasting() != (f.Until > 0):
		return fmt.Errorf("%v needs 'at' or 'from ... to ...'", f.Kind)
	case f.Until != 0 && f.Until <= f.At:
		return fmt.Errorf("it ends before it begins")
	case f.At < 0 || f.Delay < 0 && f.Kind != Clock && f.Kind != Drift:
		return fmt.Errorf("a time is negative")
	case f.Kind == Drift && f.Delay.Abs() >= time.Second:
		return fmt.Errorf("a clock that drifts by a second in each second goes backwards")
	case f.Kind.Linked() && f.On == f.To:
		return fmt.Errorf("a link to itself")
	}
	return nil
}

// noun is the word for what faults of this kind happen to.
func (k Kind) noun() string {
	switch {
	case k == Partition:
		return "net"
	case k == Reset:
		return "conn"
	case k.Linked():
		return "link"
	}
	return "node"
}

// words are what is left of a line; the first error stays.
type words struct {
	left []string
	err  error
}

func (w *words) fail(format string, args ...any) {
	if w.err == nil {
		w.err = fmt.Errorf(format, args...)
	}
}

func (w *words) next() string {
	if len(w.left) == 0 {
		w.fail("the line ends too early")
		return ""
	}
	first := w.left[0]
	w.left = w.left[1:]
	return first
}

func (w *words) oneOf(allowed ...string) string {
	s := w.next()
	for _, a := range allowed {
		if s == a {
			return s
		}
	}
	w.fail("%q should be one of %q", s, allowed)
	return s
}

func (w *words) number(bits int) uint64 {
	n, err := strconv.ParseUint(w.next(), 10, bits)
	if err != nil {
		w.fail("%w", err)
	}
	return n
}

func (w *words) duration() time.Duration {
	d, err := time.ParseDuration(w.next())
	if err != nil {
		w.fail("%w", err)
	}
	return d
}

func (w *words) when(f *Fault) {
	if w.oneOf("at", "from") == "from" {
		f.At = w.duration()
		w.oneOf("to")
		f.Until = w.duration()
		return
	}
	if len(w.left) > 0 && w.left[0] == "op" {
		w.next()
		f.ByOp, f.Op = true, w.number(64)
		return
	}
	f.At = w.duration()
}

func (w *words) kind() Kind {
	s := w.next()
	for k, name := range names {
		if s == name {
			return Kind(k)
		}
	}
	w.fail("%q is no fault", s)
	return kinds
}

func (w *words) argument(f *Fault) {
	switch {
	case f.Kind == Partition:
		f.Apart = w.groups()
	case f.Kind.Flips():
		f.Bit = w.number(64)
	case f.Kind.Delayed():
		f.Delay = w.duration()
	}
}
