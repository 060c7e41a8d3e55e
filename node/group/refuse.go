package group

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Refuse is the response that says of everything in a request that it was not
// done, with a code that Unavailable gave, in the shapes of Kafka's
// GroupCoordinatorService. It is nil for requests that are none of groups.
func Refuse(body kmsg.Request, code int16) kmsg.Response {
	var resp kmsg.Response
	switch req := body.(type) {
	case *kmsg.OffsetCommitRequest:
		resp = refusedCommit(req, code)
	case *kmsg.OffsetFetchRequest:
		resp = refusedFetch(req, code)
	case *kmsg.DescribeGroupsRequest:
		resp = refusedDescribe(req, code)
	case *kmsg.ConsumerGroupDescribeRequest:
		resp = refusedConsumerDescribe(req, code)
	case *kmsg.DeleteGroupsRequest:
		resp = refusedDelete(req, code)
	default:
		resp = body.ResponseKind()
		at := codeIn(resp)
		if at == nil {
			return nil
		}
		*at = code
	}
	resp.SetVersion(body.GetVersion())
	return resp
}

// codeIn is the place of a response's own error code, in what is else an empty
// answer; nil if it has none.
func codeIn(resp kmsg.Response) *int16 {
	switch r := resp.(type) {
	case *kmsg.JoinGroupResponse:
		r.Generation = -1
		return &r.ErrorCode
	case *kmsg.SyncGroupResponse:
		r.MemberAssignment = []byte{}
		return &r.ErrorCode
	case *kmsg.HeartbeatResponse:
		return &r.ErrorCode
	case *kmsg.LeaveGroupResponse:
		return &r.ErrorCode
	case *kmsg.OffsetDeleteResponse:
		return &r.ErrorCode
	case *kmsg.ListGroupsResponse:
		return &r.ErrorCode
	case *kmsg.ConsumerGroupHeartbeatResponse:
		return &r.ErrorCode
	}
	return nil
}

func refusedCommit(req *kmsg.OffsetCommitRequest, code int16) kmsg.Response {
	resp := kmsg.NewPtrOffsetCommitResponse()
	for i := range req.Topics {
		t := kmsg.NewOffsetCommitResponseTopic()
		t.Topic, t.TopicID = req.Topics[i].Topic, req.Topics[i].TopicID
		for j := range req.Topics[i].Partitions {
			p := kmsg.NewOffsetCommitResponseTopicPartition()
			p.Partition, p.ErrorCode = req.Topics[i].Partitions[j].Partition, code
			t.Partitions = append(t.Partitions, p)
		}
		resp.Topics = append(resp.Topics, t)
	}
	return resp
}

// The version in which OffsetFetch has a code for the whole answer, and that in
// which it names several groups.
const (
	fetchCodeSince   = 2
	fetchGroupsSince = 8
)

func refusedFetch(req *kmsg.OffsetFetchRequest, code int16) kmsg.Response {
	resp := kmsg.NewPtrOffsetFetchResponse()
	switch {
	case req.Version >= fetchGroupsSince:
		for i := range req.Groups {
			g := kmsg.NewOffsetFetchResponseGroup()
			g.Group, g.ErrorCode = req.Groups[i].Group, code
			resp.Groups = append(resp.Groups, g)
		}
	case req.Version >= fetchCodeSince:
		resp.ErrorCode = code
	default:
		for i := range req.Topics {
			resp.Topics = append(resp.Topics, refusedFetchTopic(&req.Topics[i], code))
		}
	}
	return resp
}

func refusedFetchTopic(req *kmsg.OffsetFetchRequestTopic, code int16) kmsg.OffsetFetchResponseTopic {
	t := kmsg.NewOffsetFetchResponseTopic()
	t.Topic = req.Topic
	for _, index := range req.Partitions {
		p := kmsg.NewOffsetFetchResponseTopicPartition()
		p.Partition, p.Offset, p.LeaderEpoch, p.Metadata, p.ErrorCode = index, -1, -1, new(string), code
		t.Partitions = append(t.Partitions, p)
	}
	return t
}

func refusedDescribe(req *kmsg.DescribeGroupsRequest, code int16) kmsg.Response {
	resp := kmsg.NewPtrDescribeGroupsResponse()
	for _, id := range req.Groups {
		g := kmsg.NewDescribeGroupsResponseGroup()
		g.Group, g.ErrorCode = id, code
		resp.Groups = append(resp.Groups, g)
	}
	return resp
}

func refusedConsumerDescribe(req *kmsg.ConsumerGroupDescribeRequest, code int16) kmsg.Response {
	resp := kmsg.NewPtrConsumerGroupDescribeResponse()
	for _, id := range req.Groups {
		g := kmsg.NewConsumerGroupDescribeResponseGroup()
		g.Group, g.ErrorCode = id, code
		resp.Groups = append(resp.Groups, g)
	}
	return resp
}

func refusedDelete(req *kmsg.DeleteGroupsRequest, code int16) kmsg.Response {
	resp := kmsg.NewPtrDeleteGroupsResponse()
	for _, id := range req.Groups {
		g := kmsg.NewDeleteGroupsResponseGroup()
		g.Group, g.ErrorCode = id, code
		resp.Groups = append(resp.Groups, g)
	}
	return resp
}

// Unavailable maps why a coordinator could not do what a request asks to the code
// that its client is told (CoordinatorOperationExceptionHelper): err is of an
// append, of a wait for the replicas, or of coordinators. Consumers do not expect
// COORDINATOR_NOT_AVAILABLE of an OffsetFetch: they look for another one. A
// Heartbeat while groups are loaded is answered as if all were well.
func Unavailable(body kmsg.Request, err *kerr.Error) int16 {
	_, fetches := body.(*kmsg.OffsetFetchRequest)
	switch err {
	case kerr.UnknownTopicOrPartition, kerr.NotEnoughReplicas, kerr.RequestTimedOut:
		if fetches {
			return kerr.NotCoordinator.Code
		}
		return kerr.CoordinatorNotAvailable.Code
	case kerr.NotLeaderForPartition, kerr.KafkaStorageError:
		return kerr.NotCoordinator.Code
	case kerr.MessageTooLarge, kerr.RecordListTooLarge:
		return kerr.UnknownServerError.Code
	case kerr.CoordinatorLoadInProgress:
		if _, beats := body.(*kmsg.HeartbeatRequest); beats {
			return 0
		}
	}
	return err.Code
}
