package wire

import (
	"encoding/binary"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// filler sets every field of a message to a drawn value.
type filler struct{ *rand.Rand }

func newFiller(seed uint64) filler { return filler{rand.New(rand.NewPCG(seed, 1))} }

func (f filler) message(m any) {
	v := reflect.ValueOf(m).Elem()
	version := v.FieldByName("Version")
	if !version.IsValid() { // one of our own
		f.value(v, 0)
		return
	}
	was := version.Int()
	f.value(v, 0)
	version.SetInt(was)
}

func (f filler) value(v reflect.Value, depth int) {
	if !v.CanSet() {
		return
	}
	if t, ok := v.Addr().Interface().(*kmsg.Tags); ok {
		f.tags(t)
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			f.value(v.Field(i), depth+1)
		}
	case reflect.Slice:
		f.slice(v, depth)
	case reflect.Array:
		for i := range v.Len() {
			f.value(v.Index(i), depth)
		}
	case reflect.Pointer:
		if f.IntN(3) > 0 {
			v.Set(reflect.New(v.Type().Elem()))
			f.value(v.Elem(), depth+1)
		}
	case reflect.String:
		v.SetString(strings.Repeat("x", f.IntN(40)*f.IntN(6)))
	case reflect.Bool:
		v.SetBool(f.IntN(2) == 0)
	case reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64:
		v.SetUint(f.Uint64() & 0x7f)
	default:
		v.SetInt(f.Int64N(120) - 1)
	}
}

func (f filler) slice(v reflect.Value, depth int) {
	n := f.IntN(4)
	v.Set(reflect.MakeSlice(v.Type(), n, n))
	for i := range n {
		f.value(v.Index(i), depth+1)
	}
}

// tags adds unknown ones, with keys that no message knows.
func (f filler) tags(t *kmsg.Tags) {
	if f.IntN(5) > 0 {
		return
	}
	for range 1 + f.IntN(12) {
		t.Set(uint32(100+f.IntN(1000)), make([]byte, f.IntN(9)))
	}
}

// everyAPI is all that is taken by some listener.
var everyAPI = slices.CompactFunc(
	slices.SortedFunc(slices.Values(slices.Concat(ofBroker, ofController)), byKey),
	func(a, b Range) bool { return a.Key == b.Key })

// takes is a listener that takes a key.
func takes(key int16) listener {
	if ofBroker.knows(key) {
		return ofBroker
	}
	return ofController
}

// parse is the parsing of a listener that takes the frame's key.
func parse(frame []byte, limits Limits) (Request, error) {
	if len(frame) >= 2 && !ofBroker.knows(int16(binary.BigEndian.Uint16(frame))) {
		return ParseControllerRequest(frame, limits)
	}
	return ParseRequest(frame, limits)
}

// everyVersion visits each key with each version that is parsed.
func everyVersion(visit func(key, version int16)) {
	for _, r := range everyAPI {
		for v := r.Min; v <= r.Max; v++ {
			if takes(r.Key).serves(r.Key, v) {
				visit(r.Key, v)
			}
		}
	}
}

func drawnRequest(seed uint64, key, version int16) kmsg.Request {
	req := newRequest(key)
	req.SetVersion(version)
	newFiller(seed).message(req)
	return req
}
