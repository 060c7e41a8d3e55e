package oracle

import (
	"fmt"
	"reflect"
	"strconv"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// lookup follows a path such as Topics[0].TopicID into a response, and returns
// the value as show would give it, before it is normalized.
func lookup(resp kmsg.Response, path string) (any, error) {
	if resp == nil {
		return nil, fmt.Errorf("%s: there is no response", path)
	}
	v := reflect.ValueOf(resp).Elem()
	var names []string
	for _, step := range strings.Split(strings.ReplaceAll(path, "[", ".["), ".") {
		if v.Kind() == reflect.Pointer && !v.IsNil() {
			v = v.Elem()
		}
		next, err := follow(v, step)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		v = next
		if step[0] != '[' {
			names = append(names, step)
		}
	}
	return shower{schemaOf(resp)}.value(v, names), nil
}

func follow(v reflect.Value, step string) (reflect.Value, error) {
	if index, ok := strings.CutPrefix(step, "["); ok && v.Kind() == reflect.Slice {
		i, err := strconv.Atoi(strings.TrimSuffix(index, "]"))
		if err != nil || i < 0 || i >= v.Len() {
			return v, fmt.Errorf("no element %s of %d", step, v.Len())
		}
		return v.Index(i), nil
	}
	if v.Kind() != reflect.Struct || !v.FieldByName(step).IsValid() {
		return v, fmt.Errorf("no field %s", step)
	}
	return v.FieldByName(step), nil
}
