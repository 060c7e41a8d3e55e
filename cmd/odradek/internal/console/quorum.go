package console

import (
	"fmt"
	"io"
	"strings"
	"text/tabwriter"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// Quorum prints who decides, and how far the voters and observers of the metadata
// log are.
func Quorum(w io.Writer, p *kmsg.DescribeQuorumResponseTopicPartition, nodes []kmsg.DescribeQuorumResponseNode) {
	fmt.Fprintf(w, "Controller: node %s, epoch %d; metadata is committed up to offset %d\n\n", leader(p.LeaderID), p.LeaderEpoch, p.HighWatermark)
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(t, "VOTER\tADDRESS\tROLE\tLOG END\tLAG")
	end := p.HighWatermark
	for _, r := range p.CurrentVoters {
		if r.ReplicaID == p.LeaderID {
			end = r.LogEndOffset
		}
	}
	for _, r := range p.CurrentVoters {
		role := "follower"
		if r.ReplicaID == p.LeaderID {
			role = "leader"
		}
		quorumLine(t, r, role, end, nodes)
	}
	for _, r := range p.Observers {
		quorumLine(t, r, "observer", end, nodes)
	}
	t.Flush()
	fmt.Fprintln(w)
}

func quorumLine(w io.Writer, r kmsg.DescribeQuorumResponseTopicPartitionReplicaState, role string, end int64, nodes []kmsg.DescribeQuorumResponseNode) {
	logEnd, lag := "?", "?"
	if r.LogEndOffset >= 0 {
		logEnd, lag = fmt.Sprint(r.LogEndOffset), fmt.Sprint(max(end-r.LogEndOffset, 0))
	}
	fmt.Fprintf(w, "%d\t%s\t%s\t%s\t%s\n", r.ReplicaID, addressIn(nodes, r.ReplicaID), role, logEnd, lag)
}

// addressIn is where a voter listens; - where the quorum does not say.
func addressIn(nodes []kmsg.DescribeQuorumResponseNode, id int32) string {
	var all []string
	for _, n := range nodes {
		for _, l := range n.Listeners {
			if n.NodeID == id {
				all = append(all, fmt.Sprintf("%s:%d", l.Host, l.Port))
			}
		}
	}
	if len(all) == 0 {
		return "-"
	}
	return strings.Join(all, ",")
}
