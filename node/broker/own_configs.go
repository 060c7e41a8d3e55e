package broker

import (
	"fmt"
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// The configs of one broker are changed through that broker, which knows what else
// it is configured with (Kafka's ConfigAdminManager). Whoever decides may be another
// node: what names other brokers is refused where the request came in, and the rest
// of it goes on.

// ownConfigs takes the other brokers' resources out of a request that changes
// configs; merge puts their refusals into the response, each in its place.
func (s *shard) ownConfigs(req kmsg.Request) (rest kmsg.Request, merge func(kmsg.Response)) {
	switch req := req.(type) {
	case *kmsg.IncrementalAlterConfigsRequest:
		mine := *req
		others := s.sift(len(req.Resources), func(i int) (kmsg.ConfigResourceType, string) {
			return req.Resources[i].ResourceType, req.Resources[i].ResourceName
		})
		mine.Resources = without(req.Resources, others)
		return &mine, func(resp kmsg.Response) {
			out := resp.(*kmsg.IncrementalAlterConfigsResponse)
			for _, i := range others {
				x := kmsg.NewIncrementalAlterConfigsResponseResource()
				x.ResourceType, x.ResourceName = req.Resources[i].ResourceType, req.Resources[i].ResourceName
				x.ErrorCode, x.ErrorMessage = kerr.InvalidRequest.Code, s.notOurs(x.ResourceName)
				out.Resources = slices.Insert(out.Resources, min(i, len(out.Resources)), x)
			}
		}
	case *kmsg.AlterConfigsRequest:
		mine := *req
		others := s.sift(len(req.Resources), func(i int) (kmsg.ConfigResourceType, string) {
			return req.Resources[i].ResourceType, req.Resources[i].ResourceName
		})
		mine.Resources = without(req.Resources, others)
		return &mine, func(resp kmsg.Response) {
			out := resp.(*kmsg.AlterConfigsResponse)
			for _, i := range others {
				x := kmsg.NewAlterConfigsResponseResource()
				x.ResourceType, x.ResourceName = req.Resources[i].ResourceType, req.Resources[i].ResourceName
				x.ErrorCode, x.ErrorMessage = kerr.InvalidRequest.Code, s.notOurs(x.ResourceName)
				out.Resources = slices.Insert(out.Resources, min(i, len(out.Resources)), x)
			}
		}
	}
	return req, func(kmsg.Response) {}
}

// sift finds, of n resources, those that are other brokers; ascending.
func (s *shard) sift(n int, resource func(int) (kmsg.ConfigResourceType, string)) (others []int) {
	for i := range n {
		kind, name := resource(i)
		id, err := strconv.ParseInt(name, 10, 32)
		if kind == kmsg.ConfigResourceTypeBroker && err == nil && int32(id) != s.node.config.NodeID {
			others = append(others, i)
		}
	}
	return others
}

func without[R any](all []R, others []int) []R {
	var kept []R
	for i := range all {
		if !slices.Contains(others, i) {
			kept = append(kept, all[i])
		}
	}
	return kept
}

func (s *shard) notOurs(name string) *string {
	text := fmt.Sprintf("%s is not the id of this broker, %d", name, s.node.config.NodeID)
	return &text
}
