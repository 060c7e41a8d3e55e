package sim

import (
	crand "crypto/rand"
	"io"
	"math/rand/v2"
)

// chance stands in for crypto/rand.Reader while code of a node runs: etcd/raft
// draws the jitter of its elections there (rand.Int of that reader), and takes no
// other source. Since the reader belongs to the whole process, worlds of one
// process take turns.
type chance struct{ *rand.Rand }

// Read never fails.
func (c chance) Read(b []byte) (int, error) {
	for i := range b {
		b[i] = byte(c.Uint32())
	}
	return len(b), nil
}

// lend puts a source in the place of crypto/rand.Reader, and returns what was there.
func lend(source io.Reader) io.Reader {
	was := crand.Reader
	crand.Reader = source
	return was
}
