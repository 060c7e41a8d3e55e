package meta

import "slices"

// minus is the list without those in drop; the list itself stays.
func minus(list, drop []int32) []int32 {
	var rest []int32
	for _, id := range list {
		if !slices.Contains(drop, id) {
			rest = append(rest, id)
		}
	}
	return rest
}

// common is those of the list that are in keep.
func common(list, keep []int32) []int32 {
	var rest []int32
	for _, id := range list {
		if slices.Contains(keep, id) {
			rest = append(rest, id)
		}
	}
	return rest
}
