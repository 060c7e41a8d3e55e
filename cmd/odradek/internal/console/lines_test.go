package console

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kgo"
)

// read returns all records of the text, and the error at its end.
func read(t *testing.T, text string, pairs ...string) (all []*kgo.Record, err error) {
	t.Helper()
	props, err := ParseProperties(pairs)
	if err != nil {
		t.Fatal(err)
	}
	l, err := NewLineReader(strings.NewReader(text), props)
	if err != nil {
		t.Fatal(err)
	}
	for {
		r, err := l.Next()
		if err != nil {
			return all, err
		}
		all = append(all, r)
	}
}

func rec(key, value string) *kgo.Record { return &kgo.Record{Key: []byte(key), Value: []byte(value)} }

func val(value string) *kgo.Record { return &kgo.Record{Value: []byte(value)} }

func TestLinesBecomeRecords(t *testing.T) {
	header := func(k, v string) kgo.RecordHeader { return kgo.RecordHeader{Key: k, Value: []byte(v)} }
	for name, c := range map[string]struct {
		text  string
		props []string
		want  []*kgo.Record
	}{
		"nothing":                 {"", nil, nil},
		"values":                  {"a\n\nb\r\nlast", nil, []*kgo.Record{val("a"), val(""), val("b"), val("last")}},
		"keys":                    {"k\tv\tw\n\tx", []string{"parse.key=true"}, []*kgo.Record{rec("k", "v\tw"), rec("", "x")}},
		"another separator":       {"k::v", []string{"parse.key=true", "key.separator=::"}, []*kgo.Record{rec("k", "v")}},
		"a missing one, forgiven": {"v", []string{"parse.key=true", "ignore.error=true"}, []*kgo.Record{val("v")}},
		"a null key and a tombstone": {"NULL\tv\nk\tNULL", []string{"parse.key=true", "null.marker=NULL"},
			[]*kgo.Record{val("v"), {Key: []byte("k")}}},
		"headers": {"a:1,b:\tv\n\tw", []string{"parse.headers=true"},
			[]*kgo.Record{{Headers: []kgo.RecordHeader{header("a", "1"), header("b", "")}, Value: []byte("v")}, val("w")}},
		"headers and a key": {"a=1|k|v", []string{"parse.headers=true", "parse.key=true", "headers.delimiter=|", "key.separator=|", "headers.key.separator=="},
			[]*kgo.Record{{Headers: []kgo.RecordHeader{header("a", "1")}, Key: []byte("k"), Value: []byte("v")}}},
	} {
		got, err := read(t, c.text, c.props...)
		if !errors.Is(err, io.EOF) {
			t.Errorf("%s: %v", name, err)
		}
		if d := cmp.Diff(c.want, got, cmp.Comparer(sameRecord)); d != "" {
			t.Errorf("%s: %s", name, d)
		}
	}
}

func sameRecord(a, b *kgo.Record) bool {
	return cmp.Equal(a.Key, b.Key) && cmp.Equal(a.Value, b.Value) && cmp.Equal(a.Headers, b.Headers)
}

func TestALineWithoutSeparatorIsNamedByItsNumber(t *testing.T) {
	for text, prop := range map[string]string{"k\tv\nbad\n": "parse.key=true", "a:1\tv\nbad\tv\n": "parse.headers=true"} {
		got, err := read(t, text, prop)
		if len(got) != 1 || err == nil || !strings.HasPrefix(err.Error(), "line 2: ") {
			t.Errorf("%q: %d records, %v", text, len(got), err)
		}
	}
}

func TestALineMayBeLong(t *testing.T) {
	long := strings.Repeat("x", 1<<20)
	got, err := read(t, long+"\ny\n")
	if len(got) != 2 || string(got[0].Value) != long || !errors.Is(err, io.EOF) {
		t.Errorf("%d records, %v", len(got), err)
	}
}

type broken struct{}

func (broken) Read([]byte) (int, error) { return 0, io.ErrUnexpectedEOF }

func TestAnInputThatFailsIsNotTakenForItsEnd(t *testing.T) {
	l, err := NewLineReader(broken{}, nil)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := l.Next(); !errors.Is(err, io.ErrUnexpectedEOF) {
		t.Errorf("the error is %v", err)
	}
}
