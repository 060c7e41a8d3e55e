package edn

import (
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

// dump writes a form in a plain way.
func dump(v Value) string {
	var b strings.Builder
	switch k := v.Kind(); {
	case k == Int:
		fmt.Fprintf(&b, "%d", v.Int())
	case k < List:
		fmt.Fprintf(&b, "%s %q", strings.TrimPrefix(strings.TrimPrefix(k.String(), "a "), "an "), v.Text())
	default:
		fmt.Fprintf(&b, "%s(", strings.TrimPrefix(k.String(), "a "))
		for item := range v.Items() {
			b.WriteString(dump(item) + " ")
		}
		return strings.TrimSuffix(b.String(), " ") + ")"
	}
	return b.String()
}

// all are the forms of a text, one a line, and then what ended it.
func all(in io.Reader) (string, error) {
	r := NewReader(in)
	var b strings.Builder
	for {
		v, err := r.Next()
		if err != nil {
			return b.String(), err
		}
		fmt.Fprintf(&b, "%d: %s\n", r.Line(), dump(v))
	}
}

func TestFormsAreRead(t *testing.T) {
	cases := map[string]string{
		"": "", " , \n ; all of it\n": "", "#_ {:a 1}": "", "[]": "", "[1 2]\n": "1: 1\n1: 2\n",
		"{:f :poll, :value [7]}":                        `1: map(keyword "f" keyword "poll" keyword "value" vector(7))` + "\n",
		"nil true\nfalse":                               "1: nil \"nil\"\n1: boolean \"true\"\n2: boolean \"false\"\n",
		"-5 +7 0 12N 9223372036854775807":               "1: -5\n1: 7\n1: 0\n1: 12\n1: 9223372036854775807\n",
		"9223372036854775808 1.5 1/2 1e3 2M ##Inf":      "1: number \"9223372036854775808\"\n1: number \"1.5\"\n1: number \"1/2\"\n1: number \"1e3\"\n1: number \"2M\"\n1: number \"Inf\"\n",
		`"a\"\\\nä\u00e4" #"\d+"`:                       "1: string \"a\\\"\\\\\\nää\"\n1: string \"\\\\d+\"\n",
		"\"two\nlines\" x":                              "1: string \"two\\nlines\"\n2: symbol \"x\"\n",
		`a/b - + -x \a \newline \( (1 #_2 3)`:           "1: symbol \"a/b\"\n1: symbol \"-\"\n1: symbol \"+\"\n1: symbol \"-x\"\n1: character \"a\"\n1: character \"newline\"\n1: character \"(\"\n1: list(1 3)\n",
		`#inst "2020" #jepsen.history.Op{:i 1} ^:m [2]`: "1: string \"2020\"\n1: map(keyword \"i\" 1)\n1: vector(2)\n",
		"x #{1 #{}} {}":                                 "1: symbol \"x\"\n1: set(1 set())\n1: map()\n",
		"({:a 1}\n{:a 2})\n:behind":                     "1: map(keyword \"a\" 1)\n2: map(keyword \"a\" 2)\n3: keyword \"behind\"\n",
	}
	for text, want := range cases {
		if got, err := all(strings.NewReader(text)); got != want || err != io.EOF {
			t.Errorf("%q is\n%s%v, not\n%s", text, got, err, want)
		}
	}
}

func TestWhatIsNoFormIsRefusedWithItsLine(t *testing.T) {
	cases := map[string]string{
		"{:a":                                   "line 2: it ends too early",
		"x [1 2":                                "line 2: it ends too early",
		"[1 2":                                  "line 2: it ends too early",
		`"abc`:                                  "line 2: it ends too early",
		`"a\`:                                   "line 2: it ends too early",
		`\`:                                     "line 2: it ends too early",
		"#":                                     "line 2: it ends too early",
		"#tag":                                  "line 2: it ends too early",
		"#_":                                    "line 2: it ends too early",
		"x \x00 ]":                              "line 2: ']' where a form belongs",
		"x ]":                                   "line 2: ']' where a form belongs",
		"{:a (1]":                               "line 2: ']' where ')' belongs",
		"{:a}":                                  "line 2: a map with a key and no value",
		`"\uzzzz"`:                              `line 2: \uzzzz is no character`,
		"@x":                                    "line 2: '@' where a form belongs",
		"x " + strings.Repeat("[", 200):         "line 2: forms nested more than 100 deep",
		"x " + strings.Repeat("#a ", 200) + "1": "line 2: forms nested more than 100 deep",
	}
	for text, want := range cases {
		if _, err := all(strings.NewReader("\n" + text)); err == nil || err.Error() != want {
			t.Errorf("%q: %v, want %s", text, err, want)
		}
	}
}

func TestAnErrorOfTheFileIsToldAsItIs(t *testing.T) {
	broken := errors.New("the disk is gone")
	if _, err := all(io.MultiReader(strings.NewReader("1 2 [3"), iotest.ErrReader(broken))); !errors.Is(err, broken) {
		t.Error(err)
	}
}

func TestAFormIsBounded(t *testing.T) {
	for name, text := range map[string]string{"text": `"` + strings.Repeat("x", mostText+mostText/4), "symbol": "x " + strings.Repeat("y", mostText+mostText/4) + " z"} {
		if _, err := all(strings.NewReader(text)); !errors.Is(err, errTooLarge) && name == "text" {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := all(strings.NewReader("x [" + strings.Repeat("1 ", mostNodes+1) + "]")); !errors.Is(err, errTooLarge) {
		t.Error(err)
	}
}

func FuzzReader(f *testing.F) {
	f.Add([]byte(`[{:type :invoke, :f :send, :value [[:send 11 641]], :time 280153467070, :process 379}]`))
	f.Add([]byte(`#jepsen.history.Op{:f :poll :value [[:poll {1 [[0 2] [3 nil]]}]]} ; x` + "\n#_ \\( \"\\u00e4\" ##Inf 1.5M ^a b"))
	f.Fuzz(func(t *testing.T, data []byte) {
		whole, err := all(strings.NewReader(string(data)))
		pieces, again := all(iotest.OneByteReader(strings.NewReader(string(data))))
		if whole != pieces || err.Error() != again.Error() {
			t.Errorf("read at once: %s%v\nbyte by byte: %s%v", whole, err, pieces, again)
		}
	})
}
