package storage

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"odradek/node/env"
)

// MetaProperties is the file meta.properties of a log directory, version 1
// (KIP-631, KIP-858): whose it is.
//
//	version=1
//	cluster.id=<text, as a rule a UUID>
//	node.id=<number>
//	directory.id=<UUID>
type MetaProperties struct {
	ClusterID   string
	NodeID      int32
	DirectoryID env.UUID
}

// Encode is the file's text.
func (p MetaProperties) Encode() []byte {
	return fmt.Appendf(nil, "version=1\ncluster.id=%s\nnode.id=%d\ndirectory.id=%s\n", p.ClusterID, p.NodeID, p.DirectoryID)
}

var metaKeys = []string{"version", "cluster.id", "node.id", "directory.id"}

// ParseMetaProperties reads the file's text, ours or Kafka's: comments and keys
// not known here are passed over. Errors name the line or what is missing.
func ParseMetaProperties(text []byte) (p MetaProperties, err error) {
	seen, n := map[string]bool{}, 0
	for line := range strings.Lines(string(text)) {
		n++
		line = strings.TrimSpace(line)
		if line == "" || line[0] == '#' {
			continue
		}
		key, value, _ := strings.Cut(line, "=")
		key, value = strings.TrimSpace(key), strings.TrimSpace(value)
		if seen[key] {
			return p, fmt.Errorf("line %d: %s for the second time", n, key)
		}
		seen[key] = true
		if err := p.set(key, value); err != nil {
			return p, fmt.Errorf("line %d: %s: %w", n, key, err)
		}
	}
	for _, key := range metaKeys {
		if !seen[key] {
			return p, fmt.Errorf("%s is missing", key)
		}
	}
	return p, nil
}

var errEmpty = errors.New("is empty")

func (p *MetaProperties) set(key, value string) (err error) {
	switch key {
	case "version":
		if value != "1" {
			return fmt.Errorf("%q is not 1", value)
		}
	case "cluster.id":
		if p.ClusterID = value; value == "" {
			return errEmpty
		}
	case "node.id":
		p.NodeID, err = parseNode(value)
	case "directory.id":
		p.DirectoryID, err = env.ParseUUID(value)
	}
	return err
}

func parseNode(value string) (int32, error) {
	id, err := strconv.ParseInt(value, 10, 32)
	if err != nil || id < 0 {
		return 0, fmt.Errorf("%q is no node's number", value)
	}
	return int32(id), nil
}
