package oracle

import (
	"encoding"
	"fmt"
	"reflect"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// show turns a response into a value to print: the fields of its version.
func show(resp kmsg.Response) object {
	s := shower{schemaOf(resp)}
	return s.fields(reflect.ValueOf(resp).Elem(), nil)
}

type shower struct{ schema schema }

func (s shower) fields(v reflect.Value, path []string) (out object) {
	for i := range v.NumField() {
		field := v.Type().Field(i)
		at := append(path[:len(path):len(path)], field.Name)
		switch {
		case field.Type.Kind() == reflect.Struct:
			out = s.nested(out, field.Name, v.Field(i), at)
		case s.schema.present[join(at)]:
			out = append(out, member{field.Name, s.value(v.Field(i), at)})
		}
	}
	return out
}

// nested adds a struct that stands in a tagged field, unless it is as if absent.
func (s shower) nested(out object, name string, v reflect.Value, at []string) object {
	if tags, ok := v.Interface().(kmsg.Tags); ok {
		return showTags(out, tags)
	}
	unset := reflect.New(v.Type())
	setDefault(unset)
	if reflect.DeepEqual(unset.Elem().Interface(), v.Interface()) {
		return out
	}
	return append(out, member{name, s.fields(v, at)})
}

func showTags(out object, tags kmsg.Tags) object {
	tags.Each(func(tag uint32, value []byte) {
		out = append(out, member{fmt.Sprintf("tag %d", tag), value})
	})
	return out
}

func (s shower) value(v reflect.Value, path []string) any {
	name := path[len(path)-1]
	switch {
	case v.Kind() == reflect.Pointer && v.IsNil():
		return nil
	case v.Kind() == reflect.Pointer:
		return s.value(v.Elem(), path)
	case v.Kind() == reflect.Struct:
		return s.fields(v, path)
	case v.Kind() == reflect.Slice:
		return s.slice(v, path)
	case v.Kind() == reflect.Int16 && strings.HasSuffix(name, "ErrorCode"):
		return errorName(int16(v.Int()))
	}
	return scalar(v)
}

func (s shower) slice(v reflect.Value, path []string) any {
	if v.IsNil() && s.schema.nullable[join(path)] {
		return nil
	}
	if b, ok := v.Interface().([]byte); ok {
		return showBytes(path[len(path)-1], b)
	}
	out := []any{}
	for i := range v.Len() {
		out = append(out, s.value(v.Index(i), path))
	}
	return out
}

func showBytes(name string, b []byte) any {
	if name == "RecordBatches" {
		return showBatches(b)
	}
	return b
}

func scalar(v reflect.Value) any {
	if m, ok := v.Interface().(encoding.TextMarshaler); ok {
		if text, err := m.MarshalText(); err == nil {
			return string(text)
		}
	}
	switch v.Kind() {
	case reflect.Bool:
		return v.Bool()
	case reflect.String:
		return v.String()
	case reflect.Float64:
		return v.Float()
	case reflect.Array:
		return v.Interface()
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		return int64(v.Uint())
	}
	return v.Int()
}

// errorName is Kafka's name of an error code, or the bare number.
func errorName(code int16) any {
	if code == 0 {
		return "NONE"
	}
	err := kerr.TypedErrorForCode(code)
	if err == nil || err.Code != code {
		return int64(code)
	}
	return err.Message
}
