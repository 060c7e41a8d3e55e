package harness

import (
	"bytes"
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
			t.Parallel()
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

func TestANodeEndsCleanlyWhenItsInputDoes(t *testing.T) {
	for _, all := range []string{"", `"n1"`, `"n1","n2","n3"`} {
		cmd := exec.Command(binary, "maelstrom")
		in, err := cmd.StdinPipe()
		if err != nil {
			t.Fatal(err)
		}
		var said bytes.Buffer
		cmd.Stderr = &said
		if err := cmd.Start(); err != nil {
			t.Fatal(err)
		}
		hang := time.AfterFunc(20*time.Second, func() { _ = cmd.Process.Kill() })
		fmt.Fprintln(in, "this is no message")
		if all != "" {
			fmt.Fprintf(in, `{"src":"c0","dest":"n1","body":{"type":"init","msg_id":1,"node_id":"n1","node_ids":[%s]}}`+"\n", all)
		}
		fmt.Fprintln(in, `{"src":"c0","dest":"n1","body":{"type":"send","msg_id":2,"key":"k","msg":1}}`)
		_ = in.Close()
		if err := cmd.Wait(); err != nil {
			t.Errorf("a node of the cluster [%s] ended with %v:\n%s", all, err, &said)
		}
		hang.Stop()
	}
}
