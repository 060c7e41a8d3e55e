package meta

import "github.com/twmb/franz-go/pkg/kmsg"

// AutoCreate is the request that makes the topics which a client asked for by
// name and which are not there (auto.create.topics.enable): with the default
// numbers of partitions and replicas. Who asked is told
// UNKNOWN_TOPIC_OR_PARTITION meanwhile, and asks again.
func AutoCreate(names []string) *kmsg.CreateTopicsRequest {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Version = req.MaxVersion()
	for _, name := range names {
		t := kmsg.NewCreateTopicsRequestTopic()
		t.Topic, t.NumPartitions, t.ReplicationFactor = name, -1, -1
		req.Topics = append(req.Topics, t)
	}
	return req
}
