package meta

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// apply is the value that a config has after the operation; nil if it is
// removed.
func (c *Controller) apply(o op, kind int8, now ConfigSet) (*string, *refusal) {
	switch o.kind {
	case kmsg.IncrementalAlterConfigOpSet:
		return o.value, nil
	case kmsg.IncrementalAlterConfigOpDelete:
		return nil, nil
	}
	list, ok := c.listDefault(kind, o.name)
	if !ok {
		return nil, refuse(kerr.InvalidConfig, "config %s is not a list, so nothing can be appended or subtracted", o.name)
	}
	if value, set := now.Get(o.name); set {
		list = value
	}
	parts := slices.DeleteFunc(strings.Split(list, ","), func(part string) bool { return part == "" })
	for _, part := range strings.Split(*o.value, ",") {
		at := slices.Index(parts, part)
		switch {
		case o.kind == kmsg.IncrementalAlterConfigOpAppend && at < 0:
			parts = append(parts, part)
		case o.kind == kmsg.IncrementalAlterConfigOpSubtract && at >= 0:
			parts = slices.Delete(parts, at, at+1)
		}
	}
	value := strings.Join(parts, ",")
	return &value, nil
}

// minInsyncReplicas has rules of its own while eligible leader replicas are on:
// a change of it makes the ELRs meaningless (KIP-966).
const minInsyncReplicas = "min.insync.replicas"

func (c *Controller) elrOn() bool { return c.image.Feature("eligible.leader.replicas.version") > 0 }

// clearELR is what must follow on configs that are changed.
func (c *Controller) clearELR(records []Record) (more []Record) {
	for _, r := range records {
		if cfg, ok := r.(*ConfigRecord); ok && cfg.Name == minInsyncReplicas && c.elrOn() {
			clear := &ClearELRRecord{}
			if cfg.ResourceType == ResourceTopic {
				clear.TopicName = cfg.ResourceName
			}
			more = append(more, clear)
		}
	}
	return more
}
