package broker

// Metadata, key 3, versions 0 to 13. Version 0 means all topics by an empty
// list, later ones by null. Ids may be named from version 12 on. A topic that is
// asked for and missing is created where the broker (auto.create.topics.enable)
// and, from version 4 on, the request allow it; the answer to that first request
// is UNKNOWN_TOPIC_OR_PARTITION, as Kafka's is.

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/meta"
)

func (s *shard) metadata(k *call, req *kmsg.MetadataRequest) {
	if !s.awaitElection(req, func() { s.tellMetadata(k, req) }) {
		s.tellMetadata(k, req)
	}
}

func (s *shard) tellMetadata(k *call, req *kmsg.MetadataRequest) {
	resp := kmsg.NewPtrMetadataResponse()
	resp.AuthorizedOperations = notAsked
	if code := checkMetadata(req); code != 0 {
		refuseMetadata(req, resp, code)
		k.reply(resp)
		return
	}
	s.listBrokers(k.conn, resp)
	resp.ClusterID, resp.ControllerID = &s.image.ClusterID, s.node.config.NodeID
	if req.IncludeClusterAuthorizedOperations {
		resp.AuthorizedOperations = clusterOperations
	}
	resp.Topics = []kmsg.MetadataResponseTopic{}
	if req.Topics == nil || req.Version == 0 && len(req.Topics) == 0 {
		for t := range s.image.Topics() {
			resp.Topics = append(resp.Topics, s.describeTopic(k, req, t))
		}
	} else {
		s.listTopics(k, req, resp)
	}
	k.reply(resp)
}

// checkMetadata refuses ids where a version only seems to have them, and a
// topic with neither id nor name.
func checkMetadata(req *kmsg.MetadataRequest) int16 {
	for i := range req.Topics {
		t := &req.Topics[i]
		named := t.TopicID != [16]byte{}
		switch {
		case req.Version >= 10 && req.Version < 12 && (named || t.Topic == nil):
			return kerr.InvalidRequest.Code
		case t.Topic == nil && !named:
			return kerr.UnknownServerError.Code
		}
	}
	return 0
}

// refuseMetadata says of each topic that the request is wrong.
func refuseMetadata(req *kmsg.MetadataRequest, resp *kmsg.MetadataResponse, code int16) {
	resp.ControllerID, resp.ErrorCode = -1, 0
	for i := range req.Topics {
		t := kmsg.NewMetadataResponseTopic()
		t.ErrorCode, t.TopicID, t.AuthorizedOperations = code, req.Topics[i].TopicID, notAsked
		if t.Topic = req.Topics[i].Topic; t.Topic == nil {
			t.Topic = new(string)
		}
		resp.Topics = append(resp.Topics, t)
	}
}

func (s *shard) listBrokers(c *conn, resp *kmsg.MetadataResponse) {
	for b := range s.image.Brokers() {
		if e, ok := endpoint(b, c.listener); ok && !b.Fenced {
			x := kmsg.NewMetadataResponseBroker()
			x.NodeID, x.Host, x.Port, x.Rack = b.ID, e.Host, int32(e.Port), b.Rack
			resp.Brokers = append(resp.Brokers, x)
		}
	}
}

// listTopics answers the topics that were asked for, each once.
func (s *shard) listTopics(k *call, req *kmsg.MetadataRequest, resp *kmsg.MetadataResponse) {
	seen := map[string]bool{}
	var missing []string
	for i := range req.Topics {
		t := &req.Topics[i]
		if t.TopicID != [16]byte{} && s.image.TopicByID(t.TopicID) == nil {
			resp.Topics = append(resp.Topics, absentTopic(nil, t.TopicID, kerr.UnknownTopicID.Code))
			continue
		}
		name := s.nameOf(t)
		if seen[name] {
			continue
		}
		seen[name] = true
		if found := s.image.Topic(name); found != nil {
			resp.Topics = append(resp.Topics, s.describeTopic(k, req, found))
			continue
		}
		code := kerr.UnknownTopicOrPartition.Code
		if meta.CheckTopicName(name) != nil {
			code = kerr.InvalidTopicException.Code
		} else if s.mayCreate(req) {
			missing = append(missing, name)
		}
		resp.Topics = append(resp.Topics, absentTopic(&name, [16]byte{}, code))
	}
	if len(missing) > 0 {
		s.autoCreate(missing)
	}
}

// nameOf is the name of a topic asked for, by an id that is known or by name.
func (s *shard) nameOf(t *kmsg.MetadataRequestTopic) string {
	if t.TopicID != [16]byte{} {
		return s.image.TopicByID(t.TopicID).Name
	}
	return *t.Topic
}

func absentTopic(name *string, id [16]byte, code int16) kmsg.MetadataResponseTopic {
	t := kmsg.NewMetadataResponseTopic()
	t.Topic, t.TopicID, t.ErrorCode, t.AuthorizedOperations = name, id, code, notAsked
	return t
}

func (s *shard) mayCreate(req *kmsg.MetadataRequest) bool {
	return s.node.config.AutoCreateTopics && (req.Version < 4 || req.AllowAutoTopicCreation)
}

// autoCreate asks for topics with the default partitions; nobody waits for it.
func (s *shard) autoCreate(names []string) {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Version = 7
	for _, name := range names {
		req.Topics = append(req.Topics, s.newTopic(name))
	}
	s.ask(controllerIndex, 0, req, func(any) {})
}

func (s *shard) describeTopic(k *call, req *kmsg.MetadataRequest, t *meta.Topic) kmsg.MetadataResponseTopic {
	x := kmsg.NewMetadataResponseTopic()
	name := t.Name
	x.Topic, x.TopicID, x.IsInternal, x.AuthorizedOperations = &name, t.ID, isInternal(name), notAsked
	if req.IncludeTopicAuthorizedOperations {
		x.AuthorizedOperations = topicOperations
	}
	x.Partitions = make([]kmsg.MetadataResponseTopicPartition, len(t.Partitions))
	for i := range t.Partitions {
		s.describePartition(k, req, &t.Partitions[i], &x.Partitions[i])
	}
	return x
}

func (s *shard) describePartition(k *call, req *kmsg.MetadataRequest, p *meta.Partition, x *kmsg.MetadataResponseTopicPartition) {
	x.Default()
	x.Partition, x.Leader, x.LeaderEpoch = p.Index, p.Leader, p.LeaderEpoch
	x.Replicas, x.ISR = p.Replicas, p.ISR
	x.OfflineReplicas = s.offlineReplicas(p)
	x.ErrorCode = s.leaderError(k, req.Version, p)
	if req.Version == 0 {
		s.hideOffline(k, x)
	}
}

// hideOffline leaves out replicas that cannot be reached: to clients of version 0
// that is an error.
func (s *shard) hideOffline(k *call, x *kmsg.MetadataResponseTopicPartition) {
	unreachable := func(id int32) bool {
		b := s.image.Broker(id)
		if b == nil || b.Fenced {
			return true
		}
		_, ok := endpoint(b, k.conn.listener)
		return !ok
	}
	replicas, isr := slices.DeleteFunc(slices.Clone(x.Replicas), unreachable), slices.DeleteFunc(slices.Clone(x.ISR), unreachable)
	if x.ErrorCode == 0 && len(replicas)+len(isr) < len(x.Replicas)+len(x.ISR) {
		x.ErrorCode = kerr.ReplicaNotAvailable.Code
	}
	x.Replicas, x.ISR = replicas, isr
}

// leaderError says why a partition cannot be used by clients of this listener.
func (s *shard) leaderError(k *call, version int16, p *meta.Partition) int16 {
	if p.Leader == meta.NoLeader {
		return kerr.LeaderNotAvailable.Code
	}
	b := s.image.Broker(p.Leader)
	if b == nil || b.Fenced {
		return kerr.LeaderNotAvailable.Code
	}
	if _, ok := endpoint(b, k.conn.listener); !ok {
		if version == 0 {
			return kerr.LeaderNotAvailable.Code
		}
		return kerr.ListenerNotFound.Code
	}
	return 0
}

func (s *shard) offlineReplicas(p *meta.Partition) []int32 {
	offline := []int32{}
	for _, id := range p.Replicas {
		if b := s.image.Broker(id); b == nil || b.Fenced {
			offline = append(offline, id)
		}
	}
	return offline
}

// isInternal tells whether a topic is Kafka's own (Kafka's Topic.isInternal).
func isInternal(name string) bool {
	return name == offsetsTopic || name == "__transaction_state" || name == "__share_group_state"
}
