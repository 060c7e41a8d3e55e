package config

import (
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestPropertiesAreReadAsJavaReadsThem(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []Setting
	}{
		"nothing":                           {"", nil},
		"blank lines":                       {" \n\t\n\f\n", nil},
		"comments":                          {"# a=b\n  ! c=d\n#e=f\\\ng=h", []Setting{{"g", "h", 4}}},
		"equals, colon or blank":            {"a=1\nb:2\nc 3\nd\t4", []Setting{{"a", "1", 1}, {"b", "2", 2}, {"c", "3", 3}, {"d", "4", 4}}},
		"blanks around":                     {"  a \t=\f 1 2 ", []Setting{{"a", "1 2 ", 1}}},
		"one separator only":                {"a==b\nc::d\ne = =f", []Setting{{"a", "=b", 1}, {"c", ":d", 2}, {"e", "=f", 3}}},
		"no value":                          {"a\nb=", []Setting{{"a", "", 1}, {"b", "", 2}}},
		"no key":                            {"=a", []Setting{{"", "a", 1}}},
		"escaped separators":                {`a\ b\=c\:d = x\=y`, []Setting{{"a b=c:d", "x=y", 1}}},
		"escapes":                           {`a=\t\n\r\f\q\\`, []Setting{{"a", "\t\n\r\fq\\", 1}}},
		"characters by number":              {`a=\u00e9\ud83d\ude00`, []Setting{{"a", "é😀", 1}}},
		"half a pair":                       {`a=\ud83dx`, []Setting{{"a", "\ufffdx", 1}}},
		"continued":                         {"a=b\\\n   c\\\n\td\ne=f", []Setting{{"a", "bcd", 1}, {"e", "f", 4}}},
		"continued by what looks a comment": {"a=b\\\n#c", []Setting{{"a", "b#c", 1}}},
		"not continued after two":           {"a=b\\\\\nc=d", []Setting{{"a", `b\`, 1}, {"c", "d", 2}}},
		"continued at the end":              {"a=b\\", []Setting{{"a", "b", 1}}},
		"continued by nothing":              {"a=b\\\n\nc=d", []Setting{{"a", "b", 1}, {"c", "d", 3}}},
		"ends of lines":                     {"a=1\rb=2\r\nc=3", []Setting{{"a", "1", 1}, {"b", "2", 2}, {"c", "3", 3}}},
		"a comment after a lone backslash":  {"\\\n#a=b\nc=d", []Setting{{"c", "d", 3}}},
		"lone backslash":                    {"\\\na=b", []Setting{{"a", "b", 1}}},
	} {
		got, err := Parse(c.text)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s (-want +got)\n%s", name, diff)
		}
	}
}

func TestACharacterWithoutFourDigitsIsRefusedWithItsLine(t *testing.T) {
	for _, text := range []string{`a=\u12`, `a=\u12x4`, `\u=1`, `a=\u+123`} {
		if _, err := Parse("# first\n" + text); err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// written is a setting in the form that Java's Properties.store gives it, broken
// into lines.
func written(s Setting, wrap bool) string {
	escape := strings.NewReplacer(`\`, `\\`, "\t", `\t`, "\n", `\n`, "\r", `\r`, "\f", `\f`, " ", `\ `, "=", `\=`,
		":", `\:`, "#", `\#`, "!", `\!`)
	line := escape.Replace(s.Key) + "=" + escape.Replace(s.Value)
	if wrap {
		line = "\\\n  " + line + "\\\n\t"
	}
	return line
}

func TestWhatIsWrittenIsReadBack(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var want []Setting
		var text strings.Builder
		line := 1
		for range rapid.IntRange(0, 5).Draw(t, "settings") {
			s := Setting{rapid.String().Draw(t, "key"), rapid.String().Draw(t, "value"), line}
			wrap := rapid.Bool().Draw(t, "wrap")
			text.WriteString(written(s, wrap) + "\n")
			if line++; wrap {
				line += 2
			}
			want = append(want, s)
		}
		got, err := Parse(text.String())
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Fatalf("(-want +got)\n%s\n%q", diff, text.String())
		}
	})
}

func FuzzParse(f *testing.F) {
	f.Add("a=b\\\n  c\n# d\ne\\ f:\\u00e9")
	f.Fuzz(func(t *testing.T, text string) {
		settings, err := Parse(text)
		if err != nil {
			return
		}
		lines := strings.Count(text, "\n") + strings.Count(text, "\r") + 1
		for i, s := range settings {
			if s.Line < 1 || s.Line > lines || i > 0 && s.Line <= settings[i-1].Line {
				t.Fatalf("%q: line %d of %d", text, s.Line, lines)
			}
		}
		if _, _, err := Load(settings, nil); err != nil && err.Error() == "" {
			t.Fatal("an error without words")
		}
	})
}
