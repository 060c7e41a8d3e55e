//go:build race

package wire

// racing says that the race detector's own memory is counted with ours: what is
// measured then means nothing.
const racing = true
