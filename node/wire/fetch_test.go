package wire

import (
	"bytes"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
	"pgregory.net/rapid"
)

// drawnFetch is a response, the same without records, and their lengths.
func drawnFetch(seed uint64, version int16) (full *kmsg.FetchResponse, sizes []int, ranges [][]byte) {
	full = kmsg.NewPtrFetchResponse()
	full.Version = version
	f := newFiller(seed)
	f.message(full)
	for i := range full.Topics {
		for j := range full.Topics[i].Partitions {
			p := &full.Topics[i].Partitions[j]
			p.RecordBatches = [][]byte{nil, {}, []byte("r"), make([]byte, 200), make([]byte, 20_000)}[f.IntN(5)]
			n := len(p.RecordBatches)
			if p.RecordBatches == nil {
				n = -1
			}
			if f.IntN(2) == 0 {
				p.AbortedTransactions = nil
			}
			for k := range p.RecordBatches {
				p.RecordBatches[k] = byte(len(sizes) + k)
			}
			sizes, ranges = append(sizes, n), append(ranges, p.RecordBatches)
		}
	}
	return full, sizes, ranges
}

func TestFetchAroundRangesEqualsTheWholeEncoding(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		version := int16(rapid.IntRange(4, 18).Draw(t, "version"))
		full, sizes, ranges := drawnFetch(rapid.Uint64().Draw(t, "seed"), version)
		want := AppendResponse(nil, 42, full)
		parts := AppendFetch(nil, 42, full, sizes)
		var got []byte
		for _, p := range parts {
			if p.Range >= 0 {
				got = append(got, ranges[p.Range]...)
			}
			got = append(got, p.Bytes...)
		}
		if !bytes.Equal(got, want) {
			t.Fatalf("v%d:\n% x\n% x", version, got, want)
		}
		if n := FetchSize(parts, sizes); n != len(want) {
			t.Fatalf("size %d, want %d", n, len(want))
		}
	})
}

func TestOnlyPartitionsWithRecordsGetARange(t *testing.T) {
	resp := &kmsg.FetchResponse{Version: 12, Topics: []kmsg.FetchResponseTopic{{
		Partitions: make([]kmsg.FetchResponseTopicPartition, 4)}}}
	var ranges []int
	for _, p := range AppendFetch(nil, 1, resp, []int{0, 7, -1, 9}) {
		if p.Range >= 0 {
			ranges = append(ranges, p.Range)
		} else if len(p.Bytes) == 0 {
			t.Error("an empty part")
		}
	}
	if len(ranges) != 2 || ranges[0] != 1 || ranges[1] != 3 {
		t.Fatal(ranges)
	}
}

func TestPartsCannotBeAppendedIntoOneAnother(t *testing.T) {
	resp := &kmsg.FetchResponse{Version: 12, Topics: []kmsg.FetchResponseTopic{{
		Partitions: make([]kmsg.FetchResponseTopicPartition, 1)}}}
	parts := AppendFetch(nil, 1, resp, []int{5})
	before := bytes.Clone(parts[2].Bytes)
	_ = append(parts[0].Bytes, 0xee)
	if !bytes.Equal(parts[2].Bytes, before) {
		t.Fatal("a part grew into the next one")
	}
}
