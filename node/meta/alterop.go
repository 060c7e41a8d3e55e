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
