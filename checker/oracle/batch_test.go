package oracle

import (
	"encoding/binary"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func batchText(t *testing.T, spec string) []byte {
	t.Helper()
	v, err := parseJSON(spec)
	if err != nil {
		t.Fatal(err)
	}
	b, err := bytesOf(v)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestABatchIsShownAsItWasWritten(t *testing.T) {
	for i, codec := range codecs {
		b := batchText(t, fmt.Sprintf(`{"$batch": {"codec": %q, "Timestamp": 5, "ProducerID": 9, "Epoch": 1, "Sequence": 4,
			"records": [{"k": "a", "v": "hex:00ff", "t": 2}, {"v": {"repeat": ["x", 100]}, "h": [["h", null], ["i", "j"]]}]}}`, codec))
		want := `[{"baseOffset": 0, "lastOffsetDelta": 1, "leaderEpoch": -1, "codec": "` + codec + `", "ProducerID": 9, "epoch": 1, ` +
			`"sequence": 4, "timestamp": 5, "maxTimestamp": 7, "records": [{"o": 0, "t": 7, "k": "a", "v": "hex:00ff"}, ` +
			`{"o": 1, "t": 5, "k": null, "v": "100 times \"x\"", "h": [["h", null], ["i", "j"]]}]}]`
		if got := compact(showBatches(b)); got != want {
			t.Errorf("codec %d\n%s\nwant\n%s", i, got, want)
		}
	}
}

func TestEachFieldOfABatchCanBeWrong(t *testing.T) {
	plain := batchText(t, `{"$batch": {"records": [{"k": "a"}]}}`)
	for field, last := range map[string]int{ // its last byte
		"BaseOffset": 7, "Length": 11, "LeaderEpoch": 15, "Magic": 16, "CRC": 20, "Attributes": 22, "LastOffsetDelta": 26,
		"Timestamp": 34, "MaxTimestamp": 42, "ProducerID": 50, "Epoch": 52, "Sequence": 56, "Count": 60,
	} {
		b := batchText(t, `{"$batch": {"records": [{"k": "a"}], "`+field+`": 77}}`)
		if len(b) != len(plain) || b[last] != 77 {
			t.Errorf("%s is not at byte %d of %x", field, last, b)
		}
	}
	if b := batchText(t, `{"$batch": {"records": [{"k": "a"}], "Cut": 3}}`); len(b) != len(plain)-3 {
		t.Errorf("%d bytes, cut from %d", len(b), len(plain))
	}
	if b := batchText(t, `[{"$batch": {}}, "hex:00ff", null]`); len(b) != batchHead+2 {
		t.Errorf("%d bytes of an empty batch and two more", len(b))
	}
}

func TestDamageOfABatchIsShown(t *testing.T) {
	b := batchText(t, `{"$batch": {"records": [{"k": "a"}]}}`)
	flipped := append([]byte{}, b...)
	flipped[20] ^= 1
	if got := compact(showBatches(flipped)); !strings.Contains(got, `"crc": "wrong"`) {
		t.Error(got)
	}
	if got := compact(showBatches(append(b, b[:40]...))); !strings.HasSuffix(got, `, {"partial": 40}]`) {
		t.Error(got)
	}
	if got := compact(showBatches(batchText(t, `{"$batch": {"records": [{"k": "a"}], "Count": 2}}`))); !strings.Contains(got, `{"partial": 0}`) {
		t.Error(got)
	}
	if got := compact(showBatches(batchText(t, `{"$batch": {"codec": "gzip", "Payload": "a", "Attributes": -1}}`))); !strings.Contains(got, "codec 7") {
		t.Error(got)
	}
}

func TestBytesThatAreNoBatchAreShownToo(t *testing.T) {
	whole := batchText(t, `{"$batch": {"codec": "lz4", "records": [{"k": "a"}, {"v": "b"}]}}`)
	rapid.Check(t, func(t *rapid.T) {
		b := append([]byte{}, whole...)
		for range rapid.IntRange(1, 4).Draw(t, "changes") {
			b[rapid.IntRange(0, len(b)-1).Draw(t, "at")] = rapid.Byte().Draw(t, "to")
		}
		b = b[:rapid.IntRange(0, len(b)).Draw(t, "length")]
		if got := compact(showBatches(b)); len(b) > 0 && got == "[]" {
			t.Fatalf("%x is shown as nothing", b)
		}
	})
}

func FuzzShowBatches(f *testing.F) {
	f.Add([]byte{}, int32(3))
	f.Add(make([]byte, 70), int32(58))
	f.Fuzz(func(t *testing.T, b []byte, length int32) {
		if len(b) > 12 {
			binary.BigEndian.PutUint32(b[8:], uint32(length))
		}
		if got := compact(showBatches(b)); len(b) > 0 && got == "[]" {
			t.Fatalf("%x is shown as nothing", b)
		}
	})
}
