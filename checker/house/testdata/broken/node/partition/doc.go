// Package partition is a partition.
package partition
