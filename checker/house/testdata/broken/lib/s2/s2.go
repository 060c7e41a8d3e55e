// Package s2 stands for the real one.
package s2

// NewWriter makes an encoder.
func NewWriter(w any, o ...func()) int { return len(o) }

// WriterConcurrency is an option.
func WriterConcurrency(n int) func() { return func() {} }
