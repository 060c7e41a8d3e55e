package oracle

import (
	"cmp"
	"fmt"
	"slices"
)

// realTime is the least timestamp (ms) taken for one that a clock gave. Scripts
// write smaller ones into their records.
const realTime = 100_000_000_000

// A rule replaces what legitimately differs between two runs or two brokers.
type rule func(n *normalizer, v any) any

// rules are by name of the field, in any response, or by its path in one.
var rules = map[string]rule{
	"ClusterID":              always("<cluster>"),
	"Host":                   always("<host>"),
	"Port":                   always("<port>"),
	"ErrorMessage":           text,
	"Dir":                    always("<dir>"),
	"TotalBytes":             always("<bytes>"),
	"UsableBytes":            always("<bytes>"),
	"Documentation":          text,
	"LogAppendTime":          clock,
	"Timestamp":              clock,
	"timestamp":              clock,
	"maxTimestamp":           clock,
	"t":                      clock,
	"TopicID":                numbered("id"),
	"ProducerID":             numbered("producer"),
	"SessionID":              numbered("session"),
	"FinalizedFeaturesEpoch": epoch,
	"LastFetchTimestamp":     clock,
	"LastCaughtUpTimestamp":  clock,
	"LogEndOffset":           always("<end>"),
	"ReplicaDirectoryID":     numbered("dir"),
	"DescribeQuorum.Topics.Partitions.HighWatermark": always("<end>"),
	"DescribeQuorum.Topics.Partitions.LeaderEpoch":   epoch,
}

// clusterRules are more of them, where there are several nodes: which of them
// decides or is asked is a matter of chance.
var clusterRules = map[string]rule{
	"ControllerID": node,
	"DescribeQuorum.Topics.Partitions.LeaderID": node,
}

// node hides which node it is, not that there is none.
func node(n *normalizer, v any) any {
	if v == int64(-1) {
		return v
	}
	return always("<node>")(n, v)
}

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
}

// sets are arrays of node ids whose order says nothing.
var sets = map[string]bool{
	"ISR": true, "EligibleLeaderReplicas": true, "LastKnownELR": true, "OfflineReplicas": true,
	"AddingReplicas": true, "RemovingReplicas": true,
}

// ascending sorts an array of numbers, and leaves all else.
func ascending(v any) any {
	if all, ok := v.([]any); ok {
		slices.SortFunc(all, func(a, b any) int { return cmp.Compare(a.(int64), b.(int64)) })
	}
	return v
}

// normalizer remembers, for one run of a script, which values it has met.
type normalizer struct {
	seen    map[string]map[string]int
	cluster bool // clusterRules are in force
}

func newNormalizer(cluster bool) *normalizer {
	return &normalizer{map[string]map[string]int{}, cluster}
}

// normalize returns v, of the response named by path, ready to be compared.
func (n *normalizer) normalize(path string, v any) any {
	switch v := v.(type) {
	case object:
		for i, m := range v {
			v[i].value = n.field(path+"."+m.key, m)
		}
	case []any:
		if key := sorted[path]; key != "" {
			slices.SortStableFunc(v, byField(key))
		}
		for i := range v {
			v[i] = n.normalize(path, v[i])
		}
	}
	return v
}

func (n *normalizer) field(path string, m member) any {
	if sets[m.key] {
		return ascending(m.value)
	}
	for _, key := range []string{path, m.key} {
		if r, ok := clusterRules[key]; ok && n.cluster {
			return r(n, m.value)
		}
		if r, ok := rules[key]; ok {
			return r(n, m.value)
		}
	}
	return n.normalize(path, m.value)
}

func byField(key string) func(a, b any) int {
	get := func(v any) string {
		o, _ := v.(object)
		if number, ok := o.get(key).(int64); ok {
			return fmt.Sprintf("%020d", number)
		}
		return compact(o.get(key))
	}
	return func(a, b any) int { return cmp.Compare(get(a), get(b)) }
}

func always(name string) rule {
	return func(_ *normalizer, v any) any {
		if v == nil || v == "" {
			return v
		}
		return name
	}
}

// text hides the wording of a message, not whether there is one.
func text(n *normalizer, v any) any { return always("<text>")(n, v) }

func clock(_ *normalizer, v any) any {
	if at, ok := v.(int64); ok && at >= realTime {
		return "<now>"
	}
	return v
}

// numbered tells equal values from different ones: the first is <name 1>. What
// means "none" (0, -1 or the zero UUID) stays itself.
func numbered(name string) rule {
	return func(n *normalizer, v any) any {
		if v == [16]byte{} || v == int64(0) && name == "session" || v == int64(-1) || v == nil {
			return v
		}
		known := n.seen[name]
		if known == nil {
			known = map[string]int{}
			n.seen[name] = known
		}
		at, ok := known[compact(v)]
		if !ok {
			at = len(known) + 1
			known[compact(v)] = at
		}
		return fmt.Sprintf("<%s %d>", name, at)
	}
}

// epoch hides the count of a finalized set of features, not that there is none.
func epoch(n *normalizer, v any) any {
	if v == int64(-1) {
		return v
	}
	return always("<epoch>")(n, v)
}
