package meta

import (
	"strconv"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/config"
)

// longestValue is the length of a config's value that a record may have.
const longestValue = 1<<15 - 1

// checkForm checks what can be seen without the image (Kafka does so in the
// broker that the request came to, before it asks the controller).
func (c *Controller) checkForm(a *alteration, twice bool) *refusal {
	if twice {
		return refuse(kerr.InvalidRequest, "a resource is given more than once")
	}
	seen := map[string]bool{}
	for _, o := range a.ops {
		if seen[o.name] {
			return refuse(kerr.InvalidRequest, "config %s is given more than once", o.name)
		}
		seen[o.name] = true
	}
	for _, o := range a.ops {
		if o.value == nil && o.kind != kmsg.IncrementalAlterConfigOpDelete {
			return refuse(kerr.InvalidRequest, "config %s is null", o.name)
		}
	}
	switch a.of.kind {
	case ResourceTopic, ResourceClientMetrics, ResourceGroup:
		return nil
	case ResourceBroker:
		return c.checkBrokerForm(a)
	}
	return refuse(kerr.InvalidRequest, "resource type %d is unknown", a.of.kind)
}

func (c *Controller) checkBrokerForm(a *alteration) *refusal {
	// Whether it is the broker that the request came to, that one has seen.
	if id, err := strconv.ParseInt(a.of.name, 10, 32); a.of.name != "" && (err != nil || c.image.Broker(int32(id)) == nil) {
		return refuse(kerr.InvalidRequest, "%q is not the id of a broker", a.of.name)
	}
	for _, o := range a.ops {
		if o.unknown() {
			return refuse(kerr.InvalidRequest, "operation %d is unknown", o.kind)
		}
	}
	next, _, why := c.outcome(a)
	if why != nil {
		return why
	}
	return because(c.config.ValidateDynamic(a.of.name != "", next.Map()))
}

// checkRecords checks rules of single configs.
func (c *Controller) checkRecords(records []Record) *refusal {
	for _, r := range records {
		cfg := r.(*ConfigRecord)
		if cfg.ResourceType == ResourceBroker && cfg.Name == minInsyncReplicas && c.elrOn() {
			if cfg.ResourceName != "" {
				return refuse(kerr.InvalidConfig, "%s of one broker cannot be set while eligible leader replicas are on", cfg.Name)
			}
			if cfg.Value == nil {
				return refuse(kerr.InvalidConfig, "%s of the cluster cannot be removed while eligible leader replicas are on", cfg.Name)
			}
		}
		if cfg.Value != nil && len(*cfg.Value) > longestValue {
			return refuse(kerr.InvalidConfig, "config %s is longer than %d bytes", cfg.Name, longestValue)
		}
	}
	return nil
}

// checkResource checks all configs that a resource is to have, and then that it
// exists.
func (c *Controller) checkResource(of resource, next ConfigSet) *refusal {
	switch of.kind {
	case ResourceTopic:
		return c.checkTopicResource(of.name, next)
	case ResourceBroker:
		return nil // see checkBrokerForm
	case ResourceGroup, ResourceClientMetrics:
		return c.checkNamedResource(of, next)
	}
	return refuse(kerr.InvalidRequest, "resource type %d is unknown", of.kind)
}

func (c *Controller) checkNamedResource(of resource, next ConfigSet) *refusal {
	if of.name == "" {
		return refuse(kerr.InvalidRequest, "a resource of type %d has no name", of.kind)
	}
	if of.kind == ResourceGroup {
		return because(c.config.ValidateGroup(next.Map()))
	}
	return because(config.ValidateClientMetrics(next.Map()))
}

func (c *Controller) checkTopicResource(name string, next ConfigSet) *refusal {
	if name == "" {
		return refuse(kerr.InvalidRequest, "a topic has no name")
	}
	if err := CheckTopicName(name); err != nil {
		return refuse(kerr.InvalidTopicException, "%v", err)
	}
	if err := c.effective().ValidateTopic(next.Map()); err != nil {
		return because(err)
	}
	if c.image.Topic(name) == nil {
		return refuse(kerr.UnknownTopicOrPartition, "there is no topic %q", name)
	}
	return nil
}
