package broker

import (
	"github.com/twmb/franz-go/pkg/kmsg"
)

// dispatch hands a request to its API. wire has refused what is not listed in
// wire.Versions, so that every request has its case; a test holds the two together.
func (s *shard) dispatch(k *call) {
	switch req := k.req.Body.(type) {
	case *kmsg.ProduceRequest:
		s.produce(k, req)
	case *kmsg.FetchRequest:
		s.fetchAPI(k, req)
	case *kmsg.ListOffsetsRequest:
		s.listOffsets(k, req)
	case *kmsg.MetadataRequest:
		s.metadata(k, req)
	case *kmsg.FindCoordinatorRequest:
		s.findCoordinator(k, req)
	case *kmsg.ApiVersionsRequest:
		s.apiVersions(k, req)
	case *kmsg.DeleteRecordsRequest:
		s.deleteRecords(k, req)
	case *kmsg.InitProducerIDRequest:
		s.initProducerID(k, req)
	case *kmsg.OffsetForLeaderEpochRequest:
		s.offsetForLeaderEpoch(k, req)
	case *kmsg.DescribeConfigsRequest:
		s.describeConfigs(k, req)
	case *kmsg.DescribeLogDirsRequest:
		s.describeLogDirs(k, req)
	case *kmsg.DescribeClusterRequest:
		s.describeCluster(k, req)
	case *kmsg.DescribeTopicPartitionsRequest:
		s.describeTopicPartitions(k, req)
	default:
		s.dispatchGroups(k)
	}
}

// dispatchGroups hands out requests of groups.
func (s *shard) dispatchGroups(k *call) {
	switch req := k.req.Body.(type) {
	case *kmsg.JoinGroupRequest:
		s.groupAPI(k, req.Group)
	case *kmsg.SyncGroupRequest:
		s.groupAPI(k, req.Group)
	case *kmsg.HeartbeatRequest:
		s.groupAPI(k, req.Group)
	case *kmsg.LeaveGroupRequest:
		s.groupAPI(k, req.Group)
	case *kmsg.OffsetCommitRequest:
		s.groupAPI(k, req.Group)
	case *kmsg.OffsetDeleteRequest:
		s.groupAPI(k, req.Group)
	case *kmsg.OffsetFetchRequest:
		s.offsetFetch(k, req)
	case *kmsg.DescribeGroupsRequest:
		s.describeGroups(k, req)
	case *kmsg.DeleteGroupsRequest:
		s.deleteGroups(k, req)
	case *kmsg.ListGroupsRequest:
		s.listGroups(k, req)
	case *kmsg.ConsumerGroupHeartbeatRequest:
		s.consumerGroupHeartbeat(k, req)
	case *kmsg.ConsumerGroupDescribeRequest:
		s.consumerGroupDescribe(k, req)
	default:
		s.askController(k)
	}
}
