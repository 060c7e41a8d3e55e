package meta

import (
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/config"
)

// describe reads configs as scripts look at them after a change.
func (k *cluster) describe(req *kmsg.DescribeConfigsRequest) kmsg.Response {
	resp := req.ResponseKind().(*kmsg.DescribeConfigsResponse)
	for i := range req.Resources {
		from := &req.Resources[i]
		r := kmsg.NewDescribeConfigsResponseResource()
		r.ResourceType, r.ResourceName, r.ErrorMessage = from.ResourceType, from.ResourceName, new(string)
		r.Configs = []kmsg.DescribeConfigsResponseResourceConfig{}
		for _, e := range k.entries(from) {
			if from.ConfigNames == nil || slices.Contains(from.ConfigNames, e.Name) {
				r.Configs = append(r.Configs, shown(e, req.IncludeSynonyms))
			}
		}
		resp.Resources = append(resp.Resources, r)
	}
	return resp
}

func (k *cluster) entries(r *kmsg.DescribeConfigsRequestResource) []config.Entry {
	if int8(r.ResourceType) == ResourceTopic {
		return k.c.effective().DescribeTopic(k.image.Configs(ResourceTopic, r.ResourceName).Map())
	}
	if r.ResourceName == strconv.Itoa(1) {
		return k.c.effective().DescribeBroker()
	}
	return k.c.effective().DescribeCluster()
}

func shown(e config.Entry, synonyms bool) kmsg.DescribeConfigsResponseResourceConfig {
	x := kmsg.NewDescribeConfigsResponseResourceConfig()
	x.Name, x.Value, x.ReadOnly, x.Source, x.IsSensitive, x.ConfigType = e.Name, e.Value, e.ReadOnly, e.Source, e.Sensitive, e.Type
	x.ConfigSynonyms = []kmsg.DescribeConfigsResponseResourceConfigConfigSynonym{}
	for _, s := range e.Synonyms {
		if synonyms {
			y := kmsg.NewDescribeConfigsResponseResourceConfigConfigSynonym()
			y.Name, y.Value, y.Source = s.Name, s.Value, s.Source
			x.ConfigSynonyms = append(x.ConfigSynonyms, y)
		}
	}
	return x
}
