package bench

import (
	"context"
	"errors"
	"sync"
)

// parallel runs do for 0 to n-1 at the same time; the first failure ends them
// all.
func parallel(ctx context.Context, n int, do func(ctx context.Context, i int) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	failed := make([]error, n)
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			if failed[i] = do(ctx, i); failed[i] != nil {
				cancel()
			}
		})
	}
	all.Wait()
	return errors.Join(failed...)
}
