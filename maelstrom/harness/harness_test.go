package harness

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"
)

var binary string // of odradek, as it is now

func TestMain(m *testing.M) {
	os.Exit(func() int {
		dir, err := os.MkdirTemp("", "odradek-maelstrom")
		if err == nil {
			defer os.RemoveAll(dir)
			binary = filepath.Join(dir, "odradek")
			var said []byte
			if said, err = exec.Command("go", "build", "-o", binary, "odradek/cmd/odradek").CombinedOutput(); err != nil {
				err = fmt.Errorf("%w\n%s", err, said)
			}
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			return 1
		}
		return m.Run()
	}())
}

// quick are options for a run of seconds: nodes that give one another up sooner.
func quick(t *testing.T, nodes int, seed uint64) Options {
	return Options{
		Command: []string{binary, "maelstrom", "--patience", "1s", "--override", "broker.session.timeout.ms=1500"},
		Nodes:   nodes, Seed: seed, For: 8 * time.Second, Workers: 2 * nodes, Rate: 100, Logs: t.TempDir(),
	}
}

func TestAHistoryUnderPartitionsIsValid(t *testing.T) {
	for i, nodes := range []int{1, 3, 3, 5} {
		o := quick(t, nodes, uint64(i))
		o.Partition = 2500 * time.Millisecond
		o.Latency = Latency{Mean: time.Duration(i*5) * time.Millisecond, Exponential: i%2 == 0}
		t.Run(o.Name(), func(t *testing.T) {
			out, err := Run(o)
			if err != nil {
				t.Fatal(err)
			}
			t.Log(out)
			s := out.Result.Stats
			if !out.Valid() || s.Acked < 20 || s.Records < 20 || nodes > 1 && out.Lost == 0 {
				t.Fatal("not valid, or nothing has happened")
			}
		})
	}
}
