package checker

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func TestAHistoryIsRecognizedByItsBeginning(t *testing.T) {
	lines := `{"op":"fetch","is":"ok","process":1,"topic":"t","partition":0,"from":0,"high":0}` + "\n"
	jepsen := "{:process 0, :type :invoke, :f :poll, :value [[:poll]]}\n{:process 0, :type :ok, :f :poll, :value [[:poll {1 []}]]}"
	for text, want := range map[string]Format{
		"": Lines, "\n \n": Lines, lines: Lines, "\n\n { " + lines[1:]: Lines, `{"mark":"crash"}`: Lines,
		jepsen: Jepsen, "[" + jepsen + "]": Jepsen, "; it was " + jepsen: Jepsen, "#jepsen.history.Op" + jepsen: Jepsen, "\n(" + jepsen + ")": Jepsen,
	} {
		h, o, err := Read(strings.NewReader(text), Recognized)
		if got := o.Markers != nil; err != nil || got != (want == Jepsen) {
			t.Errorf("%q: %v, of Jepsen's: %v, want %v", text, err, got, want)
		} else if strings.Contains(text, "{") && h.Len()+len(h.Marks()) != 1 && want == Lines {
			t.Errorf("%q: %d operations", text, h.Len())
		}
	}
	if _, _, err := Read(strings.NewReader(jepsen), Lines); err == nil || !strings.HasPrefix(err.Error(), "line 1: ") {
		t.Error(err)
	}
	if _, _, err := Read(strings.NewReader(lines), Jepsen); err == nil || !strings.HasPrefix(err.Error(), "line 1: ") {
		t.Error(err)
	}
	if _, _, err := Read(strings.NewReader(lines), "xml"); err == nil {
		t.Error("xml was read")
	}
}

// anyOptions are those that have words.
func anyOptions(t *rapid.T) (o Options) {
	for _, s := range o.switches() {
		*s.on = rapid.Bool().Draw(t, s.name)
	}
	o.MetadataLag = rapid.SampledFrom([]int64{0, 5, 1 << 62}).Draw(t, "lag")
	o.MaxMaybe = rapid.SampledFrom([]float64{0, 0.25, 1.0 / 3}).Draw(t, "maybes")
	o.Allow = rapid.SampledFrom([][]string{nil, {"G0"}, AllowedByKafka()}).Draw(t, "allow")
	return o
}

// A file is judged as the history was: nothing that matters is lost.
func TestAHistoryThatWasWrittenAndReadHasTheSameVerdict(t *testing.T) {
	wrongs := 0
	rapid.Check(t, func(t *rapid.T) {
		size := worldSize{clients: rapid.IntRange(1, 5).Draw(t, "clients"), ops: rapid.IntRange(1, 60).Draw(t, "ops"), batch: 3, maybes: true, trims: true, pipes: true, resends: true}
		h := newWorld(rngOf(t), size, plant(rapid.IntRange(0, int(plants)-1).Draw(t, "wrong"))).run()
		if rapid.Bool().Draw(t, "groups") {
			h = Merge(h, newClassicWorld(rngOf(t), 3, 12, ""))
		}
		o := anyOptions(t)
		h.Mark(0, Given, o.String())
		var file bytes.Buffer
		if err := h.WriteLines(&file); err != nil {
			t.Fatal(err)
		}
		back, given, err := Read(&file, Recognized)
		if err != nil {
			t.Fatal(err)
		}
		want, got := Check(h, o), Check(back, given)
		if d := cmp.Diff(want.String(), got.String()); d != "" {
			t.Fatal(d)
		}
		if !want.Valid() {
			wrongs++
		}
	})
	if wrongs < 10 {
		t.Errorf("only %d histories were wrong", wrongs)
	}
}

func TestAHistoryOfJepsensHasTheSameVerdictAsLines(t *testing.T) {
	sample, err := os.ReadFile("testdata/jepsen.edn")
	if err != nil {
		t.Fatal(err)
	}
	texts := []string{string(sample)}
	for _, c := range jepsenCases {
		texts = append(texts, script(c.wrong), script(c.fine))
	}
	for _, text := range texts {
		h := readJepsen(t, text)
		want, got := Check(h, JepsenOptions()), Check(rewritten(t, h), JepsenOptions())
		if d := cmp.Diff(want.String(), got.String()); d != "" {
			t.Error(d)
		}
	}
}

func TestOptionsAreWhatTheirWordsSay(t *testing.T) {
	o, err := ParseOptions("end-may-lag gaps=a,b markers=* metadata-lag=7 max-maybe=0.5 allow=G0,G2", Options{Retention: true, Allow: []string{"G1c"}})
	if err != nil || !o.EndMayLag || !o.Retention || o.LeaderMayBeDeposed || o.MetadataLag != 7 || o.MaxMaybe != 0.5 || len(o.Allow) != 2 {
		t.Errorf("%+v, %v", o, err)
	}
	if !o.Gaps("a") || !o.Gaps("b") || o.Gaps("c") || !o.Markers("c") {
		t.Error("the topics are others")
	}
	if o, _ = ParseOptions("allow=none", o); len(o.Allow) > 0 {
		t.Error(o.Allow)
	}
	for _, text := range []string{"end-may-lagg", "retention=yes", "metadata-lag=soon", "max-maybe=", "allow=G9", "metadata-lag"} {
		if _, err := ParseOptions("retention "+text, Options{}); err == nil || !strings.Contains(err.Error(), text) {
			t.Errorf("%s: %v", text, err)
		}
	}
	h := NewHistory()
	h.Mark(0, Given, "soon")
	if _, err := h.Given(Options{}); err == nil {
		t.Error("a mark that says nothing was taken")
	}
}
