package bench

import (
	"context"
	"time"
)

// pace says when the next one is due.
type pace struct {
	next  time.Time
	every time.Duration // 0: at once
}

// newPace spreads rate over lanes, so that lane i of n begins i/n of a step late.
func newPace(begin time.Time, rate float64, i, n int) *pace {
	if rate <= 0 {
		return &pace{}
	}
	every := time.Duration(float64(n) / rate * float64(time.Second))
	return &pace{begin.Add(every * time.Duration(i) / time.Duration(n)), every}
}

// wait sleeps until the next one is due and returns when that was, or false once
// ctx is over.
func (p *pace) wait(ctx context.Context) (time.Time, bool) {
	if p.every == 0 {
		return time.Now(), ctx.Err() == nil
	}
	due := p.next
	p.next = due.Add(p.every)
	if d := time.Until(due); d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
			return due, false
		}
	}
	return due, ctx.Err() == nil
}
