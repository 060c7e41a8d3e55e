package bench

import (
	"encoding/binary"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/cmd/odradek/internal/cluster"
	"odradek/node/record"
	"odradek/node/wire"
)

func TestABatchIsSoundAndAsLargeAsItWasAskedToBe(t *testing.T) {
	for _, codec := range []record.Codec{record.None, record.Gzip, record.Snappy, record.LZ4, record.Zstd} {
		for _, size := range []int{1, 1000, 16384, 1 << 20} {
			s := newSource(&Load{BatchSize: size, RecordSize: 100, Codec: codec})
			b, err := s.batch(time.UnixMilli(1700000000000))
			if err != nil {
				t.Fatal(err)
			}
			if err := record.Check(b); err != nil || b.Count() < 1 {
				t.Errorf("%v, %d bytes: %d records, %v", codec, size, b.Count(), err)
			}
			if most := max(size, 200); len(b) > most || codec == record.None && len(b) < most-200 {
				t.Errorf("%v: %d bytes instead of %d", codec, len(b), size)
			}
			if codec != record.None && size > 1000 && len(b) > size*3/4 {
				t.Errorf("%v: %d of %d bytes are left", codec, len(b), size)
			}
		}
	}
}

func TestAValueBearsItsTime(t *testing.T) {
	due := time.Unix(1700000000, 123456789)
	b, err := newSource(&Load{BatchSize: 1, RecordSize: 10}).batch(due)
	if err != nil {
		t.Fatal(err)
	}
	for r, err := range record.Records(b, nil, 0) {
		if got := int64(binary.BigEndian.Uint64(r.Value)); err != nil || got != due.UnixNano() {
			t.Errorf("%d, %v", got, err)
		}
		m := &meter{from: due}
		if !m.stamped(r.Value, due.Add(time.Second)) || m.Latency.Max() != time.Second {
			t.Errorf("the latency is %v", m.Latency.Max())
		}
	}
}

func TestAShotIsAProduceRequestWithItsNumber(t *testing.T) {
	s := newSource(&Load{Topic: &cluster.Topic{Name: "t"}, BatchSize: 1, RecordSize: 10, Acks: -1, Patience: time.Second})
	shot, err := s.shot(3, time.Now())
	if err != nil {
		t.Fatal(err)
	}
	shot.number(77)
	req, err := wire.ParseRequest(shot.frame[4:], wire.DefaultLimits)
	if err != nil {
		t.Fatal(err)
	}
	body := req.Body.(*kmsg.ProduceRequest)
	if req.Header.CorrelationID != 77 || body.Acks != -1 || body.TimeoutMillis != 1000 || body.Topics[0].Topic != "t" ||
		body.Topics[0].Partitions[0].Partition != 3 || len(body.Topics[0].Partitions[0].Records) != shot.bytes {
		t.Errorf("%+v %+v", req.Header, body)
	}
}
