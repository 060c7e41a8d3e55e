package broker

// DescribeQuorum, key 55, versions 0 to 2 (KIP-595, KIP-836, KIP-853), on both
// listeners. Only the active controller knows how far the voters are: a broker
// passes the question on to it, another controller says NOT_LEADER_OR_FOLLOWER.

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/quorum"
)

const metadataTopic = "__cluster_metadata"

// describeQuorum is the active controller's answer.
func (c *controller) describeQuorum(req *kmsg.DescribeQuorumRequest) kmsg.Response {
	if len(req.Topics) != 1 || req.Topics[0].Topic != metadataTopic ||
		len(req.Topics[0].Partitions) != 1 || req.Topics[0].Partitions[0].Partition != 0 {
		return eachPartition(req, kerr.UnknownTopicOrPartition)
	}
	d := c.quorum.Describe(c.now)
	p := quorumPartition(0, nil)
	p.LeaderID, p.LeaderEpoch, p.HighWatermark = d.Leader, d.Epoch, d.HighWatermark
	for _, r := range d.Voters {
		p.CurrentVoters = append(p.CurrentVoters, quorumReplica(r))
	}
	p.Observers = c.observers()
	resp := eachPartition(req, nil)
	resp.Topics[0].Partitions[0] = p
	for _, v := range c.quorum.Voters() {
		resp.Nodes = append(resp.Nodes, quorumNode(v))
	}
	return resp
}

// eachPartition says the same of every partition that was asked for.
func eachPartition(req *kmsg.DescribeQuorumRequest, err *kerr.Error) *kmsg.DescribeQuorumResponse {
	resp := kmsg.NewPtrDescribeQuorumResponse()
	resp.ErrorMessage = new(string)
	for _, t := range req.Topics {
		x := kmsg.NewDescribeQuorumResponseTopic()
		x.Topic = t.Topic
		for _, p := range t.Partitions {
			x.Partitions = append(x.Partitions, quorumPartition(p.Partition, err))
		}
		resp.Topics = append(resp.Topics, x)
	}
	return resp
}

func quorumPartition(index int32, err *kerr.Error) kmsg.DescribeQuorumResponseTopicPartition {
	p := kmsg.NewDescribeQuorumResponseTopicPartition()
	p.Partition, p.ErrorMessage = index, new(string)
	if err != nil {
		p.ErrorCode, p.ErrorMessage = err.Code, &err.Description
	}
	return p
}

func quorumReplica(r quorum.Replica) kmsg.DescribeQuorumResponseTopicPartitionReplicaState {
	x := kmsg.NewDescribeQuorumResponseTopicPartitionReplicaState()
	x.ReplicaID, x.ReplicaDirectoryID, x.LogEndOffset = r.Voter.ID, r.Voter.Dir, r.LogEnd
	x.LastFetchTimestamp, x.LastCaughtUpTimestamp = r.LastFetch, r.LastCaught
	return x
}

func quorumNode(v quorum.Voter) kmsg.DescribeQuorumResponseNode {
	n := kmsg.NewDescribeQuorumResponseNode()
	n.NodeID = v.ID
	for _, e := range v.Endpoints {
		l := kmsg.NewDescribeQuorumResponseNodeListener()
		l.Name, l.Host, l.Port = e.Name, e.Host, e.Port
		n.Listeners = append(n.Listeners, l)
	}
	return n
}

// refusedQuorum says that nobody was there to answer, or not this controller.
func refusedQuorum(req *kmsg.DescribeQuorumRequest, code int16) *kmsg.DescribeQuorumResponse {
	if code == kerr.NotController.Code {
		return eachPartition(req, kerr.NotLeaderForPartition)
	}
	resp := kmsg.NewPtrDescribeQuorumResponse()
	resp.ErrorCode = code
	return resp
}

// notLeader tells whether a controller refused because another one decides.
func notLeader(resp *kmsg.DescribeQuorumResponse) bool {
	return len(resp.Topics) > 0 && len(resp.Topics[0].Partitions) > 0 &&
		resp.Topics[0].Partitions[0].ErrorCode == kerr.NotLeaderForPartition.Code
}
