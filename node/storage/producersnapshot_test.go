package storage

import (
	"bytes"
	"encoding/hex"
	"hash/crc32"
	"math"
	"strings"
	"testing"
)

// golden is what Kafka's own writer makes of one producer: id 9, epoch 2, last
// sequence 11 at offset 41, 1 offset before it, time 1001, no transaction.
const golden = "0001 f3c18ce8 00000001" +
	"0000000000000009 0002 0000000b 0000000000000029 00000001 00000000000003e9 ffffffff ffffffffffffffff"

func unspaced(t testing.TB, text string) []byte {
	t.Helper()
	b, err := hex.DecodeString(strings.ReplaceAll(text, " ", ""))
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func TestASnapshotIsByteForByteKafkas(t *testing.T) {
	p := NewProducers()
	p.Update(sent{id: 9, epoch: 2, first: 10, count: 2, offset: 40, time: 1001}.batch(t))
	if got, want := p.Encode(nil), unspaced(t, golden); !bytes.Equal(got, want) {
		t.Fatalf("\n got %x\nwant %x", got, want)
	}
}

func TestASnapshotIsAppendedToWhatIsThere(t *testing.T) {
	got := NewProducers().Encode([]byte("before"))
	if p, err := DecodeProducers(got[len("before"):]); err != nil || p.Len() != 0 {
		t.Fatal(err)
	}
}

func TestTransactionFieldsAndProducersWithoutABatchSurviveASnapshot(t *testing.T) {
	p := NewProducers()
	p.byID[3] = &producer{epoch: 4, time: 55, txn: txnState{coordinatorEpoch: 6, firstOffset: 70}}
	back, err := DecodeProducers(p.Encode(nil))
	if err != nil {
		t.Fatal(err)
	}
	x := back.byID[3]
	if x == nil || x.epoch != 4 || x.time != 55 || x.txn != (txnState{6, 70}) || len(x.window) != 0 {
		t.Fatalf("%+v", x)
	}
	expect(t, back, sent{id: 3, epoch: 4, first: 1, count: 1}, outOfOrder)
	expect(t, back, sent{id: 3, epoch: 4, first: 0, count: 1}, "")
}

func TestOfSeveralEntriesTheNewestEpochCounts(t *testing.T) {
	p := NewProducers()
	appends(t, p, 1, 0, 0)
	old := p.Encode(nil)[snapshotHead:]
	q := NewProducers()
	appends(t, q, 1, 1, 0)
	joined := sealSnapshot(append(old, q.Encode(nil)[snapshotHead:]...))
	back, err := DecodeProducers(joined)
	if err != nil || len(back.byID[1].window) != 1 || back.byID[1].epoch != 1 {
		t.Fatalf("%v %+v", err, back)
	}
}

// sealSnapshot puts a right head before entries.
func sealSnapshot(entries []byte) []byte {
	b := append(make([]byte, snapshotHead), entries...)
	be.PutUint16(b, snapshotVersion)
	be.PutUint32(b[snapshotBody:], uint32(len(entries)/snapshotEntry))
	be.PutUint32(b[2:], crc32.Checksum(b[snapshotBody:], castagnoli))
	return b
}

func TestEveryDamageOfASnapshotIsSeen(t *testing.T) {
	whole := unspaced(t, golden)
	for n := range whole {
		if _, err := DecodeProducers(whole[:n]); err == nil {
			t.Errorf("cut to %d bytes, it is taken", n)
		}
	}
	for i := range whole {
		bad := bytes.Clone(whole)
		bad[i] ^= 0x10
		if _, err := DecodeProducers(bad); err == nil {
			t.Errorf("byte %d changed, it is taken", i)
		}
	}
	if _, err := DecodeProducers(append(whole, 0)); err == nil {
		t.Error("with a byte more, it is taken")
	}
}

func TestEntriesThatNoLogCanHaveAreRefusedUnderARightChecksum(t *testing.T) {
	for what, change := range map[string]func(e []byte){
		"negative id":            func(e []byte) { e[0] = 0x80 },
		"negative epoch":         func(e []byte) { e[8] = 0x80 },
		"negative sequence":      func(e []byte) { e[10] = 0x80 },
		"negative delta":         func(e []byte) { e[22] = 0x80 },
		"offsets from before 0":  func(e []byte) { be.PutUint32(e[22:], 42) },
		"sequence of no records": func(e []byte) { be.PutUint32(e[10:], math.MaxUint32-1) },
	} {
		entry := unspaced(t, golden)[snapshotHead:]
		change(entry)
		if _, err := DecodeProducers(sealSnapshot(entry)); err == nil {
			t.Errorf("%s: taken", what)
		}
	}
}

func FuzzDecodeProducers(f *testing.F) {
	f.Add(unspaced(f, golden))
	f.Add(NewProducers().Encode(nil))
	f.Fuzz(func(t *testing.T, b []byte) {
		for _, in := range [][]byte{b, sealSnapshot(b[:len(b)/snapshotEntry*snapshotEntry])} {
			p, err := DecodeProducers(in)
			if err != nil {
				continue
			}
			first := p.Encode(nil)
			q, err := DecodeProducers(first)
			if err != nil || !bytes.Equal(first, q.Encode(nil)) {
				t.Fatalf("%v: %x", err, first)
			}
		}
	})
}
