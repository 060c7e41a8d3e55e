package config

import (
	"errors"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// value is a value of a key's type: bool, int64 (INT, SHORT and LONG), float64,
// []string or string.
type value any

// parse reads a value as Kafka's ConfigDef.parseType does: blanks around
// a value, or an element of a list, do not count. The error says
// what was expected.
func (k *Key) parse(raw string) (value, error) {
	trimmed := strings.TrimSpace(raw)
	switch k.Type {
	case boolean:
		return parseBool(trimmed)
	case integer:
		return parseInt(trimmed, 32, "INT")
	case short:
		return parseInt(trimmed, 16, "SHORT")
	case long:
		return parseInt(trimmed, 64, "LONG")
	case double:
		return parseDouble(trimmed)
	case list:
		return splitList(trimmed), nil
	case password:
		return raw, nil
	}
	return trimmed, nil
}

func parseBool(s string) (value, error) {
	switch {
	case strings.EqualFold(s, "true"):
		return true, nil
	case strings.EqualFold(s, "false"):
		return false, nil
	}
	return nil, fmt.Errorf("neither true nor false")
}

func parseInt(s string, bits int, name string) (value, error) {
	n, err := strconv.ParseInt(s, 10, bits)
	if err != nil {
		return nil, fmt.Errorf("not a number of type %s", name)
	}
	return n, nil
}

// parseDouble reads what Java's Double.parseDouble does; Java allows a d or f at
// the end, and makes infinity of what is too large.
func parseDouble(s string) (value, error) {
	digits := s
	if hex := strings.ContainsAny(s, "xX"); !hex && s != "" && strings.ContainsRune("dDfF", rune(s[len(s)-1])) {
		digits = s[:len(s)-1]
	}
	n, err := strconv.ParseFloat(digits, 64)
	if err != nil && !errors.Is(err, strconv.ErrRange) {
		return nil, fmt.Errorf("not a number of type DOUBLE")
	}
	return n, nil
}

// splitList is the elements of a list, each once.
func splitList(s string) []string {
	elements := []string{}
	if s == "" {
		return elements
	}
	for part := range strings.SplitSeq(s, ",") {
		if part = strings.TrimSpace(part); !slices.Contains(elements, part) {
			elements = append(elements, part)
		}
	}
	return elements
}

// show writes a value as Kafka's ConfigDef.convertToString does.
func show(v value) string {
	switch v := v.(type) {
	case bool:
		return strconv.FormatBool(v)
	case int64:
		return strconv.FormatInt(v, 10)
	case float64:
		return showDouble(v)
	case []string:
		return strings.Join(v, ",")
	}
	return v.(string)
}

// showDouble writes a number as Java's Double.toString does: 0.5, 2.0, 1.0E10.
func showDouble(d float64) string {
	size := math.Abs(d)
	switch {
	case math.IsNaN(d):
		return "NaN"
	case math.IsInf(d, 1):
		return "Infinity"
	case math.IsInf(d, -1):
		return "-Infinity"
	case d == 0 || size >= 1e-3 && size < 1e7:
		return fractional(strconv.FormatFloat(d, 'f', -1, 64))
	}
	digits, exponent, _ := strings.Cut(strconv.FormatFloat(d, 'E', -1, 64), "E")
	n, _ := strconv.Atoi(exponent)
	return fractional(digits) + "E" + strconv.Itoa(n)
}

func fractional(digits string) string {
	if strings.Contains(digits, ".") {
		return digits
	}
	return digits + ".0"
}

// canonical is a raw value as it is shown; one that cannot be read stays.
func (k *Key) canonical(raw string) string {
	v, err := k.parse(raw)
	if err != nil {
		return raw
	}
	return show(v)
}

// judge reads a value and checks it; the error says what is wrong, for people.
func (k *Key) judge(raw string) (value, error) {
	v, err := k.parse(raw)
	if err == nil && k.Check != nil {
		err = k.Check(v)
	}
	if err == nil {
		return v, nil
	}
	if k.Sensitive() {
		return nil, fmt.Errorf("invalid value for %s: %w", k.Name, err)
	}
	return nil, fmt.Errorf("invalid value %q for %s: %w", raw, k.Name, err)
}
