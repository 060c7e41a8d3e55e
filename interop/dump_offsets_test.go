//go:build interop

package interop

import (
	"regexp"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// TestKafkasDumpToolReadsTheOffsetsTopic lets Kafka's offsets decoder, which knows
// each record by its key's version, read what coordinators write for a group of
// either protocol.
func TestKafkasDumpToolReadsTheOffsetsTopic(t *testing.T) {
	program(t, "java")
	s := serve(t)
	s.create("read", 2)
	franzProduce(t, s, "read", "none", recordLines)
	for name, more := range map[string][]kgo.Opt{"old-group": nil, "new-group": {kgo.ServerSideBalancer()}} {
		joinsAndCommits(t, s, append(more, kgo.ConsumerGroup(name), kgo.ConsumeTopics("read")))
	}
	joinsByRegex(t, s, "regex-group", "re.*")
	s.stop()
	out := dump(t, "--offsets-decoder", "--files", strings.Join(files(t, s, "__consumer_offsets-*", "*.log"), ","))
	says(t, out,
		`key: {"type":"1","data":{"group":"old-group","topic":"read","partition":1}} payload: {"version":"4","data":{"offset":`,
		`key: {"type":"2","data":{"group":"old-group"}} payload: {"version":"3","data":{"protocolType":"consumer","generation":1,`,
		`"assignment":{"assignedPartitions":[{"topic":"read","partitions":[0,1]}]`,
		`key: {"type":"2","data":{"group":"old-group"}} payload: {"version":"3","data":{"protocolType":"consumer","generation":2,"protocol":null,`,
		`key: {"type":"3","data":{"groupId":"new-group"}} payload: {"version":"0","data":{"epoch":2,"metadataHash":`,
		`"subscribedTopicNames":["read"],"subscribedTopicRegex":"","rebalanceTimeoutMs":60000,"serverAssignor":"uniform"}`,
		`key: {"type":"6","data":{"groupId":"new-group"}} payload: {"version":"0","data":{"assignmentEpoch":2,"assignmentTimestamp":`,
		`"memberEpoch":2,"previousMemberEpoch":0,"state":0,"assignedPartitions":[{"topicId":`,
		`key: {"type":"1","data":{"group":"new-group","topic":"read","partition":0}} payload: {"version":"4","data":{"offset":`,
		`key: {"type":"16","data":{"groupId":"regex-group","regularExpression":"re.*"}} payload: {"version":"0","data":{"topics":["read"],"version":`,
		`key: {"type":"16","data":{"groupId":"regex-group","regularExpression":"re.*"}} payload: <DELETE>`)
	for _, key := range []string{"5", "7", "8"} { // the member that left
		gone := regexp.MustCompile(`"type":"` + key + `","data":{"groupId":"new-group","memberId":"[^"]+"}} payload: <DELETE>`)
		if !gone.MatchString(out) {
			t.Errorf("no tombstone of type %s:\n%s", key, tail([]byte(out)))
		}
	}
}

// joinsAndCommits reads everything, commits it, and leaves.
func joinsAndCommits(t *testing.T, s *server, opts []kgo.Opt) {
	t.Helper()
	cl := s.client(append(opts, kgo.DisableAutoCommit(), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))...)
	for n := 0; n < recordCount; {
		fetches := cl.PollFetches(limit(t))
		must(t, fetches.Err())
		n += fetches.NumRecords()
	}
	must(t, cl.CommitUncommittedOffsets(limit(t)))
	cl.Close()
}

// joinsByRegex is a member that reads what a regular expression matches, until it is
// told that; then it leaves.
func joinsByRegex(t *testing.T, s *server, group, regex string) {
	t.Helper()
	cl, ctx := s.client(), limit(t)
	req := kmsg.NewPtrConsumerGroupHeartbeatRequest()
	req.Group, req.MemberID, req.SubscribedTopicRegex, req.RebalanceTimeoutMillis = group, "m", &regex, 60_000
	req.Topics = []kmsg.ConsumerGroupHeartbeatRequestTopic{}
	for told := false; !told; {
		resp, err := req.RequestWith(ctx, cl)
		must(t, err)
		must(t, kerr.ErrorForCode(resp.ErrorCode))
		req.MemberEpoch = resp.MemberEpoch
		told = resp.Assignment != nil && len(resp.Assignment.Topics) > 0
	}
	req.MemberEpoch = -1
	resp, err := req.RequestWith(ctx, cl)
	must(t, err)
	must(t, kerr.ErrorForCode(resp.ErrorCode))
}
