package console

import (
	"errors"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
)

// a fetch of partition 0 with values at offsets from first on.
func fetch(err error, first int64, values ...string) kgo.FetchTopicPartition {
	p := kgo.FetchPartition{Err: err}
	for i, v := range values {
		p.Records = append(p.Records, &kgo.Record{Topic: "t", Offset: first + int64(i), Value: []byte(v)})
	}
	return kgo.FetchTopicPartition{Topic: "t", FetchPartition: p}
}

func take(end int64) *Take {
	text, _ := NewText(nil)
	return &Take{Topic: "t", Spans: map[int32]Span{0: {0, end}}, Print: text, at: map[int32]int64{}}
}

func TestACorruptRecordIsReportedWithItsOffsetBehindThoseBeforeIt(t *testing.T) {
	var out strings.Builder
	err := take(9).partition(fetch(errors.New("bad crc"), 3, "c", "d"), &out)
	var corrupt *CorruptError
	if !errors.As(err, &corrupt) || corrupt.Offset != 5 || corrupt.Partition != 0 {
		t.Errorf("the error is %v", err)
	}
	if out.String() != "c\nd\n" {
		t.Errorf("printed %q", out.String())
	}
}

func TestWhatTheBrokerCallsCorruptIsCorruptToo(t *testing.T) {
	var corrupt *CorruptError
	if err := take(9).partition(fetch(kerr.CorruptMessage, 0), nil); !errors.As(err, &corrupt) {
		t.Errorf("the error is %v", err)
	}
}

func TestARefusalIsNoCorruption(t *testing.T) {
	err := take(9).partition(fetch(kerr.OffsetOutOfRange, 0), nil)
	var corrupt *CorruptError
	if errors.As(err, &corrupt) || !errors.Is(err, kerr.OffsetOutOfRange) {
		t.Errorf("the error is %v", err)
	}
}

func TestNothingIsPrintedBeyondTheEndOrTheMost(t *testing.T) {
	var out strings.Builder
	end := take(2)
	end.AtEnd = true
	if err := end.partition(fetch(nil, 0, "a", "b", "c"), &out); err != nil || out.String() != "a\nb\n" || !end.done() {
		t.Errorf("printed %q, done %v, %v", out.String(), end.done(), err)
	}
	out.Reset()
	most := take(9)
	most.Max = 1
	if err := most.partition(fetch(errors.New("beyond"), 0, "a", "b"), &out); err != nil || out.String() != "a\n" || !most.done() {
		t.Errorf("printed %q, done %v, %v", out.String(), most.done(), err)
	}
}

func TestControlRecordsMoveThePositionUnseen(t *testing.T) {
	f := fetch(nil, 0, "marker")
	f.Records[0].Attrs = control()
	c := take(1)
	c.AtEnd = true
	var out strings.Builder
	if err := c.partition(f, &out); err != nil || out.Len() > 0 || !c.done() {
		t.Errorf("printed %q, done %v, %v", out.String(), c.done(), err)
	}
}

// control has kgo decode the attributes of a control record, which nobody else
// can set.
func control() kgo.RecordAttrs {
	for _, r := range decode(controlBatch()) {
		return r.Attrs
	}
	return kgo.RecordAttrs{}
}

func TestAWaitInVainSaysWhereItIsStuck(t *testing.T) {
	c := take(9)
	c.AtEnd, c.at = true, map[int32]int64{0: 4}
	if err := c.idle(); !errors.Is(err, ErrIdle) || !strings.Contains(err.Error(), "t-0 is at offset 4 of 9") {
		t.Errorf("the error is %v", err)
	}
}
