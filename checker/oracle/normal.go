package oracle

import (
	"fmt"
	"regexp"
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
	"MemberID":               madeMember,
	"LeaderID":               madeMember,
	"ClientHost":             always("<host>"),
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
			slices.SortStableFunc(v, n.byField(key))
		}
		for i := range v {
			v[i] = n.normalize(path, v[i])
		}
	}
	return v
}

func (n *normalizer) field(path string, m member) any {
	if sets[m.key] || sets[path] {
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

// made is the random end of a member id that the broker gave out: a UUID behind
// the client's id or the static member's name, or one in Kafka's letters alone.
var made = regexp.MustCompile(`^(.*-)?([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$|^()([A-Za-z0-9_-]{22})$`)

// madeMember numbers the ids of members that the broker made, and leaves others.
func madeMember(n *normalizer, v any) any {
	s, _ := v.(string)
	if m := made.FindStringSubmatch(s); m != nil {
		return fmt.Sprint(m[1], numbered("member")(n, m[2]+m[4]))
	}
	return v
}

// epoch hides the count of a finalized set of features, not that there is none.
func epoch(n *normalizer, v any) any {
	if v == int64(-1) {
		return v
	}
	return always("<epoch>")(n, v)
}
