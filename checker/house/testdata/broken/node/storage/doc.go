// Package storage breaks what a deterministic room must keep.
package storage
