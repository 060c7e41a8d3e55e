package oracle

import (
	"reflect"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// schema says which fields of a response are on the wire in one version. kmsg
// has one struct for all versions and no such table, so it is found out: a field
// that is changed and is still changed after encoding and decoding is there.
type schema struct {
	present  map[string]bool // by path: "Topics.Partitions.LeaderID"
	nullable map[string]bool // arrays that can be null
}

func schemaOf(resp kmsg.Response) schema {
	s := schema{map[string]bool{}, map[string]bool{}}
	probe := prober{resp: resp, schema: s}
	probe.walk(reflect.TypeOf(resp).Elem(), nil)
	return s
}

type prober struct {
	resp   kmsg.Response // gives type and version
	schema schema
}

func (p prober) walk(t reflect.Type, path []string) {
	for i := range t.NumField() {
		name := t.Field(i).Name
		if name == "Version" || name == "UnknownTags" {
			continue
		}
		p.field(t.Field(i).Type, append(path[:len(path):len(path)], name))
	}
}

func (p prober) field(t reflect.Type, path []string) {
	if t.Kind() == reflect.Struct { // never alone on the wire: its fields are
		p.walk(t, path)
		return
	}
	if !p.survives(path, change) {
		return
	}
	p.schema.present[join(path)] = true
	switch t.Kind() {
	case reflect.Slice:
		p.schema.nullable[join(path)] = p.survives(path, empty)
		if t.Elem().Kind() == reflect.Struct {
			p.walk(t.Elem(), path)
		}
	case reflect.Pointer:
		if t.Elem().Kind() == reflect.Struct {
			p.walk(t.Elem(), path)
		}
	}
}

// survives tells whether what set does to the field is seen by a reader.
func (p prober) survives(path []string, set func(reflect.Value)) bool {
	sent := p.fresh()
	at := reach(reflect.ValueOf(sent).Elem(), path, true)
	set(at)
	read := p.fresh()
	if err := read.ReadFrom(sent.AppendTo(nil)); err != nil {
		return false
	}
	got := reach(reflect.ValueOf(read).Elem(), path, false)
	return got.IsValid() && alike(got, at)
}

// alike holds for two arrays of structs of one length, whatever the structs: a
// field of theirs may have another default than a version lets through.
func alike(a, b reflect.Value) bool {
	switch {
	case a.Kind() == reflect.Slice && a.Type().Elem().Kind() == reflect.Struct:
		return a.IsNil() == b.IsNil() && a.Len() == b.Len()
	case a.Kind() == reflect.Pointer && a.Type().Elem().Kind() == reflect.Struct:
		return a.IsNil() == b.IsNil()
	}
	return reflect.DeepEqual(a.Interface(), b.Interface())
}

func (p prober) fresh() kmsg.Response {
	r := reflect.New(reflect.TypeOf(p.resp).Elem()).Interface().(kmsg.Response)
	setDefault(reflect.ValueOf(r))
	r.SetVersion(p.resp.GetVersion())
	return r
}

// reach follows the path through first elements; make adds what is missing.
func reach(v reflect.Value, path []string, make bool) reflect.Value {
	for _, name := range path {
		if v = inside(v, make); !v.IsValid() {
			return v
		}
		v = v.FieldByName(name)
	}
	return v
}

func inside(v reflect.Value, make bool) reflect.Value {
	missing := (v.Kind() == reflect.Slice && v.Len() == 0) || (v.Kind() == reflect.Pointer && v.IsNil())
	switch {
	case missing && !make:
		return reflect.Value{}
	case missing:
		change(v)
	}
	switch v.Kind() {
	case reflect.Slice:
		return v.Index(0)
	case reflect.Pointer:
		return v.Elem()
	}
	return v
}
