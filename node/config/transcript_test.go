package config

import (
	"bufio"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
)

// transcript replays what was asked of Kafka:
//
//	@key=value                  a property of the broker
//	@@key=value                 a dynamic config of all brokers, from the start
//	> alter topic t key=value;key;+key=value;-key=value
//	< INVALID_CONFIG            what Kafka answered
//	! we answer so because      and
//	<o NONE                     what is to be answered instead
//	> describe broker 1 names   all of them, or these
//	  name = value | ...        what Kafka showed, if changed; - is before what is gone
type transcript struct {
	t      *testing.T
	broker *Broker
	sets   map[string]map[string]string // by kind and name
	shown  map[string]map[string]string // lines by name, of the last description
}

func TestConfigsAreTakenAndShownAsKafkaDoes(t *testing.T) {
	for _, name := range []string{"kafka-defaults", "kafka-given"} {
		t.Run(name, func(t *testing.T) {
			tr := transcript{t: t, sets: map[string]map[string]string{}, shown: map[string]map[string]string{}}
			steps := tr.read("testdata/" + name + ".txt")
			if len(steps) < 50 {
				t.Fatalf("only %d steps", len(steps))
			}
			for _, s := range steps {
				tr.play(s)
			}
		})
	}
}

type step struct {
	line  int
	words string
	lines []string
}

func (tr *transcript) read(path string) (steps []step) {
	f, err := os.Open(path)
	if err != nil {
		tr.t.Fatal(err)
	}
	defer f.Close()
	static, cluster := map[string]string{}, map[string]string{}
	in := bufio.NewScanner(f)
	for n := 1; in.Scan(); n++ {
		line := in.Text()
		switch {
		case strings.HasPrefix(line, "@@"):
			key, value, _ := strings.Cut(line[2:], "=")
			cluster[key] = value
		case strings.HasPrefix(line, "@"):
			key, value, _ := strings.Cut(line[1:], "=")
			static[key] = value
		case strings.HasPrefix(line, "> "):
			steps = append(steps, step{line: n, words: line[2:]})
		case strings.HasPrefix(line, "<o "), strings.HasPrefix(line, "< "):
			_, code, _ := strings.Cut(line, " ")
			steps[len(steps)-1].lines = []string{code}
		case strings.HasPrefix(line, "  "):
			steps[len(steps)-1].lines = append(steps[len(steps)-1].lines, line[2:])
		}
	}
	if tr.broker, _, err = Load(Settings(static), nil); err != nil {
		tr.t.Fatal(err)
	}
	tr.sets["broker -"] = cluster
	return steps
}

func (tr *transcript) play(s step) {
	verb, rest, _ := strings.Cut(s.words, " ")
	kind, rest, _ := strings.Cut(rest, " ")
	name, change, _ := strings.Cut(rest, " ")
	if verb == "describe" {
		tr.describe(s, kind, name, change)
		return
	}
	next := changed(tr.sets[kind+" "+name], change)
	err := tr.validate(kind, name, next)
	if err == nil && name != "-" || err == nil && kind == "broker" {
		tr.sets[kind+" "+name] = next
	}
	if got := codeOf(err); got != s.lines[0] {
		tr.t.Errorf("line %d: %s\nanswered %s (%v), not %s", s.line, s.words, got, err, s.lines[0])
	}
}

func codeOf(err error) string {
	var ke *kerr.Error
	if errors.As(err, &ke) {
		return ke.Message
	}
	return "NONE"
}

func (tr *transcript) effective() *Broker {
	return tr.broker.With(tr.sets["broker -"], tr.sets["broker 1"])
}

func (tr *transcript) validate(kind, name string, next map[string]string) error {
	switch kind {
	case "topic":
		return tr.effective().ValidateTopic(next)
	case "group":
		return tr.effective().ValidateGroup(next)
	case "metrics":
		return ValidateClientMetrics(next)
	}
	return tr.effective().ValidateDynamic(name != "-", next)
}

// changed applies operations as the controller does.
func changed(now map[string]string, change string) map[string]string {
	next := maps.Clone(now)
	if next == nil {
		next = map[string]string{}
	}
	for op := range strings.SplitSeq(change, ";") {
		key, value, set := strings.Cut(op, "=")
		name := strings.TrimLeft(key, "+-")
		switch {
		case !set:
			delete(next, name)
		case key == name:
			next[name] = value
		default:
			next[name] = edited(next, name, value, key[0] == '+')
		}
	}
	return next
}

func edited(now map[string]string, name, value string, add bool) string {
	old, ok := now[name]
	if !ok && strings.Contains(name, "cleanup.policy") {
		old = "delete"
	}
	parts := slices.DeleteFunc(strings.Split(old, ","), func(s string) bool { return s == "" })
	for v := range strings.SplitSeq(value, ",") {
		if at := slices.Index(parts, v); add && at < 0 {
			parts = append(parts, v)
		} else if !add && at >= 0 {
			parts = slices.Delete(parts, at, at+1)
		}
	}
	return strings.Join(parts, ",")
}

func (tr *transcript) describe(s step, kind, name, only string) {
	want := map[string]string{}
	if only == "" {
		maps.Copy(want, tr.shown[kind+name])
		tr.shown[kind+name] = want
	}
	for _, line := range s.lines {
		if gone, ok := strings.CutPrefix(line, "- "); ok {
			delete(want, gone)
			continue
		}
		key, rest, _ := strings.Cut(line, " =")
		want[key] = ours(key, strings.TrimSpace(rest))
	}
	got := map[string]string{}
	for _, e := range tr.entries(kind, name) {
		asked := only == "" || slices.Contains(strings.Split(only, ","), e.Name)
		if asked && e.Name != "cluster.id" && e.Name != "num.shards" && !strings.HasPrefix(e.Name, "log.scrub.") && !strings.HasPrefix(e.Name, "odradek.") { // Kafka does not have these
			got[e.Name] = strings.TrimSpace(line(e))
		}
	}
	if diff := cmp.Diff(want, got); diff != "" {
		tr.t.Errorf("line %d: %s (-Kafka +Odradek)\n%s", s.line, s.words, diff)
	}
}

// ours is a line of Kafka's with what differs on purpose: records are synced
// before they are acknowledged, and listeners cannot be changed while the node
// runs.
func ours(key, line string) string {
	switch key {
	case "log.flush.interval.messages", "flush.messages":
		return strings.ReplaceAll(line, maxLong, "1")
	case "listeners", "listener.security.protocol.map":
		return strings.Replace(line, "|  source", "| read-only  source", 1)
	}
	return line
}

func (tr *transcript) entries(kind, name string) []Entry {
	b := tr.effective()
	switch {
	case kind == "topic":
		return b.DescribeTopic(tr.sets["topic "+name])
	case kind == "group":
		return b.DescribeGroup(tr.sets["group "+name])
	case kind == "metrics":
		return DescribeClientMetrics(tr.sets["metrics "+name])
	case name == "-":
		return b.DescribeCluster()
	}
	return b.DescribeBroker()
}

func line(e Entry) string {
	var flags string
	if e.ReadOnly {
		flags = "read-only "
	}
	if e.Sensitive {
		flags += "sensitive"
	}
	var from []string
	for _, s := range e.Synonyms {
		from = append(from, fmt.Sprintf("%s=%s@%d", s.Name, orNull(s.Value), s.Source))
	}
	return fmt.Sprintf("%s | %s source %d type %d | %s", orNull(e.Value), flags, e.Source, e.Type, strings.Join(from, " "))
}

func orNull(s *string) string {
	if s == nil {
		return "<null>"
	}
	return *s
}
