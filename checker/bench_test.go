package checker

import (
	"bytes"
	"io"
	"testing"
)

// busyHistory has n operations on 8 partitions: produces of four records,
// pipelined and idempotent, and two consumers of each partition.
func busyHistory(n int) *History {
	h := NewHistory()
	value, at := Value(0), int64(0)
	type load struct{ end, sequence, first, second int64 }
	loads := make([]load, 8)
	log := make([][]Record, 8)
	for i := 0; i < n; i++ {
		k := i % 8
		l, tp := &loads[k], TP{"t", int32(k)}
		at += 100
		switch i / 8 % 3 {
		case 0:
			var sent []Record
			for j := range int64(4) {
				value++
				sent = append(sent, Record{Unknown, at, value})
				log[k] = append(log[k], Record{l.end + j, at, value})
			}
			id := h.InvokeProduce(int32(k), at, tp, Produce{Producer: int64(k), Sequence: int32(l.sequence), Acks: -1, Records: sent})
			h.OKProduce(id, at+90, l.end)
			l.end += 4
		case 1:
			readOn(h, int32(8+k), at, tp, &l.first, log[k])
		case 2:
			readOn(h, int32(16+k), at, tp, &l.second, log[k])
		}
	}
	return h
}

func readOn(h *History, process int32, at int64, tp TP, from *int64, log []Record) {
	id := h.InvokeFetch(process, at, tp, Fetch{From: *from})
	h.OKFetch(id, at+70, Fetched{Records: log[*from:], HighWatermark: int64(len(log)), LogStart: 0})
	*from = int64(len(log))
}

// A million operations take about a second.
func BenchmarkCheckOfAMillionOperations(b *testing.B) {
	h := busyHistory(1_000_000)
	for b.Loop() {
		if r := Check(h, Options{}); !r.Valid() {
			b.Fatal(r)
		}
	}
}

func BenchmarkPorcupineOnTenThousandOperations(b *testing.B) {
	h := busyHistory(10_000)
	for b.Loop() {
		if r := CheckBoth(h, Options{}); !r.Valid() || r.Stats.Windows == 0 {
			b.Fatal(r)
		}
	}
}

func BenchmarkWriteLinesOfAMillionOperations(b *testing.B) {
	h := busyHistory(1_000_000)
	for b.Loop() {
		if err := h.WriteLines(io.Discard); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkReadLinesOfAMillionOperations(b *testing.B) {
	var lines bytes.Buffer
	if err := busyHistory(1_000_000).WriteLines(&lines); err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(lines.Len()))
	for b.Loop() {
		if _, err := ReadLines(bytes.NewReader(lines.Bytes())); err != nil {
			b.Fatal(err)
		}
	}
}
