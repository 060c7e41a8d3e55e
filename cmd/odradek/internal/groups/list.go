package groups

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Listed is a group as listing shows it.
type Listed struct {
	Group, Kind, State string
}

// List finds all groups, ordered by name: each broker is asked once for those that
// it coordinates.
func List(ctx context.Context, cl *kgo.Client) (all []Listed, err error) {
	for _, shard := range cl.RequestSharded(ctx, kmsg.NewPtrListGroupsRequest()) {
		if shard.Err != nil {
			return nil, fmt.Errorf("list groups: %w", shard.Err)
		}
		resp := shard.Resp.(*kmsg.ListGroupsResponse)
		if err := kerr.ErrorForCode(resp.ErrorCode); err != nil {
			return nil, fmt.Errorf("list groups of broker %d: %w", shard.Meta.NodeID, err)
		}
		for _, g := range resp.Groups {
			all = append(all, Listed{g.Group, kindOf(g.GroupType), g.GroupState})
		}
	}
	slices.SortFunc(all, func(a, b Listed) int { return strings.Compare(a.Group, b.Group) })
	return all, nil
}

// kindOf is a group's kind by its type, which brokers tell since ListGroups v5:
// before there was only one.
func kindOf(groupType string) string {
	if strings.EqualFold(groupType, Consumer) {
		return Consumer
	}
	return Classic
}
