package edn

import "iter"

// Kind is what a form is.
type Kind uint8

// The kinds. Number is any number that is no integer of 64 bits.
const (
	Nil Kind = iota
	Bool
	Int
	Number
	String
	Char
	Symbol
	Keyword
	List
	Vector
	Map
	Set
)

var kindNames = [...]string{"nil", "a boolean", "an integer", "a number", "a string", "a character", "a symbol",
	"a keyword", "a list", "a vector", "a map", "a set"}

func (k Kind) String() string { return kindNames[k] }

// node is a form on the tape; those inside it follow, up to end.
type node struct {
	kind     Kind
	end      int32
	from, to int32 // its text
	number   int64
}

// Value is a form, as long as its Reader has not gone on to the next.
type Value struct {
	r *Reader
	i int32
}

func (v Value) node() *node { return &v.r.tape[v.i] }

// Kind is what the form is.
func (v Value) Kind() Kind { return v.node().kind }

// Int is an integer's value, 1 for true, and 0 for all else.
func (v Value) Int() int64 { return v.node().number }

// Text is what a string says, the name of a symbol or keyword (without the colon), or
// how a number or character was written. It is good until the next form is read.
func (v Value) Text() []byte { return v.r.text[v.node().from:v.node().to] }

// Is tells whether the form is the keyword of this name.
func (v Value) Is(name string) bool { return v.Kind() == Keyword && string(v.Text()) == name }

// Items are the forms inside a list, vector or set; of a map, its keys and values in turn.
func (v Value) Items() iter.Seq[Value] {
	return func(yield func(Value) bool) {
		if v.Kind() < List {
			return
		}
		for i := v.i + 1; i < v.node().end; i = v.r.tape[i].end {
			if !yield(Value{v.r, i}) {
				return
			}
		}
	}
}

// Pairs are the keys and values of a map.
func (v Value) Pairs() iter.Seq2[Value, Value] {
	return func(yield func(Value, Value) bool) {
		if v.Kind() != Map {
			return
		}
		for i := v.i + 1; i < v.node().end; {
			value := v.r.tape[i].end
			if !yield(Value{v.r, i}, Value{v.r, value}) {
				return
			}
			i = v.r.tape[value].end
		}
	}
}
