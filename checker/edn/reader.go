package edn

import (
	"errors"
	"fmt"
	"io"
	"strconv"
	"unicode/utf8"
)

// Reader reads forms.
type Reader struct {
	source
	tape    []node
	text    []byte
	started bool
	outer   byte // what closes the vector or list around all forms; 0: there is none
	begun   int  // the line where the form begins
}

// Limits of one form: how deep it is nested, how many forms are in it, and how many
// bytes of text.
const (
	deepest   = 100
	mostNodes = 1 << 22
	mostText  = 64 << 20
)

// NewReader returns a reader of forms. If the first is a vector or a list, its elements
// count as the forms: a history may be one vector of maps.
func NewReader(in io.Reader) *Reader {
	return &Reader{source: source{in: in, buf: make([]byte, 1<<18), line: 1}}
}

// Line is where the last form began, counted from 1.
func (r *Reader) Line() int { return r.begun }

var (
	errEnd      = errors.New("it ends too early")
	errTooLarge = errors.New("a form too large")
)

// Next reads a form. It returns io.EOF at the end, and says the line of what is no EDN.
func (r *Reader) Next() (Value, error) {
	r.tape, r.text = r.tape[:0], r.text[:0]
	for len(r.tape) == 0 { // what is left out leaves nothing
		if err := r.open(); err != nil {
			return Value{}, r.at(err)
		}
		r.begun = r.line
		if err := r.form(0); err != nil {
			return Value{}, r.at(err)
		}
	}
	return Value{r, 0}, nil
}

func (r *Reader) at(err error) error {
	if err == io.EOF {
		return err
	}
	return fmt.Errorf("line %d: %w", r.line, err)
}

// open goes to the next form, into the outermost vector, and out of it.
func (r *Reader) open() error {
	c, ok := r.skip()
	if ok && !r.started && (c == '[' || c == '(') {
		r.outer = closers[c]
		r.next()
		c, ok = r.skip()
	}
	r.started = true
	if ok && c == r.outer && c != 0 {
		r.next()
		r.outer = 0
		_, ok = r.skip()
	}
	switch {
	case ok:
		return nil
	case r.err == io.EOF && r.outer == 0:
		return io.EOF
	}
	return r.ended()
}

// ended says why there is no next byte.
func (r *Reader) ended() error {
	if r.err != io.EOF {
		return r.err
	}
	return errEnd
}

var closers = map[byte]byte{'(': ')', '[': ']', '{': '}'}

// form reads one form onto the tape, or leaves it out.
func (r *Reader) form(depth int) error {
	c, ok := r.skip()
	switch {
	case !ok:
		return r.ended()
	case depth > deepest:
		return fmt.Errorf("forms nested more than %d deep", deepest)
	case len(r.tape) >= mostNodes || len(r.text) > mostText:
		return errTooLarge
	}
	switch c {
	case '(':
		return r.list(List, ')', depth)
	case '[':
		return r.list(Vector, ']', depth)
	case '{':
		return r.list(Map, '}', depth)
	case ')', ']', '}':
		return fmt.Errorf("%q where a form belongs", c)
	case '"':
		return r.quoted()
	case '#':
		return r.dispatch(depth)
	case '^':
		r.next()
		if err := r.leaveOut(depth); err != nil {
			return err
		}
		return r.form(depth + 1)
	}
	return r.token(c)
}

// push adds a node whose text is what was added to the text since from.
func (r *Reader) push(k Kind, from int, number int64) {
	r.tape = append(r.tape, node{kind: k, end: int32(len(r.tape) + 1), from: int32(from), to: int32(len(r.text)), number: number})
}

func (r *Reader) list(k Kind, closer byte, depth int) error {
	r.next()
	start := len(r.tape)
	r.push(k, len(r.text), 0)
	count := 0
	for {
		c, ok := r.skip()
		if !ok {
			return r.ended()
		}
		if c == closer {
			break
		}
		if c == ')' || c == ']' || c == '}' {
			return fmt.Errorf("%q where %q belongs", c, closer)
		}
		had := len(r.tape)
		if err := r.form(depth + 1); err != nil {
			return err
		}
		if len(r.tape) > had {
			count++
		}
	}
	r.next()
	r.tape[start].end = int32(len(r.tape))
	if k == Map && count%2 == 1 {
		return errors.New("a map with a key and no value")
	}
	return nil
}

// leaveOut reads a form and forgets it.
func (r *Reader) leaveOut(depth int) error {
	nodes, text := len(r.tape), len(r.text)
	for len(r.tape) == nodes {
		if err := r.form(depth + 1); err != nil {
			return err
		}
	}
	r.tape, r.text = r.tape[:nodes], r.text[:text]
	return nil
}

// dispatch reads what begins with a hash.
func (r *Reader) dispatch(depth int) error {
	r.next()
	c, ok := r.peek()
	switch {
	case !ok:
		return r.ended()
	case c == '{':
		return r.list(Set, '}', depth)
	case c == '_':
		r.next()
		return r.leaveOut(depth)
	case c == '"': // a regular expression
		return r.quoted()
	case c == '#': // ##Inf, ##NaN
		from := len(r.text)
		r.next()
		r.text = r.until(endOfToken, r.text)
		r.push(Number, from, 0)
		return nil
	}
	r.pass(endOfToken) // the tag
	had := len(r.tape)
	for len(r.tape) == had {
		if err := r.form(depth + 1); err != nil {
			return err
		}
	}
	return nil
}

func (r *Reader) token(first byte) error {
	from := len(r.text)
	if first == '\\' { // a character may be one that ends tokens
		r.next()
		c, ok := r.next()
		if !ok {
			return r.ended()
		}
		r.text = append(r.text, c)
		r.text = r.until(endOfToken, r.text)
		r.push(Char, from, 0)
		return nil
	}
	r.text = r.until(endOfToken, r.text)
	switch t := r.text[from:]; {
	case len(t) == 0:
		return fmt.Errorf("%q where a form belongs", first)
	case first == ':':
		r.push(Keyword, from+1, 0)
	case string(t) == "nil":
		r.push(Nil, from, 0)
	case string(t) == "false":
		r.push(Bool, from, 0)
	case string(t) == "true":
		r.push(Bool, from, 1)
	case numeric(t):
		k := Number
		n, fits := integer(t)
		if fits {
			k = Int
		}
		r.push(k, from, n)
	default:
		r.push(Symbol, from, 0)
	}
	return nil
}

// numeric tells whether a token begins as a number.
func numeric(t []byte) bool {
	if (t[0] == '-' || t[0] == '+') && len(t) > 1 {
		t = t[1:]
	}
	return '0' <= t[0] && t[0] <= '9'
}

// integer reads a decimal number of 64 bits; an N may follow.
func integer(t []byte) (n int64, fits bool) {
	if t[len(t)-1] == 'N' {
		t = t[:len(t)-1]
	}
	if len(t) > 18 {
		if n, err := strconv.ParseInt(string(t), 10, 64); err == nil {
			return n, true
		}
		return 0, false
	}
	digits := t
	if t[0] == '-' || t[0] == '+' {
		digits = t[1:]
	}
	for _, c := range digits {
		if c < '0' || c > '9' {
			return 0, false
		}
		n = 10*n + int64(c-'0')
	}
	if t[0] == '-' {
		n = -n
	}
	return n, true
}

func (r *Reader) quoted() error {
	r.next()
	from := len(r.text)
	for {
		if r.text = r.until(inString, r.text); len(r.text) > mostText {
			return errTooLarge
		}
		switch c, ok := r.next(); {
		case !ok:
			return r.ended()
		case c == '"':
			r.push(String, from, 0)
			return nil
		}
		if err := r.escape(); err != nil {
			return err
		}
	}
}

var escapes = map[byte]byte{'n': '\n', 't': '\t', 'r': '\r', 'b': '\b', 'f': '\f', '"': '"', '\\': '\\'}

func (r *Reader) escape() error {
	c, ok := r.next()
	if !ok {
		return r.ended()
	}
	if c != 'u' {
		plain, known := escapes[c]
		if !known {
			r.text = append(r.text, '\\') // as in a regular expression
			plain = c
		}
		r.text = append(r.text, plain)
		return nil
	}
	var hex [4]byte
	for i := range hex {
		if hex[i], ok = r.next(); !ok {
			return r.ended()
		}
	}
	n, err := strconv.ParseUint(string(hex[:]), 16, 16)
	if err != nil {
		return fmt.Errorf("\\u%s is no character", hex[:])
	}
	r.text = utf8.AppendRune(r.text, rune(n))
	return nil
}
