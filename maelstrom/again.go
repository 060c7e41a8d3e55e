package maelstrom

import (
	"context"
	"time"
)

// How long things may take. Maelstrom's clients wait 5 s for an answer.
const (
	requestTime = 4 * time.Second        // all of a client's request
	attemptTime = 2 * time.Second        // one request to a broker
	pause       = 50 * time.Millisecond  // between two attempts
	pauseMost   = 400 * time.Millisecond // it doubles up to this
)

// again tries until try is done or the time of ctx is over; then the last attempt's
// error is returned, or ctx's. Each attempt has a time of its own.
func again(ctx context.Context, try func(context.Context) (done bool, err error)) error {
	for wait := pause; ; wait = min(2*wait, pauseMost) {
		one, cancel := context.WithTimeout(ctx, attemptTime)
		done, err := try(one)
		cancel()
		if done || ctx.Err() != nil {
			return err
		}
		t := time.NewTimer(wait)
		select {
		case <-t.C:
		case <-ctx.Done():
			t.Stop()
			return err
		}
	}
}

// turnstile lets one in at a time.
type turnstile chan struct{}

func newTurnstile() turnstile { return make(turnstile, 1) }

// enter waits for its turn; an error means that the time was over before.
func (t turnstile) enter(ctx context.Context) error {
	select {
	case t <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (t turnstile) leave() { <-t }
