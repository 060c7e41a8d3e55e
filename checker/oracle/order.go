package oracle

import (
	"cmp"
	"fmt"
	"slices"
)

// sorted are arrays whose order says nothing, with the field to order them by.
var sorted = map[string]string{
	"Metadata.Topics":                                "Topic",
	"Metadata.Brokers":                               "NodeID",
	"DescribeCluster.Brokers":                        "NodeID",
	"DescribeQuorum.Nodes":                           "NodeID",
	"DescribeQuorum.Topics.Partitions.CurrentVoters": "ReplicaID",
	"ElectLeaders.Topics":                            "Topic",
	"AlterPartitionAssignments.Topics":               "Topic",
	"ListPartitionReassignments.Topics":              "Topic",
	"Fetch.Topics":                                   "Topic",
	"ListOffsets.Topics":                             "Topic",
	"Produce.Topics":                                 "Topic",
	"Produce.Topics.Partitions":                      "Partition",
	"CreateTopics.Topics":                            "Topic",
	"DeleteTopics.Topics":                            "Topic",
	"CreatePartitions.Topics":                        "Topic",
	"DeleteRecords.Topics":                           "Topic",
	"OffsetForLeaderEpoch.Topics":                    "Topic",
	"DescribeLogDirs.Dirs.Topics":                    "Topic",
	"DescribeLogDirs.Dirs.Topics.Partitions":         "Partition",
	"DescribeConfigs.Resources":                      "ResourceName",
	"DescribeConfigs.Resources.Configs":              "Name",
	"CreateTopics.Topics.Configs":                    "Name",
	"IncrementalAlterConfigs.Resources":              "ResourceName",
	"AlterConfigs.Resources":                         "ResourceName",
	"ApiVersions.SupportedFeatures":                  "Name",
	"ApiVersions.FinalizedFeatures":                  "Name",
	"JoinGroup.Members":                              "MemberID",
	"DescribeGroups.Groups":                          "Group",
	"DescribeGroups.Groups.Members":                  "MemberID",
	"ListGroups.Groups":                              "Group",
	"DeleteGroups.Groups":                            "Group",
	"OffsetCommit.Topics":                            "Topic",
	"OffsetFetch.Topics":                             "Topic",
	"OffsetFetch.Topics.Partitions":                  "Partition",
	"OffsetFetch.Groups":                             "Group",
	"OffsetFetch.Groups.Topics":                      "Topic",
	"OffsetFetch.Groups.Topics.Partitions":           "Partition",
	"OffsetDelete.Topics":                            "Topic",
	"ConsumerGroupHeartbeat.Assignment.Topics":       "TopicID",
	"ConsumerGroupDescribe.Groups":                   "Group",
	"ConsumerGroupDescribe.Groups.Members":           "MemberID",
	"ConsumerGroupDescribe.Groups.Members.Assignment.TopicPartitions":       "Topic",
	"ConsumerGroupDescribe.Groups.Members.TargetAssignment.TopicPartitions": "Topic",
}

// sets are arrays of numbers, or of names, whose order says nothing, by name or path.
var sets = map[string]bool{
	"ISR": true, "EligibleLeaderReplicas": true, "LastKnownELR": true, "OfflineReplicas": true,
	"AddingReplicas": true, "RemovingReplicas": true,
	"ConsumerGroupDescribe.Groups.Members.SubscribedTopics":                            true,
	"ConsumerGroupHeartbeat.Assignment.Topics.Partitions":                              true,
	"ConsumerGroupDescribe.Groups.Members.Assignment.TopicPartitions.Partitions":       true,
	"ConsumerGroupDescribe.Groups.Members.TargetAssignment.TopicPartitions.Partitions": true,
}

// ascending sorts an array of numbers or texts, and leaves all else.
func ascending(v any) any {
	if all, ok := v.([]any); ok {
		slices.SortFunc(all, func(a, b any) int {
			x, numbers := a.(int64)
			y, _ := b.(int64)
			if numbers {
				return cmp.Compare(x, y)
			}
			return cmp.Compare(compact(a), compact(b))
		})
	}
	return v
}

// byField compares objects by one of their fields. What is replaced by a number
// is compared by that, if it has one yet: its own value is chance.
func (n *normalizer) byField(key string) func(a, b any) int {
	return func(a, b any) int { return cmp.Compare(n.place(key, a), n.place(key, b)) }
}

func (n *normalizer) place(key string, v any) string {
	o, _ := v.(object)
	switch at := o.get(key).(type) {
	case int64:
		return fmt.Sprintf("%020d", at)
	case string:
		if m := made.FindStringSubmatch(at); m != nil && key == "MemberID" {
			return n.placeOf("member", m[2]+m[4], o)
		}
	case [16]byte:
		return n.placeOf("id", at, o)
	}
	return compact(o.get(key))
}

// placeOf puts what was met before in the order in which that was; the rest comes
// after it, ordered by what else it holds.
func (n *normalizer) placeOf(name string, v any, o object) string {
	if at, ok := n.seen[name][compact(v)]; ok {
		return fmt.Sprintf("%08d", at)
	}
	return "~" + compact(o[1:])
}
