package console

import (
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

func sample() *kgo.Record {
	return &kgo.Record{
		Topic: "t", Partition: 3, Offset: 7, Timestamp: time.UnixMilli(1700000000123),
		Key: []byte("k"), Value: []byte("v"),
		Headers: []kgo.RecordHeader{{Key: "a", Value: []byte("1")}, {Key: "b"}},
	}
}

func printed(t *testing.T, p Printer, r *kgo.Record) string {
	t.Helper()
	var b strings.Builder
	if err := p.Print(&b, r); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestTextHasTheShapeOfKafkasConsoleConsumer(t *testing.T) {
	all := "print.key=true print.timestamp=true print.headers=true print.offset=true print.partition=true "
	for props, want := range map[string]string{
		"":               "v\n",
		"print.key=true": "k\tv\n",
		"print.key=true key.separator=: line.separator=|": "k:v|",
		"print.value=false print.key=true":                "k\n",
		"print.offset=true key.separator=\\t\\t":          "Offset:7\t\tv\n",
		all:                                               "CreateTime:1700000000123\tPartition:3\tOffset:7\ta:1,b:null\tk\tv\n",
		all + "headers.separator=;":                       "CreateTime:1700000000123\tPartition:3\tOffset:7\ta:1;b:null\tk\tv\n",
		"print.value=false":                               "\n",
		"null.literal=- print.key=true":                   "k\tv\n",
	} {
		p, err := ParseProperties(strings.Fields(props))
		if err != nil {
			t.Fatal(err)
		}
		text, err := NewText(p)
		if err != nil {
			t.Fatal(err)
		}
		if got := printed(t, text, sample()); got != want {
			t.Errorf("with %q: %q, wanted %q", props, got, want)
		}
	}
}

func TestNullAndEmptyLookDifferentInText(t *testing.T) {
	text, _ := NewText(Properties{"print.key": "true", "print.headers": "true"})
	if got := printed(t, text, &kgo.Record{Value: []byte{}}); got != "NO_HEADERS\tnull\t\n" {
		t.Errorf("got %q", got)
	}
}

func TestAnUnknownPropertyIsRefusedWithThoseThatAreKnown(t *testing.T) {
	_, err := NewText(Properties{"print.kex": "true"})
	if err == nil || !strings.Contains(err.Error(), "print.kex") || !strings.Contains(err.Error(), "print.key") {
		t.Errorf("the error is %v", err)
	}
	if _, err := NewText(Properties{"print.key": "perhaps"}); err == nil {
		t.Error("perhaps is true or false")
	}
	for _, pair := range []string{"novalue", "=x"} {
		if _, err := ParseProperties([]string{pair}); err == nil {
			t.Errorf("%q is taken for a property", pair)
		}
	}
}

func TestJSONHasKcatsNames(t *testing.T) {
	want := `{"topic":"t","partition":3,"offset":7,"tstype":"create","ts":1700000000123,"headers":["a","1","b",null],"key":"k","payload":"v"}` + "\n"
	if got := printed(t, JSON{}, sample()); got != want {
		t.Errorf("got %s", got)
	}
}

func TestJSONTellsNullEmptyAndBinaryApart(t *testing.T) {
	for value, want := range map[string]string{
		"":     `"key":null,"payload":""}`,
		"<&>":  `"key":null,"payload":"<&>"}`,
		"\xff": `"key":null,"payload":null,"payload_base64":"/w=="}`,
	} {
		if got := printed(t, JSON{}, &kgo.Record{Value: []byte(value)}); !strings.HasSuffix(got, want+"\n") {
			t.Errorf("%q: %s", value, got)
		}
	}
	if got := printed(t, JSON{}, &kgo.Record{}); !strings.HasSuffix(got, `"payload":null}`+"\n") {
		t.Errorf("null: %s", got)
	}
}
