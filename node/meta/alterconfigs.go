package meta

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// IncrementalAlterConfigs decides on changes of single configs (API key 44, v0
// to v1; KIP-339, Kafka's ConfigAdminManager and ConfigurationControlManager).
// A resource is changed in whole or, if any of its configs is refused, not at
// all; other resources of the request are not affected.
func (c *Controller) IncrementalAlterConfigs(req *kmsg.IncrementalAlterConfigsRequest) ([]Record, *kmsg.IncrementalAlterConfigsResponse) {
	resp := req.ResponseKind().(*kmsg.IncrementalAlterConfigsResponse)
	resp.Resources = []kmsg.IncrementalAlterConfigsResponseResource{}
	var list []alteration
	for i := range req.Resources {
		r := &req.Resources[i]
		a := alteration{of: resource{int8(r.ResourceType), r.ResourceName}}
		for j := range r.Configs {
			a.ops = append(a.ops, op{r.Configs[j].Name, r.Configs[j].Op, r.Configs[j].Value})
		}
		list = append(list, a)
	}
	records := c.alter(list, req.ValidateOnly)
	for i := range list {
		r := kmsg.NewIncrementalAlterConfigsResponseResource()
		r.ResourceType, r.ResourceName = req.Resources[i].ResourceType, req.Resources[i].ResourceName
		list[i].why.fill(&r.ErrorCode, &r.ErrorMessage)
		resp.Resources = append(resp.Resources, r)
	}
	return records, resp
}

// AlterConfigs decides on the replacement of all configs of resources (API key
// 33, v0 to v2; KIP-133): what the request does not name is removed.
func (c *Controller) AlterConfigs(req *kmsg.AlterConfigsRequest) ([]Record, *kmsg.AlterConfigsResponse) {
	resp := req.ResponseKind().(*kmsg.AlterConfigsResponse)
	resp.Resources = []kmsg.AlterConfigsResponseResource{}
	var list []alteration
	for i := range req.Resources {
		r := &req.Resources[i]
		a := alteration{of: resource{int8(r.ResourceType), r.ResourceName}, whole: true}
		for j := range r.Configs {
			a.ops = append(a.ops, op{r.Configs[j].Name, kmsg.IncrementalAlterConfigOpSet, r.Configs[j].Value})
		}
		list = append(list, a)
	}
	records := c.alter(list, req.ValidateOnly)
	for i := range list {
		r := kmsg.NewAlterConfigsResponseResource()
		r.ResourceType, r.ResourceName = req.Resources[i].ResourceType, req.Resources[i].ResourceName
		list[i].why.fill(&r.ErrorCode, &r.ErrorMessage)
		resp.Resources = append(resp.Resources, r)
	}
	return records, resp
}

// alteration is what a request wants of one resource, and why it is refused.
type alteration struct {
	of    resource
	ops   []op
	whole bool // remove all that ops do not set
	why   *refusal
}

type op struct {
	name  string
	kind  kmsg.IncrementalAlterConfigOp
	value *string
}

// alter decides on all alterations, and notes in each why it is refused.
func (c *Controller) alter(list []alteration, validateOnly bool) (records []Record) {
	times := map[resource]int{}
	for i := range list {
		times[list[i].of]++
	}
	broken := false
	for i := range list {
		a := &list[i]
		if a.why = c.checkForm(a, times[a.of] > 1); a.why == nil {
			broken = broken || slices.ContainsFunc(a.ops, op.unknown)
		}
	}
	for i := range list {
		a := &list[i]
		if a.why != nil {
			continue
		}
		if broken { // Kafka's controller trips over the unknown operation, and all get this
			a.why = &refusal{code: kerr.UnknownServerError}
			continue
		}
		var made []Record
		made, a.why = c.alterResource(a)
		records = append(records, made...)
	}
	if validateOnly {
		return nil
	}
	return append(records, c.clearELR(records)...)
}

func (o op) unknown() bool {
	return o.kind < kmsg.IncrementalAlterConfigOpSet || o.kind > kmsg.IncrementalAlterConfigOpSubtract
}

// alterResource makes the records of one alteration, whose form is right.
func (c *Controller) alterResource(a *alteration) ([]Record, *refusal) {
	next, records, why := c.outcome(a)
	if why != nil {
		return nil, why
	}
	if why := c.checkRecords(records); why != nil {
		return nil, why
	}
	if why := c.checkResource(a.of, next); why != nil {
		return nil, why
	}
	return records, nil
}

// outcome is the configs that the resource is to have, and the records of what
// changes. A broker's are written even if they are the same: it then loads files
// named by them anew (KAFKA-14136).
func (c *Controller) outcome(a *alteration) (next ConfigSet, records []Record, why *refusal) {
	now := c.image.Configs(a.of.kind, a.of.name)
	next = now
	change := func(name string, value *string) {
		next = next.with(name, value)
		records = append(records, &ConfigRecord{a.of.kind, a.of.name, name, value})
	}
	named := map[string]bool{}
	for _, o := range a.ops {
		named[o.name] = true
		value, why := c.apply(o, a.of.kind, now)
		if why != nil {
			return nil, nil, why
		}
		if old, ok := now.Get(o.name); a.of.kind == ResourceBroker || !same(old, ok, value) {
			change(o.name, value)
		}
	}
	for _, old := range now {
		if a.whole && !named[old.Name] {
			change(old.Name, nil)
		}
	}
	return next, records, nil
}

func same(old string, ok bool, value *string) bool {
	return ok == (value != nil) && (!ok || old == *value)
}
