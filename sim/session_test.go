package sim_test

import (
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/wire"
)

func (w *wide) trim(partition int32, before int64) {
	req := kmsg.NewPtrDeleteRecordsRequest()
	req.Version, req.TimeoutMillis = 2, 5000
	t := kmsg.NewDeleteRecordsRequestTopic()
	t.Topic = "t"
	p := kmsg.NewDeleteRecordsRequestTopicPartition()
	p.Partition, p.Offset = partition, before
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	if code := w.ask(req).(*kmsg.DeleteRecordsResponse).Topics[0].Partitions[0].ErrorCode; code != 0 {
		w.b.Fatalf("error %d", code)
	}
}

func TestASessionIsToldOnceOfWhatHasChanged(t *testing.T) {
	w := newWide(t, 3)
	w.produce(3)
	poll := w.session(3)
	for _, step := range []struct {
		what  string
		do    func()
		moved map[int32]int64
		want  int
	}{
		{"it has read all", func() {}, map[int32]int64{0: 1, 1: 1, 2: 1}, 0},
		{"one has a record", func() { w.produce(1) }, nil, 1},
		{"which is not read", func() {}, nil, 1},
		{"which is read", func() {}, map[int32]int64{0: 2}, 0},
		{"another begins later", func() { w.trim(1, 1) }, nil, 1},
		{"and does not change", func() {}, nil, 0},
		{"an offset is behind the end", func() {}, map[int32]int64{2: 9}, 1},
		{"and still is", func() {}, nil, 1},
		{"an offset is before the start", func() {}, map[int32]int64{1: 0, 2: 1}, 2},
		{"now none is", func() {}, map[int32]int64{1: 1}, 1},
		{"nothing happens", func() {}, nil, 0},
	} {
		step.do()
		if got := poll(0, step.moved); got != step.want {
			t.Errorf("%s: %d partitions, not %d", step.what, got, step.want)
		}
	}
}

func TestALongPollIsWokenByAPartitionThatWasQuiet(t *testing.T) {
	w := newWide(t, 3)
	poll := w.session(3)
	poll(0, nil)
	var frame []byte
	conn := w.world.Dial(w.world.Nodes()[0], func(b []byte) { frame = b }, func() {})
	req := pollOf(w.id, 2, 5*time.Second)
	conn.Send(wire.AppendRequest(nil, 1, "test", req))
	w.pass(100 * time.Millisecond)
	if frame != nil {
		t.Fatal("it did not wait")
	}
	w.produce(1)
	w.pass(10 * time.Millisecond)
	if frame == nil {
		t.Fatal("it waits on")
	}
	resp, _, err := wire.ParseResponse(frame, req)
	if err != nil || len(resp.(*kmsg.FetchResponse).Topics[0].Partitions[0].RecordBatches) == 0 {
		t.Fatalf("%v %+v", err, resp)
	}
}

func TestAFetchUnderWayDoesNotMindThatItsPartitionsAreForgotten(t *testing.T) {
	w := newWide(t, 3)
	w.session(3)
	answered := false
	conn := w.world.Dial(w.world.Nodes()[0], func([]byte) { answered = true }, func() {})
	conn.Send(wire.AppendRequest(nil, 1, "test", pollOf(w.id, 1, time.Second)))
	w.pass(100 * time.Millisecond)
	forget := pollOf(w.id, 2, 0)
	gone := kmsg.NewFetchRequestForgottenTopic()
	gone.TopicID, gone.Partitions = w.topic, []int32{0, 1}
	forget.ForgottenTopics = append(forget.ForgottenTopics, gone)
	if code := w.ask(forget).(*kmsg.FetchResponse).ErrorCode; code != 0 {
		t.Fatalf("error %d", code)
	}
	w.pass(2 * time.Second)
	if !answered {
		t.Fatal("there is no answer")
	}
}
