package checker

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// Format is a way to write a history down.
type Format string

// Lines is what WriteLines writes, Jepsen what ReadJepsen reads. Recognized is either,
// by what the text begins with.
const (
	Recognized Format = "auto"
	Lines      Format = "lines"
	Jepsen     Format = "jepsen"
)

// mostBlank is how far to look for the beginning of the first operation.
const mostBlank = 1 << 16

// Read reads a history, and says with which options to check it: those of its format,
// and those that it is marked with. An error names the line.
func Read(in io.Reader, f Format) (*History, Options, error) {
	r := bufio.NewReaderSize(in, mostBlank)
	if f == Recognized {
		f = recognize(r)
	}
	var h *History
	var o Options
	var err error
	switch f {
	case Lines:
		h, err = ReadLines(r)
	case Jepsen:
		o = JepsenOptions()
		h, err = ReadJepsen(r)
	default:
		err = fmt.Errorf("there is no format %q", f)
	}
	if err != nil {
		return nil, o, err
	}
	o, err = h.Given(o)
	return h, o, err
}

// recognize looks at the beginning: lines are JSON, {"op": or {"mark":.
func recognize(r *bufio.Reader) Format {
	start, _ := r.Peek(mostBlank) // a short file is no error, and what is one comes again
	text := bytes.TrimLeft(start, " \t\r\n")
	if len(text) == 0 || bytes.HasPrefix(text, []byte("{")) && bytes.HasPrefix(bytes.TrimLeft(text[1:], " \t"), []byte(`"`)) {
		return Lines
	}
	return Jepsen
}
