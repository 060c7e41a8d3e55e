package console

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Member reads as one of a consumer group, and prints what it is given. What was
// printed is committed, now and then and at the end.
type Member struct {
	Client *kgo.Client // made with MemberOptions
	Print  Printer
	Max    int           // records to print; 0 for no limit
	Idle   time.Duration // the longest wait for a record; 0 to wait forever
}

// MemberOptions are what the client of a Member needs. earliest says where it begins
// if the group has committed nothing.
func MemberOptions(group, topic string, earliest bool) []kgo.Opt {
	reset := kgo.NewOffset().AtEnd()
	if earliest {
		reset = kgo.NewOffset().AtStart()
	}
	return []kgo.Opt{kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.ConsumeResetOffset(reset), kgo.AutoCommitMarks(),
		kgo.BlockRebalanceOnPoll(), kgo.FetchMaxWait(500 * time.Millisecond)}
}

// Run prints to w until an end that was asked for, and returns how many records it
// printed.
func (m *Member) Run(ctx context.Context, w io.Writer) (n int, err error) {
	out := bufio.NewWriter(w)
	for m.Max == 0 || n < m.Max {
		taken, err := m.poll(ctx, out, n)
		n += taken
		if err = errors.Join(err, out.Flush()); err != nil {
			return n, errors.Join(err, m.end())
		}
	}
	return n, m.end()
}

func (m *Member) poll(ctx context.Context, w io.Writer, before int) (n int, err error) {
	waits, cancel := ctx, context.CancelFunc(func() {})
	if m.Idle > 0 {
		waits, cancel = context.WithTimeout(ctx, m.Idle)
	}
	defer cancel()
	most := 0
	if m.Max > 0 {
		most = m.Max - before
	}
	fetched := m.Client.PollRecords(waits, most)
	defer m.Client.AllowRebalance()
	if waits.Err() != nil && fetched.NumRecords() == 0 {
		if err := ctx.Err(); err != nil {
			return 0, err
		}
		return 0, fmt.Errorf("%w for %v", ErrIdle, m.Idle)
	}
	for _, r := range fetched.Records() {
		if err := m.Print.Print(w, r); err != nil {
			return n, fmt.Errorf("print: %w", err)
		}
		m.Client.MarkCommitRecords(r)
		n++
	}
	for _, e := range fetched.Errors() {
		err = errors.Join(err, fmt.Errorf("%s-%d: %w", e.Topic, e.Partition, e.Err))
	}
	return n, err
}

// goodbye is how long the last commit, and leaving, may take.
const goodbye = 5 * time.Second

// end commits what was printed and leaves the group.
func (m *Member) end() error {
	ctx, cancel := context.WithTimeout(context.Background(), goodbye)
	defer cancel()
	err := m.Client.CommitMarkedOffsets(ctx)
	if left := m.Client.LeaveGroupContext(ctx); err == nil {
		err = left
	}
	return err
}
