package config

import (
	"regexp"
	"slices"
	"strings"
)

// matchable is by what a client metrics subscription chooses clients (KIP-714).
var matchable = []string{
	"client_instance_id", "client_id", "client_software_name", "client_software_version", "client_source_address",
	"client_source_port",
}

// badMatch finds an element that is not parameter=pattern; "" if there is none.
func badMatch(list []string) string {
	for _, e := range list {
		name, pattern, ok := strings.Cut(e, "=")
		if !ok || !slices.Contains(matchable, strings.TrimSpace(name)) {
			return e
		}
		if _, err := regexp.Compile(strings.TrimSpace(pattern)); err != nil {
			return e
		}
	}
	return ""
}
