package checker

import (
	"bytes"
	"fmt"
	"testing"
)

// busyJepsen is a history of n operations, each invoked and answered, by 20 processes
// on 8 keys: sends, polls of two keys, and every tenth a transaction.
func busyJepsen(n int) []byte {
	var b bytes.Buffer
	var ends, values [8]int
	var at [20][8]int
	for i := range n {
		p, k := i%20, i/20%8
		line := func(kind, f, value string, time int) {
			fmt.Fprintf(&b, "{:type :%s, :f :%s, :value %s, :time %d, :process %d, :index %d}\n", kind, f, value, time, p, 2*i)
		}
		poll := func() string {
			records := ""
			for ; at[p][k] < ends[k] && len(records) < 80; at[p][k]++ {
				records += fmt.Sprintf("[%d %d] ", 2*at[p][k], at[p][k])
			}
			return fmt.Sprintf("[:poll {%d [%s]}]", k, records)
		}
		switch {
		case p < 2:
			line("invoke", "send", fmt.Sprintf("[[:send %d %d]]", k, values[k]), 1000*i)
			line("ok", "send", fmt.Sprintf("[[:send %d [%d %d]]]", k, 2*ends[k], values[k]), 1000*i+900)
			ends[k], values[k] = ends[k]+1, values[k]+1
		case p < 4:
			line("invoke", "txn", fmt.Sprintf("[[:poll] [:send %d %d]]", k, values[k]), 1000*i)
			line("ok", "txn", fmt.Sprintf("[%s [:send %d [%d %d]]]", poll(), k, 2*ends[k], values[k]), 1000*i+900)
			ends[k], values[k] = ends[k]+1, values[k]+1
		default:
			line("invoke", "poll", "[[:poll]]", 1000*i)
			line("ok", "poll", "["+poll()+"]", 1000*i+900)
		}
	}
	return b.Bytes()
}

// Reading and judging, both within ten seconds by far.
func BenchmarkAMillionOperationsOfJepsens(b *testing.B) {
	text := busyJepsen(1_000_000)
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		h, err := ReadJepsen(bytes.NewReader(text))
		if err != nil {
			b.Fatal(err)
		}
		if r := Check(h, JepsenOptions()); !r.Valid() {
			b.Fatal(r)
		}
	}
}

func BenchmarkAMillionOperationsAsLines(b *testing.B) {
	var lines bytes.Buffer
	if err := busyHistory(1_000_000).WriteLines(&lines); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(lines.Len()))
	for b.Loop() {
		h, err := ReadLines(bytes.NewReader(lines.Bytes()))
		if err != nil {
			b.Fatal(err)
		}
		if r := Check(h, Options{}); !r.Valid() {
			b.Fatal(r)
		}
	}
}
