package console

import (
	"context"
	"errors"
	"fmt"
	"io"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Send produces what next gives until io.EOF, and returns how many records the
// cluster acknowledged. It ends at the first record that fails; when next does,
// what was read before is still sent.
func Send(ctx context.Context, cl *kgo.Client, next func() (*kgo.Record, error)) (sent int, err error) {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done := func(r *kgo.Record, err error) { // never two at a time
		if err != nil {
			cancel(fmt.Errorf("a record to %s-%d: %w", r.Topic, r.Partition, err))
			return
		}
		sent++
	}
	var unread error
	for ctx.Err() == nil && unread == nil {
		var r *kgo.Record
		if r, unread = next(); unread == nil {
			cl.Produce(ctx, r, done)
		}
	}
	if err := cl.Flush(context.WithoutCancel(ctx)); err != nil {
		return sent, fmt.Errorf("flush: %w", err)
	}
	if ctx.Err() == nil && !errors.Is(unread, io.EOF) {
		return sent, unread
	}
	return sent, context.Cause(ctx)
}
