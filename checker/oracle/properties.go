package oracle

import (
	"fmt"
	"maps"
	"net"
	"os"
	"slices"
	"strings"
)

// Properties is the configuration under which the scripts are recorded, apart
// from listeners and folders. A broker under test must start with the same, for
// DescribeConfigs shows them. Records in scripts bear timestamps near 1970: the
// retention checks are put off, so that these are not removed under our eyes.
func Properties() map[string]string {
	return map[string]string{
		"process.roles":                    "broker,controller",
		"node.id":                          "1",
		"num.partitions":                   "1",
		"offsets.topic.replication.factor": "1",
		"transaction.state.log.replication.factor": "1",
		"transaction.state.log.min.isr":            "1",
		"log.retention.check.interval.ms":          "86400000",
	}
}

// freePorts asks the kernel for n loopback ports that nobody listens on.
func freePorts(n int) ([]int, error) {
	var held []net.Listener
	defer func() {
		for _, l := range held {
			l.Close()
		}
	}()
	var ports []int
	for range n {
		l, err := net.Listen("tcp", "127.0.0.1:0")
		if err != nil {
			return nil, fmt.Errorf("free port: %w", err)
		}
		held = append(held, l)
		ports = append(ports, l.Addr().(*net.TCPAddr).Port)
	}
	return ports, nil
}

func writeProperties(path string, props map[string]string) error {
	var b strings.Builder
	for _, key := range slices.Sorted(maps.Keys(props)) {
		fmt.Fprintf(&b, "%s=%s\n", key, props[key])
	}
	if err := os.WriteFile(path, []byte(b.String()), 0o644); err != nil {
		return fmt.Errorf("write properties: %w", err)
	}
	return nil
}
