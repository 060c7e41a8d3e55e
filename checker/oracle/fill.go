package oracle

import (
	"encoding"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
)

// fill sets what dst (settable) is from a parsed JSON value. What a struct's
// fields do not name keeps kmsg's default.
func fill(dst reflect.Value, v any) error {
	if u, ok := dst.Addr().Interface().(encoding.TextUnmarshaler); ok {
		if text, isText := v.(string); isText {
			return u.UnmarshalText([]byte(text))
		}
	}
	switch dst.Kind() {
	case reflect.Pointer:
		return fillPointer(dst, v)
	case reflect.Struct:
		return fillStruct(dst, v)
	case reflect.Array:
		return fillUUID(dst, v)
	case reflect.Slice:
		if dst.Type().Elem().Kind() == reflect.Uint8 {
			return fillBytes(dst, v)
		}
		return fillSlice(dst, v)
	}
	return fillScalar(dst, v)
}

func fillPointer(dst reflect.Value, v any) error {
	if v == nil {
		dst.SetZero()
		return nil
	}
	dst.Set(reflect.New(dst.Type().Elem()))
	setDefault(dst)
	return fill(dst.Elem(), v)
}

func fillStruct(dst reflect.Value, v any) error {
	fields, ok := v.(map[string]any)
	if !ok {
		return fmt.Errorf("%s wants fields, not %v", dst.Type().Name(), v)
	}
	for _, name := range slices.Sorted(maps.Keys(fields)) {
		at := dst.FieldByName(name)
		if !at.IsValid() {
			return fmt.Errorf("%s has no field %s", dst.Type().Name(), name)
		}
		if err := fill(at, fields[name]); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func fillUUID(dst reflect.Value, v any) error {
	if id, ok := v.([16]byte); ok {
		dst.Set(reflect.ValueOf(id))
		return nil
	}
	text, _ := v.(string)
	id, err := textUUID(text)
	dst.Set(reflect.ValueOf(id))
	return err
}

func fillBytes(dst reflect.Value, v any) error {
	b, err := bytesOf(v)
	if err != nil {
		return err
	}
	dst.SetBytes(b)
	return nil
}

func fillSlice(dst reflect.Value, v any) error {
	if v == nil {
		dst.SetZero()
		return nil
	}
	items, ok := v.([]any)
	if !ok {
		return fmt.Errorf("wants an array, not %v", v)
	}
	dst.Set(reflect.MakeSlice(dst.Type(), len(items), len(items)))
	for i, item := range items {
		setDefault(dst.Index(i).Addr())
		if err := fill(dst.Index(i), item); err != nil {
			return fmt.Errorf("[%d]: %w", i, err)
		}
	}
	return nil
}

func fillScalar(dst reflect.Value, v any) error {
	if n, isNumber := v.(json.Number); isNumber && dst.CanInt() {
		return fillInt(dst, n)
	}
	text := fmt.Sprint(v)
	if s, isText := v.(string); dst.Kind() == reflect.String {
		if !isText {
			return fmt.Errorf("wants a string, not %v", v)
		}
		dst.SetString(s)
		return nil
	}
	if err := json.NewDecoder(strings.NewReader(text)).Decode(dst.Addr().Interface()); err != nil {
		return fmt.Errorf("value %s: %w", text, err)
	}
	return nil
}

// fillInt takes a number as it is, also for a type that has names for some.
func fillInt(dst reflect.Value, number json.Number) error {
	n, err := number.Int64()
	if err != nil || dst.OverflowInt(n) {
		return fmt.Errorf("%s does not fit %s", number, dst.Type())
	}
	dst.SetInt(n)
	return nil
}

// setDefault gives what p points at the defaults of the protocol, if it has any.
func setDefault(p reflect.Value) {
	if d, ok := p.Interface().(interface{ Default() }); ok {
		d.Default()
	}
}
