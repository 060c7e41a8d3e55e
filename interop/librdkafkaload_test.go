//go:build interop

package interop

import (
	"bufio"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"odradek/checker"
)

// librdkafka adds an idempotent producer of another make to the load: a program
// that tells of each record what became of it, where the machine has it.
func (l *clusterLoad) librdkafka(process int32) {
	l.t.Helper()
	python, err := python()
	if err != nil {
		l.t.Logf("SKIP: the load of librdkafka: %v", err)
		return
	}
	first := numbered(process, 0)
	cmd := exec.Command(python, filepath.Join("python", "client.py"), "load", strings.Join(l.c.addrs(), ","),
		l.topic, fmt.Sprint(l.parts), fmt.Sprint(first))
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	must(l.t, err)
	out, err := cmd.StdoutPipe()
	must(l.t, err)
	must(l.t, cmd.Start())
	l.t.Cleanup(func() { _ = cmd.Process.Kill() })
	h := l.history()
	l.writers.Go(func() {
		<-l.ctx.Done()
		_ = in.Close()
	})
	l.writers.Go(func() {
		for lines := bufio.NewScanner(out); lines.Scan(); {
			l.told(h, process, lines.Text())
		}
		if err := cmd.Wait(); err != nil {
			l.t.Errorf("librdkafka's load: %v", err)
		}
	})
}

// told takes one line of the program.
func (l *clusterLoad) told(h *checker.History, process int32, line string) {
	var sent, answered, offset int64
	var n int
	var partition int32
	words := strings.SplitN(line, " ", 6)
	if _, err := fmt.Sscan(line, &sent, &answered, &n, &partition, &offset); err != nil || len(words) < 6 {
		l.t.Errorf("librdkafka's load says %q: %v", line, err)
		return
	}
	began := l.began.UnixNano()
	op := checker.Op{Kind: checker.ProduceOp, Outcome: checker.OK, Process: process,
		At: checker.TP{Topic: l.topic, Partition: partition}, Invoke: sent - began, Return: answered - began, Offset: offset,
		Producer: ourOwn + int64(process), Sequence: int32(n / l.parts), Acks: -1, Flags: checker.Resends,
		Records: []checker.Record{{Offset: checker.Unknown, Timestamp: checker.Unknown, Value: checker.Value(numbered(process, n))}}}
	if words[5] != "" {
		l.t.Errorf("%v librdkafka gave up: %s", time.Now().Format(time.TimeOnly), line)
		op.Outcome, op.Offset, op.Reason = checker.Maybe, checker.Unknown, words[5]
	}
	h.Add(op)
}

// ourOwn stands for producer ids that a client does not tell.
const ourOwn = 1 << 40
