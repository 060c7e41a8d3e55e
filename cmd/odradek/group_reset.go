package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"

	"odradek/cmd/odradek/internal/cluster"
	"odradek/cmd/odradek/internal/groups"
)

// groupResetOffsetsCmd says where a group's offsets would go, and with --execute
// puts them there.
type groupResetOffsetsCmd struct {
	cluster.Flags
	Group      string         `arg:"" help:"The group."`
	Topic      []string       `help:"What to reset: a topic, or topic:0,1. Repeatable." placeholder:"TOPIC[:P,P]" sep:"none"`
	AllTopics  bool           `help:"Reset all that the group has committed."`
	ToEarliest bool           `xor:"to" help:"To the beginning."`
	ToLatest   bool           `xor:"to" help:"To the end."`
	ToCurrent  bool           `xor:"to" help:"To what is committed."`
	ToOffset   *int64         `xor:"to" help:"To an offset."`
	ShiftBy    *int64         `xor:"to" help:"By so many records, to the past if negative."`
	ToDatetime *time.Time     `xor:"to" help:"To the first record at or after a time (RFC 3339)." format:"2006-01-02T15:04:05Z07:00"`
	ByDuration *time.Duration `xor:"to" help:"To the first record that is at most so old."`
	Execute    bool           `help:"Do it. Without this nothing is changed."`
}

// Run resets.
func (c *groupResetOffsetsCmd) Run() error {
	return c.Ask(c.reset)
}

func (c *groupResetOffsetsCmd) reset(ctx context.Context, cl *kgo.Client) error {
	adm := kadm.NewClient(cl)
	plan, err := c.plan(ctx, adm)
	if err != nil {
		return err
	}
	if c.Execute {
		if err := adm.CommitAllOffsets(ctx, c.Group, groups.Offsets(plan)); err != nil {
			return fmt.Errorf("group %s: %w", c.Group, err)
		}
	} else {
		fmt.Fprintln(os.Stderr, "nothing is changed without --execute")
	}
	var rows [][]string
	for _, r := range plan {
		rows = append(rows, []string{c.Group, r.Topic, strconv.Itoa(int(r.Partition)), strconv.FormatInt(r.Offset, 10)})
	}
	return groups.Table(os.Stdout, []string{"GROUP", "TOPIC", "PARTITION", "NEW-OFFSET"}, rows)
}

func (c *groupResetOffsetsCmd) plan(ctx context.Context, adm *kadm.Client) ([]groups.Reset, error) {
	spec := groups.Spec{Earliest: c.ToEarliest, Latest: c.ToLatest, Current: c.ToCurrent, Offset: c.ToOffset, Shift: c.ShiftBy, Since: c.ToDatetime}
	if c.ByDuration != nil {
		at := time.Now().Add(-*c.ByDuration)
		spec.Since = &at
	}
	if spec == (groups.Spec{}) {
		return nil, errors.New("say where to: --to-earliest, --to-latest, --to-current, --to-offset, --shift-by, --to-datetime or --by-duration")
	}
	if c.AllTopics == (len(c.Topic) > 0) {
		return nil, errors.New("say what to reset: --topic or --all-topics")
	}
	committed, err := adm.FetchOffsets(ctx, c.Group)
	if err != nil {
		return nil, fmt.Errorf("offsets of group %s: %w", c.Group, err)
	}
	set := groups.CommittedBy(committed)
	if !c.AllTopics {
		if set, err = groups.Targets(ctx, adm, c.Topic); err != nil {
			return nil, err
		}
	}
	return groups.Plan(ctx, adm, spec, set, committed)
}
