package oracle

import (
	"encoding/json"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestAValueStandsOnAsFewLinesAsFit(t *testing.T) {
	long := strings.Repeat("x", width)
	for _, c := range []struct {
		in   any
		want string
	}{
		{object{{"A", int64(1)}, {"B", []any{}}}, `{"A": 1, "B": []}`},
		{object{{"A", long}, {"B", object{{"C", nil}}}}, "{\n  \"A\": \"" + long + "\",\n  \"B\": {\"C\": null}\n}"},
		{[]any{true, []any{long, "b"}}, "[\n  true,\n  [\n    \"" + long + "\",\n    \"b\"\n  ]\n]"},
	} {
		if got := strings.Join(printLines(c.in), "\n"); got != c.want {
			t.Errorf("%s\nwant\n%s", got, c.want)
		}
	}
}

func TestBytesAreTextOrHexadecimalAndNeverAmbiguous(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		b := rapid.OneOf(rapid.SliceOf(rapid.Byte()), rapid.Map(rapid.String(), func(s string) []byte { return []byte(s) }),
			rapid.Just([]byte("hex:00"))).Draw(t, "bytes")
		back, err := textBytes(bytesText(b))
		if err != nil || string(back) != string(b) {
			t.Fatalf("%x: %q, %x, %v", b, bytesText(b), back, err)
		}
	})
}

// drawn is any value that a response can be shown as.
func drawn(t *rapid.T, depth int) any {
	kinds := 6
	if depth > 0 {
		kinds = 8
	}
	switch rapid.IntRange(0, kinds-1).Draw(t, "kind") {
	case 0:
		return nil
	case 1:
		return rapid.Bool().Draw(t, "bool")
	case 2:
		return rapid.Int64().Draw(t, "number")
	case 3:
		return rapid.String().Draw(t, "text")
	case 4:
		return rapid.SliceOf(rapid.Byte()).Draw(t, "bytes")
	case 5:
		return [16]byte{rapid.Byte().Draw(t, "id")}
	case 6:
		list := []any{}
		for range rapid.IntRange(0, 4).Draw(t, "elements") {
			list = append(list, drawn(t, depth-1))
		}
		return list
	}
	o := object{}
	for _, key := range rapid.SliceOfNDistinct(rapid.StringMatching("[A-Z][a-z]{0,30}"), 0, 5, rapid.ID).Draw(t, "keys") {
		o = append(o, member{key, drawn(t, depth-1)})
	}
	return o
}

func TestWhatIsPrintedIsJSONOnOneLineAndOnMany(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		v := drawn(t, 4)
		lines := printLines(v)
		var one, many any
		if err := json.Unmarshal([]byte(compact(v)), &one); err != nil {
			t.Fatal(err)
		}
		if err := json.Unmarshal([]byte(strings.Join(lines, "\n")), &many); err != nil {
			t.Fatal(err)
		}
		a, _ := json.Marshal(one)
		b, _ := json.Marshal(many)
		if string(a) != string(b) {
			t.Fatalf("%s\n%s", a, b)
		}
	})
}

func TestADifferenceTurnsOneTextIntoTheOther(t *testing.T) {
	lines := rapid.SliceOfN(rapid.SampledFrom([]string{"a", "b", "c", ""}), 0, 8)
	rapid.Check(t, func(t *rapid.T) {
		want, got := lines.Draw(t, "want"), lines.Draw(t, "got")
		d := diffLines(want, got)
		if d == "" {
			if strings.Join(want, "\n") != strings.Join(got, "\n") {
				t.Fatalf("%q and %q are said to be the same", want, got)
			}
			return
		}
		var before, after []string
		for line := range strings.Lines(d) {
			text := strings.TrimSuffix(line[4:], "\n")
			if line[2] != '+' {
				before = append(before, text)
			}
			if line[2] != '-' {
				after = append(after, text)
			}
		}
		if strings.Join(before, "|") != strings.Join(want, "|") || strings.Join(after, "|") != strings.Join(got, "|") {
			t.Fatalf("%q to %q:\n%s", want, got, d)
		}
	})
}

func TestADiffOfTextsLeavesOutWhatIsTheSame(t *testing.T) {
	if d := Diff("a\nb\nc", "a\nx\nc"); d != "  - b\n  + x\n" {
		t.Errorf("%q", d)
	}
	if d := Diff("a\nb", "a\nb"); d != "" {
		t.Errorf("%q", d)
	}
}
