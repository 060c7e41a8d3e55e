package oracle

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// A value of a response, before it is printed, is one of: nil, bool, int64,
// float64, string, []byte, [16]byte (a UUID), []any, object.
type object []member

type member struct {
	key   string
	value any
}

func (o object) get(key string) any {
	for _, m := range o {
		if m.key == key {
			return m.value
		}
	}
	return nil
}

// hexMark begins the text of bytes that are no text.
const hexMark = "hex:"

// bytesText shows bytes as text, or as hexadecimal digits when they are none.
func bytesText(b []byte) string {
	plain := utf8.Valid(b) && !strings.HasPrefix(string(b), hexMark)
	if plain && strings.IndexFunc(string(b), func(r rune) bool { return r < ' ' || r == 0x7f }) < 0 {
		return string(b)
	}
	return hexMark + hex.EncodeToString(b)
}

// textBytes is the inverse of bytesText.
func textBytes(s string) ([]byte, error) {
	digits, ok := strings.CutPrefix(s, hexMark)
	if !ok {
		return []byte(s), nil
	}
	b, err := hex.DecodeString(digits)
	if err != nil {
		return nil, fmt.Errorf("bytes %q: %w", s, err)
	}
	return b, nil
}

// uuidText writes a UUID as Kafka does.
func uuidText(id [16]byte) string { return base64.RawURLEncoding.EncodeToString(id[:]) }

func textUUID(s string) (id [16]byte, err error) {
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) != 16 {
		return id, fmt.Errorf("not a UUID: %q", s)
	}
	return [16]byte(b), nil
}

// parseJSON reads a request's fields: maps, slices, strings, numbers.
func parseJSON(text string) (any, error) {
	if strings.TrimSpace(text) == "" {
		text = "{}"
	}
	d := json.NewDecoder(strings.NewReader(text))
	d.UseNumber()
	var v any
	if err := d.Decode(&v); err != nil {
		return nil, fmt.Errorf("fields: %w", err)
	}
	if d.More() {
		return nil, fmt.Errorf("text after the fields")
	}
	return v, nil
}

// substitute replaces each "$name" by the value saved under that name.
func substitute(v any, saved map[string]any) (any, error) {
	var err error
	switch v := v.(type) {
	case string:
		if !strings.HasPrefix(v, "$") {
			return v, nil
		}
		known, ok := saved[v[1:]]
		if !ok {
			return nil, fmt.Errorf("nothing is saved as %s", v)
		}
		return known, nil
	case []any:
		for i := range v {
			if v[i], err = substitute(v[i], saved); err != nil {
				return nil, err
			}
		}
	case map[string]any:
		return v, substituteFields(v, saved)
	}
	return v, nil
}

func substituteFields(fields map[string]any, saved map[string]any) error {
	for _, key := range slices.Sorted(maps.Keys(fields)) {
		v, err := substitute(fields[key], saved)
		if err != nil {
			return err
		}
		fields[key] = v
	}
	return nil
}
