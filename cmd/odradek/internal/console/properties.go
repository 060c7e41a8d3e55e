package console

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

// Properties are key=value pairs that must all be known.
type Properties map[string]string

// ParseProperties reads pairs; a key may come again, and then the last counts.
func ParseProperties(pairs []string) (Properties, error) {
	p := Properties{}
	for _, pair := range pairs {
		k, v, ok := strings.Cut(pair, "=")
		if !ok || k == "" {
			return nil, fmt.Errorf("property %q is not of the form key=value", pair)
		}
		p[k] = v
	}
	return p, nil
}

// fill sets what the properties name, and refuses what nobody knows.
func (p Properties) fill(known map[string]any) error {
	for _, k := range slices.Sorted(maps.Keys(p)) {
		switch to := known[k].(type) {
		case *bool:
			b, err := strconv.ParseBool(p[k])
			if err != nil {
				return fmt.Errorf("property %s is %q, neither true nor false", k, p[k])
			}
			*to = b
		case *string:
			*to = unescape.Replace(p[k])
		default:
			return fmt.Errorf("property %s is not known; there are %s", k, strings.Join(slices.Sorted(maps.Keys(known)), ", "))
		}
	}
	return nil
}

// unescape lets a tab and a line feed be typed.
var unescape = strings.NewReplacer(`\t`, "\t", `\n`, "\n", `\\`, `\`)

// Unescape replaces \t, \n and \\ by what they stand for.
func Unescape(s string) string { return unescape.Replace(s) }
