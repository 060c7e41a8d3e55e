package meta

import (
	"fmt"
	"strings"
)

const longestName = 249 // Kafka's Topic.MAX_NAME_LENGTH

// metadataTopic is the topic of the metadata log, which nobody may make.
const metadataTopic = "__cluster_metadata"

// CheckTopicName tells why a name is none for a topic (Kafka's Topic.validate;
// INVALID_TOPIC_EXCEPTION); nil if it is one.
func CheckTopicName(name string) error {
	switch {
	case name == "":
		return fmt.Errorf("a topic name must not be empty")
	case name == "." || name == "..":
		return fmt.Errorf("a topic must not be named %q", name)
	case len(name) > longestName:
		return fmt.Errorf("a topic name of %d characters is longer than %d", len(name), longestName)
	}
	for _, c := range []byte(name) {
		if !nameByte(c) {
			return fmt.Errorf("topic name %q has a character other than ASCII letters, digits, '.', '_' and '-'", name)
		}
	}
	return nil
}

func nameByte(c byte) bool {
	return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '.' || c == '_' || c == '-'
}

// lookalike is the form that a name shares with those that it collides with:
// metrics cannot tell '.' from '_'. ok is false for a name with neither.
func lookalike(name string) (key string, ok bool) {
	return strings.ReplaceAll(name, ".", "_"), strings.ContainsAny(name, "._")
}
