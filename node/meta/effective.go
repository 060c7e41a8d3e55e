package meta

import (
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/config"
)

// dynamic is the settings of the controller's node under the dynamic configs of
// all brokers and its own, kept until these change.
type dynamic struct {
	cluster, own ConfigSet
	broker       *config.Broker
}

// effective is the settings that hold now.
func (c *Controller) effective() *config.Broker {
	d := &c.dynamic
	cluster := c.image.Configs(ResourceBroker, "")
	own := c.image.configs[c.self()]
	if d.broker == nil || !slices.Equal(cluster, d.cluster) || !slices.Equal(own, d.own) {
		*d = dynamic{cluster, own, c.config.With(cluster.Map(), own.Map())}
	}
	return d.broker
}

// self is the resource of the controller's own node.
func (c *Controller) self() resource {
	return resource{ResourceBroker, strconv.Itoa(int(c.config.NodeID))}
}

// newConfigs is all configs of a new topic, as CreateTopics answers them: what
// was asked for comes back as it was written.
func (c *Controller) newConfigs(overrides map[string]string) []kmsg.CreateTopicsResponseTopicConfig {
	list := []kmsg.CreateTopicsResponseTopicConfig{}
	for _, e := range c.effective().DescribeTopic(overrides) {
		x := kmsg.NewCreateTopicsResponseTopicConfig()
		x.Name, x.Value, x.ReadOnly, x.Source, x.IsSensitive = e.Name, e.Value, e.ReadOnly, int8(e.Source), e.Sensitive
		if value, ok := overrides[e.Name]; ok {
			x.Value = &value
		}
		list = append(list, x)
	}
	return list
}

// listDefault is the default of a config that is a list, elements separated by
// commas; ok is false if it is none.
func (c *Controller) listDefault(kind int8, name string) (value string, ok bool) {
	for _, e := range c.keys(kind) {
		if e.Name != name || e.Type != kmsg.ConfigTypeList {
			continue
		}
		for _, s := range e.Synonyms {
			if s.Source == kmsg.ConfigSourceDefaultConfig && s.Value != nil {
				return *s.Value, true
			}
		}
		return "", true
	}
	return "", false
}

// keys is what resources of a type can be configured with.
func (c *Controller) keys(kind int8) []config.Entry {
	switch kind {
	case ResourceTopic:
		return c.config.DescribeTopic(nil)
	case ResourceBroker:
		return c.config.DescribeBroker()
	case ResourceGroup:
		return c.config.DescribeGroup(nil)
	}
	return config.DescribeClientMetrics(nil)
}
