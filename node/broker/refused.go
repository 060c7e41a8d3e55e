package broker

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/wire"
)

// tooLate is the answer to a request that leaves the controller no time at all,
// or nil. As in Kafka nothing is changed then: its deadline passed on the way.
func tooLate(body kmsg.Request) kmsg.Response {
	switch req := body.(type) {
	case *kmsg.CreateTopicsRequest:
		if req.TimeoutMillis <= 0 {
			return refused(req, kerr.RequestTimedOut.Code)
		}
	case *kmsg.DeleteTopicsRequest:
		if req.TimeoutMillis <= 0 {
			return refused(req, kerr.RequestTimedOut.Code)
		}
	case *kmsg.CreatePartitionsRequest:
		if req.TimeoutMillis <= 0 {
			return refused(req, kerr.RequestTimedOut.Code)
		}
	case *kmsg.ElectLeadersRequest:
		if req.TimeoutMillis <= 0 {
			return refused(req, kerr.RequestTimedOut.Code)
		}
	case *kmsg.AlterPartitionAssignmentsRequest:
		if req.TimeoutMillis <= 0 && len(req.Topics) > 0 {
			return refused(req, kerr.RequestTimedOut.Code)
		}
	}
	return nil
}

// refused is the response that says of everything in a request that it was not
// done, or nil if there is none.
func refused(body kmsg.Request, code int16) kmsg.Response {
	resp := body.ResponseKind()
	resp.SetVersion(body.GetVersion())
	switch req := body.(type) {
	case *kmsg.CreateTopicsRequest:
		return refusedCreate(req, code)
	case *kmsg.DeleteTopicsRequest:
		return refusedDelete(req, code)
	case *kmsg.CreatePartitionsRequest:
		return refusedPartitions(req, code)
	case *kmsg.ElectLeadersRequest:
		return refusedElections(req, code)
	case *kmsg.AlterPartitionAssignmentsRequest:
		return refusedReassignments(req, code)
	case *kmsg.DescribeQuorumRequest:
		return refusedQuorum(req, code)
	case *kmsg.AlterConfigsRequest:
		out := resp.(*kmsg.AlterConfigsResponse)
		for _, r := range req.Resources {
			x := kmsg.NewAlterConfigsResponseResource()
			x.ResourceType, x.ResourceName, x.ErrorCode = r.ResourceType, r.ResourceName, code
			out.Resources = append(out.Resources, x)
		}
		return out
	case *kmsg.IncrementalAlterConfigsRequest:
		out := resp.(*kmsg.IncrementalAlterConfigsResponse)
		for _, r := range req.Resources {
			x := kmsg.NewIncrementalAlterConfigsResponseResource()
			x.ResourceType, x.ResourceName, x.ErrorCode = r.ResourceType, r.ResourceName, code
			out.Resources = append(out.Resources, x)
		}
		return out
	}
	if at := codeIn(resp); at != nil {
		*at = code
		return resp
	}
	return nil
}

// codeIn is the place of a response's own error code; nil if it has none.
func codeIn(resp kmsg.Response) *int16 {
	switch r := resp.(type) {
	case *kmsg.AllocateProducerIDsResponse:
		return &r.ErrorCode
	case *kmsg.AlterPartitionResponse:
		return &r.ErrorCode
	case *kmsg.BrokerRegistrationResponse:
		return &r.ErrorCode
	case *kmsg.BrokerHeartbeatResponse:
		return &r.ErrorCode
	case *kmsg.ElectLeadersResponse:
		return &r.ErrorCode
	case *kmsg.AlterPartitionAssignmentsResponse:
		return &r.ErrorCode
	case *kmsg.ListPartitionReassignmentsResponse:
		return &r.ErrorCode
	case *kmsg.UnregisterBrokerResponse:
		return &r.ErrorCode
	case *kmsg.DescribeQuorumResponse:
		return &r.ErrorCode
	case *kmsg.AddRaftVoterResponse:
		return &r.ErrorCode
	case *kmsg.RemoveRaftVoterResponse:
		return &r.ErrorCode
	case *kmsg.UpdateFeaturesResponse:
		return &r.ErrorCode
	case *kmsg.AssignReplicasToDirsResponse:
		return &r.ErrorCode
	case *wire.ReplicaLostResponse:
		return &r.ErrorCode
	}
	return nil
}

// refusedBy is the code with which a controller refused a whole request; 0: it
// did not. Where only the parts have codes the first one tells: nobody else
// answers NOT_CONTROLLER.
func refusedBy(resp kmsg.Response) int16 {
	switch r := resp.(type) {
	case *kmsg.CreateTopicsResponse:
		if len(r.Topics) > 0 {
			return r.Topics[0].ErrorCode
		}
	case *kmsg.DeleteTopicsResponse:
		if len(r.Topics) > 0 {
			return r.Topics[0].ErrorCode
		}
	case *kmsg.CreatePartitionsResponse:
		if len(r.Topics) > 0 {
			return r.Topics[0].ErrorCode
		}
	case *kmsg.AlterConfigsResponse:
		if len(r.Resources) > 0 {
			return r.Resources[0].ErrorCode
		}
	case *kmsg.IncrementalAlterConfigsResponse:
		if len(r.Resources) > 0 {
			return r.Resources[0].ErrorCode
		}
	}
	if q, ok := resp.(*kmsg.DescribeQuorumResponse); ok && notLeader(q) {
		return kerr.NotController.Code
	}
	if at := codeIn(resp); at != nil {
		return *at
	}
	return 0
}

func refusedCreate(req *kmsg.CreateTopicsRequest, code int16) *kmsg.CreateTopicsResponse {
	resp := kmsg.NewPtrCreateTopicsResponse()
	for i := range req.Topics {
		t := kmsg.NewCreateTopicsResponseTopic()
		t.Topic, t.ErrorCode = req.Topics[i].Topic, code
		t.NumPartitions, t.ReplicationFactor, t.Configs = -1, -1, []kmsg.CreateTopicsResponseTopicConfig{}
		resp.Topics = append(resp.Topics, t)
	}
	return resp
}

func refusedDelete(req *kmsg.DeleteTopicsRequest, code int16) *kmsg.DeleteTopicsResponse {
	resp := kmsg.NewPtrDeleteTopicsResponse()
	add := func(name *string, id [16]byte) {
		t := kmsg.NewDeleteTopicsResponseTopic()
		t.Topic, t.TopicID, t.ErrorCode = name, id, code
		resp.Topics = append(resp.Topics, t)
	}
	for i := range req.TopicNames { // up to version 5
		add(&req.TopicNames[i], [16]byte{})
	}
	for i := range req.Topics {
		add(req.Topics[i].Topic, req.Topics[i].TopicID)
	}
	return resp
}

func refusedPartitions(req *kmsg.CreatePartitionsRequest, code int16) *kmsg.CreatePartitionsResponse {
	resp := kmsg.NewPtrCreatePartitionsResponse()
	for i := range req.Topics {
		t := kmsg.NewCreatePartitionsResponseTopic()
		t.Topic, t.ErrorCode = req.Topics[i].Topic, code
		resp.Topics = append(resp.Topics, t)
	}
	return resp
}

func refusedElections(req *kmsg.ElectLeadersRequest, code int16) *kmsg.ElectLeadersResponse {
	resp := kmsg.NewPtrElectLeadersResponse()
	resp.ErrorCode = code
	for i := range req.Topics {
		t := kmsg.NewElectLeadersResponseTopic()
		t.Topic = req.Topics[i].Topic
		for _, index := range req.Topics[i].Partitions {
			p := kmsg.NewElectLeadersResponseTopicPartition()
			p.Partition, p.ErrorCode = index, code
			t.Partitions = append(t.Partitions, p)
		}
		resp.Topics = append(resp.Topics, t)
	}
	return resp
}

func refusedReassignments(req *kmsg.AlterPartitionAssignmentsRequest, code int16) *kmsg.AlterPartitionAssignmentsResponse {
	resp := kmsg.NewPtrAlterPartitionAssignmentsResponse()
	resp.ErrorCode = code
	for i := range req.Topics {
		t := kmsg.NewAlterPartitionAssignmentsResponseTopic()
		t.Topic = req.Topics[i].Topic
		for j := range req.Topics[i].Partitions {
			p := kmsg.NewAlterPartitionAssignmentsResponseTopicPartition()
			p.Partition, p.ErrorCode = req.Topics[i].Partitions[j].Partition, code
			t.Partitions = append(t.Partitions, p)
		}
		resp.Topics = append(resp.Topics, t)
	}
	return resp
}
