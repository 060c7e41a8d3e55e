package oracle

import (
	"fmt"
	"maps"
	"slices"
	"strings"
)

// ByBroker groups scripts that may be played against one broker: those that need
// the same properties, in order; a fresh one stands alone.
func ByBroker(scripts []*Script) (groups [][]*Script) {
	at := map[string]int{}
	for _, s := range scripts {
		key := s.brokerKey()
		i, ok := at[key]
		if !ok {
			i = len(groups)
			at[key] = i
			groups = append(groups, nil)
		}
		groups[i] = append(groups[i], s)
	}
	return groups
}

func (s *Script) brokerKey() string {
	if s.Fresh {
		return s.Name
	}
	var b strings.Builder
	fmt.Fprintf(&b, "%d nodes\n", s.Nodes)
	for _, key := range slices.Sorted(maps.Keys(s.Config)) {
		fmt.Fprintf(&b, "%s=%s\n", key, s.Config[key])
	}
	return b.String()
}
