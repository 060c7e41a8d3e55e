package console

import (
	"context"
	"fmt"
	"strconv"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Span is what is read of one partition.
type Span struct {
	Start int64 // the first offset
	End   int64 // the offset after the last one there was when the span was made
}

// Where says which offset to begin with: "earliest", "latest", an offset, a
// number of records before the end ("-10"), or a time in ms since 1970 ("@...").
type Where string

// Spans asks for the offsets between which partitions are to be read.
func Spans(ctx context.Context, cl *kgo.Client, topic string, partitions []int32, from Where, committed bool) (map[int32]Span, error) {
	adm := kadm.NewClient(cl)
	starts, err := adm.ListStartOffsets(ctx, topic)
	if err != nil {
		return nil, fmt.Errorf("offsets of %s: %w", topic, err)
	}
	list := adm.ListEndOffsets
	if committed {
		list = adm.ListCommittedOffsets
	}
	ends, err := list(ctx, topic)
	if err != nil {
		return nil, fmt.Errorf("offsets of %s: %w", topic, err)
	}
	at, err := from.resolve(ctx, adm, topic)
	if err != nil {
		return nil, err
	}
	spans := map[int32]Span{}
	for _, p := range partitions {
		start, end := starts[topic][p], ends[topic][p]
		if err := firstOf(start.Err, end.Err); err != nil {
			return nil, fmt.Errorf("offsets of %s-%d: %w", topic, p, err)
		}
		spans[p] = Span{at(p, start.Offset, end.Offset), end.Offset}
	}
	return spans, nil
}

func firstOf(errs ...error) error {
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}

// resolve returns how to choose the first offset of a partition.
func (w Where) resolve(ctx context.Context, adm *kadm.Client, topic string) (func(p int32, start, end int64) int64, error) {
	switch {
	case w == "earliest" || w == "beginning":
		return func(_ int32, start, _ int64) int64 { return start }, nil
	case w == "latest" || w == "end" || w == "":
		return func(_ int32, _, end int64) int64 { return end }, nil
	case w[0] == '@':
		return w.atTime(ctx, adm, topic)
	}
	n, err := strconv.ParseInt(string(w), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("offset %q is neither earliest, latest, a number nor @milliseconds", w)
	}
	if n < 0 {
		return func(_ int32, start, end int64) int64 { return max(start, end+n) }, nil
	}
	return func(int32, int64, int64) int64 { return n }, nil
}

func (w Where) atTime(ctx context.Context, adm *kadm.Client, topic string) (func(int32, int64, int64) int64, error) {
	ms, err := strconv.ParseInt(string(w[1:]), 10, 64)
	if err != nil {
		return nil, fmt.Errorf("time %q is not a number of milliseconds", w)
	}
	found, err := adm.ListOffsetsAfterMilli(ctx, ms, topic)
	if err != nil {
		return nil, fmt.Errorf("offsets of %s at %d: %w", topic, ms, err)
	}
	return func(p int32, _, end int64) int64 {
		if o, ok := found[topic][p]; ok && o.Err == nil && o.Offset >= 0 {
			return o.Offset
		}
		return end
	}, nil
}
