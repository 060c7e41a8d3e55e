package oracle

import (
	"reflect"
	"strings"
)

func join(path []string) string { return strings.Join(path, ".") }

func empty(v reflect.Value) { v.Set(reflect.MakeSlice(v.Type(), 0, 0)) }

// change sets v to something that is not its default.
func change(v reflect.Value) {
	switch v.Kind() {
	case reflect.Bool:
		v.SetBool(!v.Bool())
	case reflect.String:
		v.SetString(v.String() + "x")
	case reflect.Float64:
		v.SetFloat(v.Float() + 1)
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		setDefault(v)
		if v.Elem().Kind() != reflect.Struct {
			change(v.Elem())
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		setDefault(v.Index(0).Addr())
	case reflect.Array:
		v.Index(0).SetUint(1)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(v.Uint() + 1)
	default:
		v.SetInt(v.Int() + 1)
	}
}
