package checker

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
)

// scanner reads the little of JSON that a line of a history holds. The first
// mistake sticks: what is read after it is zero.
type scanner struct {
	b   []byte
	i   int
	err error
}

var errEnd = errors.New("the line ends too early")

func (s *scanner) fail(format string, args ...any) {
	if s.err == nil {
		s.err = fmt.Errorf("at byte %d: %w", s.i, fmt.Errorf(format, args...))
	}
	s.i = len(s.b)
}

// peek is the next byte that is no space; 0 at the end.
func (s *scanner) peek() byte {
	for s.i < len(s.b) {
		switch c := s.b[s.i]; c {
		case ' ', '\t', '\r', '\n':
			s.i++
		default:
			return c
		}
	}
	return 0
}

func (s *scanner) accept(c byte) bool {
	if s.peek() != c {
		return false
	}
	s.i++
	return true
}

func (s *scanner) expect(c byte) {
	switch got := s.peek(); {
	case got == c:
		s.i++
	case got == 0:
		s.fail("%w", errEnd)
	default:
		s.fail("%q where %q belongs", got, c)
	}
}

// more goes on in a list that end closes: true if there is another element.
func (s *scanner) more(first *bool, end byte) bool {
	if s.err != nil || s.accept(end) {
		return false
	}
	if !*first {
		s.expect(',')
	}
	*first = false
	return s.err == nil
}

func (s *scanner) integer(low, high int64) int64 {
	minus := s.accept('-')
	n := s.unsigned()
	if minus && n <= 1<<63 && -int64(n) >= low {
		return -int64(n)
	}
	if minus || n > math.MaxInt64 || int64(n) > high || int64(n) < low {
		s.fail("a number outside %d..%d", low, high)
		return 0
	}
	return int64(n)
}

func (s *scanner) unsigned() uint64 {
	s.peek()
	n, start := uint64(0), s.i
	for ; s.i < len(s.b) && '0' <= s.b[s.i] && s.b[s.i] <= '9'; s.i++ {
		d := uint64(s.b[s.i] - '0')
		if n > (math.MaxUint64-d)/10 {
			s.fail("a number of more than 64 bits")
			return 0
		}
		n = 10*n + d
	}
	if s.i == start {
		s.fail("no whole number")
	}
	return n
}

func (s *scanner) boolean() bool {
	for _, word := range []string{"true", "false"} {
		if s.peek(); s.i+len(word) <= len(s.b) && string(s.b[s.i:s.i+len(word)]) == word {
			s.i += len(word)
			return word == "true"
		}
	}
	s.fail("neither true nor false")
	return false
}

// text reads a string; the bytes may alias the line.
func (s *scanner) text() []byte {
	s.expect('"')
	start, plain := s.i, true
	for ; s.i < len(s.b); s.i++ {
		switch c := s.b[s.i]; {
		case c == '\\':
			plain = false
			s.i++
		case c == '"':
			s.i++
			return s.unquote(start, plain)
		case c < ' ' || c >= 0x80:
			plain = false
		}
	}
	s.fail("%w", errEnd)
	return nil
}

func (s *scanner) unquote(start int, plain bool) []byte {
	if plain {
		return s.b[start : s.i-1]
	}
	var text string
	if err := json.Unmarshal(s.b[start-1:s.i], &text); err != nil {
		s.fail("a bad string: %w", err)
	}
	return []byte(text)
}
