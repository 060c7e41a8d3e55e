package oracle

import (
	"encoding/json"
	"fmt"
	"strings"
)

// width is where a value no longer stands on one line but each of its parts on
// a line of its own, so that a change touches few lines.
const width = 120

// printLines writes a value as JSON, in as few lines as fit.
func printLines(v any) []string {
	var p printer
	p.value("", v, "")
	return p.lines
}

type printer struct{ lines []string }

func (p *printer) value(lead string, v any, tail string) {
	line := lead + compact(v) + tail
	parts, open, end := partsOf(v)
	if len(parts) == 0 || len(line) <= width {
		p.lines = append(p.lines, line)
		return
	}
	indent := lead[:len(lead)-len(strings.TrimLeft(lead, " "))]
	p.lines = append(p.lines, lead+open)
	for i, part := range parts {
		comma := ","
		if i == len(parts)-1 {
			comma = ""
		}
		p.value(indent+"  "+part.key, part.value, comma)
	}
	p.lines = append(p.lines, indent+end+tail)
}

// partsOf are the members of an object, each with the quoted key before it, or
// the elements of an array.
func partsOf(v any) (parts []member, open, end string) {
	switch v := v.(type) {
	case object:
		for _, m := range v {
			parts = append(parts, member{quote(m.key) + ": ", m.value})
		}
		return parts, "{", "}"
	case []any:
		for _, e := range v {
			parts = append(parts, member{"", e})
		}
	}
	return parts, "[", "]"
}

func compact(v any) string {
	switch v := v.(type) {
	case object, []any:
		parts, open, end := partsOf(v)
		var texts []string
		for _, part := range parts {
			texts = append(texts, part.key+compact(part.value))
		}
		return open + strings.Join(texts, ", ") + end
	case string:
		return quote(v)
	case []byte:
		return quote(bytesText(v))
	case [16]byte:
		return quote(uuidText(v))
	case nil:
		return "null"
	}
	return fmt.Sprint(v)
}

func quote(s string) string {
	var b strings.Builder
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(s); err != nil {
		return fmt.Sprintf("%q", s) // no string fails to encode
	}
	return strings.TrimSuffix(b.String(), "\n")
}
