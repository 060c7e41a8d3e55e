package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"

	"odradek/node/mutant"
)

// Take reads records of one topic and prints them.
type Take struct {
	Client *kgo.Client // made with Options
	Topic  string
	Spans  map[int32]Span
	Print  Printer

	Max   int           // records to print; 0 for no limit
	AtEnd bool          // end where the spans do
	Idle  time.Duration // the longest wait for a record; 0 to wait forever

	taken int
	at    map[int32]int64 // the offset after the last record seen
}

// CorruptError is a record that the broker has, or sent, damaged.
type CorruptError struct {
	Topic     string
	Partition int32
	Offset    int64 // of the first record of the batch, or below it
	Err       error
}

func (e *CorruptError) Error() string {
	return fmt.Sprintf("%s-%d: corrupt record at offset %d: %v", e.Topic, e.Partition, e.Offset, e.Err)
}

func (e *CorruptError) Unwrap() error { return e.Err }

// ErrIdle is the end of a Take that waited for longer than Idle.
var ErrIdle = errors.New("nothing came")

// Options are what a client needs so that a Take sees all that matters: control
// records move the position, and an offset that the log does not have is an
// error.
func Options() []kgo.Opt {
	return []kgo.Opt{kgo.KeepControlRecords(), kgo.ConsumeResetOffset(kgo.NoResetOffset()), kgo.FetchMaxWait(500 * time.Millisecond)}
}

// Run prints to w until an end that was asked for, and returns how many records
// it printed. A *CorruptError says that nothing beyond it was read of its
// partition.
func (t *Take) Run(ctx context.Context, w io.Writer) (int, error) {
	t.at = map[int32]int64{}
	from := map[int32]kgo.Offset{}
	for p, s := range t.Spans {
		t.at[p] = s.Start
		from[p] = kgo.NewOffset().At(s.Start)
	}
	t.Client.AddConsumePartitions(map[string]map[int32]kgo.Offset{t.Topic: from})
	out := bufio.NewWriter(w)
	for !t.done() {
		err := t.poll(ctx, out)
		if err = errors.Join(err, out.Flush()); err != nil {
			return t.taken, err
		}
	}
	return t.taken, nil
}

func (t *Take) done() bool {
	if t.Max > 0 && t.taken >= t.Max {
		return true
	}
	for p, s := range t.Spans {
		if !t.AtEnd || t.at[p] < s.End {
			return false
		}
	}
	return true
}

func (t *Take) poll(ctx context.Context, w io.Writer) error {
	waits, cancel := ctx, context.CancelFunc(func() {})
	if t.Idle > 0 {
		waits, cancel = context.WithTimeout(ctx, t.Idle)
	}
	defer cancel()
	fetched := t.Client.PollFetches(waits)
	if waits.Err() != nil && fetched.NumRecords() == 0 {
		if err := ctx.Err(); err != nil {
			return err
		}
		return t.idle()
	}
	var failed error
	fetched.EachPartition(func(p kgo.FetchTopicPartition) {
		if failed == nil && p.Topic == t.Topic { // else it says that the wait is over
			failed = t.partition(p, w)
		}
	})
	return failed
}

// idle says where the partitions are that have not come to their end.
func (t *Take) idle() error {
	var places []string
	for _, p := range slices.Sorted(maps.Keys(t.Spans)) {
		if t.AtEnd && t.at[p] < t.Spans[p].End {
			places = append(places, fmt.Sprintf("%s-%d is at offset %d of %d", t.Topic, p, t.at[p], t.Spans[p].End))
		}
	}
	return fmt.Errorf("%w for %v: %s", ErrIdle, t.Idle, strings.Join(places, ", "))
}

func (t *Take) partition(p kgo.FetchTopicPartition, w io.Writer) error {
	for _, r := range p.Records {
		if t.done() || t.AtEnd && r.Offset >= t.Spans[r.Partition].End {
			return nil
		}
		t.at[r.Partition] = r.Offset + 1
		if r.Attrs.IsControl() {
			continue
		}
		if err := t.Print.Print(w, r); err != nil {
			return fmt.Errorf("print: %w", err)
		}
		t.taken++
	}
	if p.Err != nil {
		return t.fault(p.Partition, p.Err)
	}
	return nil
}

// fault tells what the broker refuses from what it has damaged: only for the
// latter the client has no error code.
func (t *Take) fault(p int32, err error) error {
	var refused *kerr.Error
	if errors.As(err, &refused) && !errors.Is(err, kerr.CorruptMessage) {
		return fmt.Errorf("%s-%d at offset %d: %w", t.Topic, p, t.at[p], err)
	}
	if mutant.On("B24") { // KAFKA-5211: a corrupt record is skipped in silence
		t.at[p]++
		t.Client.SetOffsets(map[string]map[int32]kgo.EpochOffset{t.Topic: {p: {Epoch: -1, Offset: t.at[p]}}})
		return nil
	}
	return &CorruptError{t.Topic, p, t.at[p], err}
}
