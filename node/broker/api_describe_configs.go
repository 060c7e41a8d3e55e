package broker

// DescribeConfigs, key 32, versions 1 to 4 (KIP-133, KIP-226, KIP-524): topics,
// the broker itself and the defaults of all brokers, groups, client metrics.

import (
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/config"
	"odradek/node/meta"
)

func (s *shard) describeConfigs(k *call, req *kmsg.DescribeConfigsRequest) {
	k.reply(s.describedConfigs(req))
}

func (s *shard) describedConfigs(req *kmsg.DescribeConfigsRequest) kmsg.Response {
	resp := kmsg.NewPtrDescribeConfigsResponse()
	for i := range req.Resources {
		resp.Resources = append(resp.Resources, s.describeResource(req, &req.Resources[i]))
	}
	return resp
}

func (s *shard) describeResource(req *kmsg.DescribeConfigsRequest, r *kmsg.DescribeConfigsRequestResource) kmsg.DescribeConfigsResponseResource {
	out := kmsg.NewDescribeConfigsResponseResource()
	out.ResourceType, out.ResourceName = r.ResourceType, r.ResourceName
	entries, code, text := s.entries(r)
	out.ErrorCode, out.ErrorMessage = code, &text
	for i := range entries {
		if len(r.ConfigNames) == 0 || slices.Contains(r.ConfigNames, entries[i].Name) {
			out.Configs = append(out.Configs, describedConfig(req, &entries[i]))
		}
	}
	return out
}

// entries are all keys of a resource, or why there are none.
func (s *shard) entries(r *kmsg.DescribeConfigsRequestResource) ([]config.Entry, int16, string) {
	overrides := s.image.Configs(int8(r.ResourceType), r.ResourceName).Map()
	switch r.ResourceType {
	case kmsg.ConfigResourceTypeTopic:
		if err := meta.CheckTopicName(r.ResourceName); err != nil {
			return nil, kerr.InvalidTopicException.Code, err.Error()
		}
		if s.image.Topic(r.ResourceName) == nil {
			return nil, kerr.UnknownTopicOrPartition.Code, ""
		}
		return s.config.DescribeTopic(overrides), 0, ""
	case kmsg.ConfigResourceTypeBroker:
		return s.brokerEntries(r.ResourceName)
	case kmsg.ConfigResourceTypeGroupConfig:
		if r.ResourceName == "" {
			return nil, kerr.InvalidRequest.Code, "a group's name must not be empty"
		}
		return s.config.DescribeGroup(overrides), 0, ""
	case kmsg.ConfigResourceTypeClientMetrics:
		if r.ResourceName == "" {
			return nil, kerr.InvalidRequest.Code, "a name of client metrics must not be empty"
		}
		return config.DescribeClientMetrics(overrides), 0, ""
	}
	return nil, kerr.InvalidRequest.Code, "configs of this type of resource are not known here"
}

// brokerEntries are those of this broker, or with no name the defaults that are
// set for all of them.
func (s *shard) brokerEntries(name string) ([]config.Entry, int16, string) {
	if name == "" {
		return s.config.DescribeCluster(), 0, ""
	}
	id, err := strconv.ParseInt(name, 10, 32)
	switch {
	case err != nil:
		return nil, kerr.InvalidRequest.Code, "a broker's name is its id"
	case int32(id) != s.node.config.NodeID:
		return nil, kerr.InvalidRequest.Code, "configs of another broker are asked of that broker"
	}
	return s.config.DescribeBroker(), 0, ""
}

func describedConfig(req *kmsg.DescribeConfigsRequest, e *config.Entry) kmsg.DescribeConfigsResponseResourceConfig {
	c := kmsg.NewDescribeConfigsResponseResourceConfig()
	c.Name, c.Value, c.ReadOnly, c.Source = e.Name, e.Value, e.ReadOnly, e.Source
	c.IsDefault, c.IsSensitive, c.ConfigType = e.Source == kmsg.ConfigSourceDefaultConfig, e.Sensitive, e.Type
	if req.IncludeSynonyms {
		for _, x := range e.Synonyms {
			y := kmsg.NewDescribeConfigsResponseResourceConfigConfigSynonym()
			y.Name, y.Value, y.Source = x.Name, x.Value, x.Source
			c.ConfigSynonyms = append(c.ConfigSynonyms, y)
		}
	}
	if req.IncludeDocumentation {
		c.Documentation = &e.Doc
	}
	return c
}
