package edn

import (
	"bytes"
	"io"
)

// source is bytes with a place, read by the piece.
type source struct {
	in   io.Reader
	buf  []byte
	i, n int
	line int
	err  error // of in; io.EOF at the end
}

// peek is the next byte; ok is false at the end, or after an error.
func (s *source) peek() (c byte, ok bool) {
	if s.i == s.n && !s.fill() {
		return 0, false
	}
	return s.buf[s.i], true
}

// next takes a byte.
func (s *source) next() (c byte, ok bool) {
	if c, ok = s.peek(); ok {
		s.i++
		if c == '\n' {
			s.line++
		}
	}
	return c, ok
}

func (s *source) fill() bool {
	for tries := 0; s.err == nil && tries < 100; tries++ {
		s.i = 0
		if s.n, s.err = s.in.Read(s.buf); s.n > 0 {
			return true
		}
	}
	if s.err == nil {
		s.err = io.ErrNoProgress
	}
	s.i, s.n = 0, 0
	return false
}

// until adds bytes to text up to one that stops, which it leaves, or until that is
// more than a form may have.
func (s *source) until(stops *[256]bool, text []byte) []byte {
	for {
		i := s.i
		for i < s.n && !stops[s.buf[i]] {
			i++
		}
		text = append(text, s.buf[s.i:i]...)
		s.line += bytes.Count(s.buf[s.i:i], newline)
		if s.i = i; i < s.n || len(text) > mostText || !s.fill() {
			return text
		}
	}
}

var newline = []byte{'\n'}

// stopsAt is a table of bytes.
func stopsAt(these string) *[256]bool {
	var t [256]bool
	for _, c := range []byte(these) {
		t[c] = true
	}
	return &t
}

const blanks = " \t\r\n,\f\v"

var (
	isBlank    = stopsAt(blanks)
	endOfToken = stopsAt(blanks + "\"();@[]^`{}~")
	endOfLine  = stopsAt("\n")
	inString   = stopsAt("\"\\")
)

// skip goes to the next byte that is neither blank nor in a comment.
func (s *source) skip() (c byte, ok bool) {
	for {
		switch c, ok = s.peek(); {
		case !ok:
			return 0, false
		case isBlank[c]:
			s.next()
		case c == ';':
			s.pass(endOfLine)
		default:
			return c, true
		}
	}
}

// pass leaves bytes out up to one that stops.
func (s *source) pass(stops *[256]bool) {
	for c, ok := s.peek(); ok && !stops[c]; c, ok = s.peek() {
		s.next()
	}
}
