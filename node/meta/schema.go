package meta

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

func isList(kind int8, name string) (def string, ok bool) {
	return "delete", kind == ResourceTopic && name == "cleanup.policy"
}

func (c *Controller) checkTopicConfigs(configs map[string]string) *refusal { return nil }

func (c *Controller) checkBrokerChange(a *alteration) *refusal { return nil }

func (c *Controller) checkOther(of resource, next ConfigSet) *refusal {
	return refuse(kerr.InvalidRequest, "resource type %d has no configs here", of.kind)
}

func (c *Controller) effectiveConfigs(overrides map[string]string) []kmsg.CreateTopicsResponseTopicConfig {
	return nil
}
