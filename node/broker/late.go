package broker

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// tooLate is the answer to a request that leaves the controller no time at all,
// or nil. As in Kafka nothing is changed then: its deadline passed on the way.
func tooLate(body any) any {
	switch req := body.(type) {
	case *kmsg.CreateTopicsRequest:
		if req.TimeoutMillis <= 0 {
			return lateCreate(req)
		}
	case *kmsg.DeleteTopicsRequest:
		if req.TimeoutMillis <= 0 {
			return lateDelete(req)
		}
	case *kmsg.CreatePartitionsRequest:
		if req.TimeoutMillis <= 0 {
			return latePartitions(req)
		}
	case *kmsg.ElectLeadersRequest:
		if req.TimeoutMillis <= 0 {
			return lateElections(req)
		}
	case *kmsg.AlterPartitionAssignmentsRequest:
		if req.TimeoutMillis <= 0 && len(req.Topics) > 0 {
			return lateReassignments(req)
		}
	}
	return nil
}

func lateCreate(req *kmsg.CreateTopicsRequest) *kmsg.CreateTopicsResponse {
	resp := kmsg.NewPtrCreateTopicsResponse()
	for i := range req.Topics {
		t := kmsg.NewCreateTopicsResponseTopic()
		t.Topic, t.ErrorCode = req.Topics[i].Topic, kerr.RequestTimedOut.Code
		t.NumPartitions, t.ReplicationFactor, t.Configs = -1, -1, []kmsg.CreateTopicsResponseTopicConfig{}
		resp.Topics = append(resp.Topics, t)
	}
	return resp
}

func lateDelete(req *kmsg.DeleteTopicsRequest) *kmsg.DeleteTopicsResponse {
	resp := kmsg.NewPtrDeleteTopicsResponse()
	add := func(name *string, id [16]byte) {
		t := kmsg.NewDeleteTopicsResponseTopic()
		t.Topic, t.TopicID, t.ErrorCode = name, id, kerr.RequestTimedOut.Code
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

func latePartitions(req *kmsg.CreatePartitionsRequest) *kmsg.CreatePartitionsResponse {
	resp := kmsg.NewPtrCreatePartitionsResponse()
	for i := range req.Topics {
		t := kmsg.NewCreatePartitionsResponseTopic()
		t.Topic, t.ErrorCode = req.Topics[i].Topic, kerr.RequestTimedOut.Code
		resp.Topics = append(resp.Topics, t)
	}
	return resp
}

func lateElections(req *kmsg.ElectLeadersRequest) *kmsg.ElectLeadersResponse {
	resp := kmsg.NewPtrElectLeadersResponse()
	resp.ErrorCode = kerr.RequestTimedOut.Code
	for i := range req.Topics {
		t := kmsg.NewElectLeadersResponseTopic()
		t.Topic = req.Topics[i].Topic
		for _, index := range req.Topics[i].Partitions {
			p := kmsg.NewElectLeadersResponseTopicPartition()
			p.Partition, p.ErrorCode = index, kerr.RequestTimedOut.Code
			t.Partitions = append(t.Partitions, p)
		}
		resp.Topics = append(resp.Topics, t)
	}
	return resp
}

func lateReassignments(req *kmsg.AlterPartitionAssignmentsRequest) *kmsg.AlterPartitionAssignmentsResponse {
	resp := kmsg.NewPtrAlterPartitionAssignmentsResponse()
	resp.ErrorCode = kerr.RequestTimedOut.Code
	for i := range req.Topics {
		t := kmsg.NewAlterPartitionAssignmentsResponseTopic()
		t.Topic = req.Topics[i].Topic
		for j := range req.Topics[i].Partitions {
			p := kmsg.NewAlterPartitionAssignmentsResponseTopicPartition()
			p.Partition, p.ErrorCode = req.Topics[i].Partitions[j].Partition, kerr.RequestTimedOut.Code
			t.Partitions = append(t.Partitions, p)
		}
		resp.Topics = append(resp.Topics, t)
	}
	return resp
}
