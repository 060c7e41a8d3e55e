package storage

import (
	"cmp"
	"maps"
	"reflect"
	"slices"
)

type table map[string]int

func orders(m table) (keys []string) {
	for k := range m { // want map order: range over a map
		keys = append(keys, k)
	}
	for k := range maps.Keys(m) { // want map order: maps.Keys outside
		keys = append(keys, k)
	}
	for _, k := range slices.Sorted(maps.Keys(m)) {
		keys = append(keys, k)
	}
	keys = slices.SortedFunc(maps.Keys(m), cmp.Compare)
	_ = slices.Sorted(maps.Values(m))
	_ = slices.SortedFunc(maps.Values(m), cmp.Compare) // want map order: maps.Values outside
	_ = slices.Collect(maps.Keys(m))                   // want map order: maps.Keys outside
	_ = reflect.ValueOf(m).MapKeys()                   // want word: (reflect.Value).MapKeys
	_ = reflect.ValueOf(m).MapRange()                  // want map order: (reflect.Value).MapRange
	return keys
}

func generic[M ~map[K]V, K comparable, V any](m M) {
	for range m { // want map order: range over a map
	}
}

func fine(s []int, n int) {
	for range s {
	}
	for range n {
	}
}
