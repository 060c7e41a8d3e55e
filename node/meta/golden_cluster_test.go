package meta

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
)

var rewrite = flag.Bool("rewrite", false, "write what the golden scripts of testdata/cluster give")

// stage is a cluster in a golden script. A line `> verb arguments` is a decision;
// below it stand its response and its records, and how the partitions are then:
//
//	> beat 2
//	  ok
//	  broker 2 unfenced
//	  a-0 leader 2 epoch 1.3 isr [2] elr [1]
//
// Arguments are words, or name=value. An epoch is that of the leader and that of
// the partition.
type stage struct {
	*world
	answer string
}

func TestGoldenScriptsOfAClusterReadAsWritten(t *testing.T) {
	paths, err := filepath.Glob("testdata/cluster/*.txt")
	if err != nil || len(paths) == 0 {
		t.Fatal(paths, err)
	}
	for _, path := range paths {
		t.Run(filepath.Base(path), func(t *testing.T) {
			script, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			got := play(t, string(script))
			if *rewrite {
				if err := os.WriteFile(path, []byte(got), 0o644); err != nil {
					t.Fatal(err)
				}
				return
			}
			if diff := cmp.Diff(strings.Split(string(script), "\n"), strings.Split(got, "\n")); diff != "" {
				t.Error(diff)
			}
		})
	}
}

// play is the script with the results that it gives.
func play(t *testing.T, script string) string {
	s := &stage{world: &world{im: NewImage(), settings: settingsOfCluster()}}
	s.c = NewController(s.im, s.settings, env.Stream(1, 1, "controller"))
	replay(t, s.im, Bootstrap(1)...)
	var out strings.Builder
	for line := range strings.Lines(script) {
		verb, ok := strings.CutPrefix(line, "> ")
		if !ok {
			if !strings.HasPrefix(line, "  ") {
				out.WriteString(line)
			}
			continue
		}
		out.WriteString(line)
		for _, result := range s.do(t, strings.Fields(verb)) {
			out.WriteString("  " + result + "\n")
		}
	}
	return out.String()
}

// do carries one line out.
func (s *stage) do(t *testing.T, words []string) []string {
	a := args(words[1:])
	verb, ok := verbs[words[0]]
	if !ok {
		t.Fatalf("no verb %q", words[0])
	}
	s.answer = ""
	records := verb(s, a)
	var lines []string
	if s.answer != "" {
		lines = append(lines, s.answer)
	}
	was := s.states()
	for _, r := range records {
		replay(t, s.im, r)
		lines = append(lines, s.tell(r)...)
	}
	for topic := range s.im.Topics() {
		for i := range topic.Partitions {
			p := &topic.Partitions[i]
			if old, ok := was[partKey{topic.ID, p.Index}]; !ok || old.PartitionEpoch != p.PartitionEpoch {
				lines = append(lines, show(topic, p))
			}
		}
	}
	return lines
}

// tell is a record in words; a partition is shown in the end instead.
func (s *stage) tell(r Record) []string {
	switch r := r.(type) {
	case *RegisterBrokerRecord:
		state := ""
		if r.Fenced {
			state = ", fenced"
		}
		return []string{fmt.Sprintf("broker %d registered, epoch %d%s", r.BrokerID, r.BrokerEpoch, state)}
	case *BrokerRegistrationChangeRecord:
		states := []string{"unfenced", "changed", "fenced"}
		what := states[r.Fenced+1]
		if r.InControlledShutdown > 0 {
			what = "in controlled shutdown"
		} else if r.LogDirs != nil {
			what = fmt.Sprintf("has %d log directories", len(r.LogDirs))
		}
		return []string{fmt.Sprintf("broker %d %s", r.BrokerID, what)}
	case *UnregisterBrokerRecord:
		return []string{fmt.Sprintf("broker %d unregistered", r.BrokerID)}
	case *ClearELRRecord:
		return []string{"ELR cleared of " + strconv.Quote(r.TopicName)}
	case *FeatureLevelRecord:
		return []string{fmt.Sprintf("%s at level %d", r.Name, r.Level)}
	}
	return nil
}

// show is a partition in one line, what is empty or usual left out.
func show(t *Topic, p *Partition) string {
	line := fmt.Sprintf("%s-%d leader %d epoch %d.%d isr %v", t.Name, p.Index, p.Leader, p.LeaderEpoch, p.PartitionEpoch, p.ISR)
	add := func(name string, list []int32) {
		if len(list) > 0 {
			line += fmt.Sprint(" ", name, " ", list)
		}
	}
	add("elr", p.ELR)
	add("last", p.LastKnownELR)
	add("of", p.Replicas)
	add("adding", p.Adding)
	add("removing", p.Removing)
	if p.LeaderRecoveryState == recovering {
		line += " recovering"
	}
	return line
}

// args are the words after a verb.
type args []string

func (a args) get(name string) (string, bool) {
	for _, word := range a {
		if value, ok := strings.CutPrefix(word, name+"="); ok {
			return value, true
		}
	}
	return "", false
}

func (a args) has(word string) bool {
	for _, w := range a {
		if w == word {
			return true
		}
	}
	return false
}

// num is a number by name, or by its place among the words.
func (a args) num(at int) int32 { return ids(a[at])[0] }

func (a args) or(name string, otherwise int64) int64 {
	if text, ok := a.get(name); ok {
		n, err := strconv.ParseInt(text, 10, 64)
		if err != nil {
			panic(err)
		}
		return n
	}
	return otherwise
}

func ids(list string) (out []int32) {
	for _, text := range strings.Split(list, ",") {
		n, err := strconv.ParseInt(text, 10, 32)
		if err != nil {
			panic(err)
		}
		out = append(out, int32(n))
	}
	return out
}

// named finds a partition by a name like a-0.
func (s *stage) named(name string) (*Topic, *Partition) {
	topic, index, _ := strings.Cut(name, "-")
	t := s.im.Topic(topic)
	return t, t.Partition(ids(index)[0])
}

func (s *stage) code(code int16) {
	if s.answer = "ok"; code != 0 {
		s.answer = kerr.ErrorForCode(code).(*kerr.Error).Message
	}
}

func duration(text string) time.Duration {
	d, err := time.ParseDuration(text)
	if err != nil {
		panic(err)
	}
	return d
}
