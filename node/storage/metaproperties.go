package storage

import (
	"fmt"
	"strconv"
	"strings"

	"odradek/node/env"
)

// MetaProperties is the file meta.properties of a log directory, version 1
// (KIP-631): who wrote there.
type MetaProperties struct {
	ClusterID   string
	NodeID      int32
	DirectoryID env.UUID
}

// Encode is the file's text.
func (p MetaProperties) Encode() []byte {
	return fmt.Appendf(nil, "version=1\ncluster.id=%s\nnode.id=%d\ndirectory.id=%s\n", p.ClusterID, p.NodeID, p.DirectoryID)
}

// ParseMetaProperties reads the file's text.
func ParseMetaProperties(text []byte) (p MetaProperties, err error) {
	seen := map[string]bool{}
	for i, line := range strings.Split(string(text), "\n") {
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		if err := p.set(strings.TrimSpace(key), strings.TrimSpace(value)); err != nil {
			return p, fmt.Errorf("line %d: %w", i+1, err)
		}
		seen[strings.TrimSpace(key)] = true
	}
	for _, key := range []string{"version", "cluster.id", "node.id", "directory.id"} {
		if !seen[key] {
			return p, fmt.Errorf("%s is missing", key)
		}
	}
	return p, nil
}

func (p *MetaProperties) set(key, value string) error {
	var err error
	switch key {
	case "version":
		if value != "1" {
			return fmt.Errorf("version %q is not 1", value)
		}
	case "cluster.id":
		p.ClusterID = value
	case "node.id":
		var id int64
		id, err = strconv.ParseInt(value, 10, 32)
		p.NodeID = int32(id)
	case "directory.id":
		p.DirectoryID, err = env.ParseUUID(value)
	}
	return err
}
