// Package zstd stands for the real one.
package zstd

// Option is an option.
type Option func()

// NewReader makes a decoder.
func NewReader(r any, o ...Option) int { return len(o) }

// NewWriter makes an encoder.
func NewWriter(w any, o ...Option) int { return len(o) }

// WithDecoderConcurrency is one.
func WithDecoderConcurrency(n int) Option { return func() {} }

// WithEncoderConcurrency is one.
func WithEncoderConcurrency(n int) Option { return func() {} }

// WithLevel is one.
func WithLevel(n int) Option { return func() {} }
