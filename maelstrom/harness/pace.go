package harness

import (
	"context"
	"math/rand/v2"
	"sync/atomic"
	"time"
)

// shared is what workers have in common.
type shared struct {
	begun     time.Time
	processes atomic.Int32
	values    atomic.Uint64
	keys      func() int // how many there are by now
}

func (s *shared) now() int64 { return int64(time.Since(s.begun)) }

// paced takes steps until ctx is done, at random times, pace apart in the mean.
func paced(ctx context.Context, pace time.Duration, rng *rand.Rand, step func() error) error {
	for {
		wait := time.NewTimer(time.Duration(rng.ExpFloat64() * float64(pace)))
		select {
		case <-wait.C:
		case <-ctx.Done():
			wait.Stop()
			return nil
		}
		if err := step(); err != nil {
			return err
		}
	}
}
