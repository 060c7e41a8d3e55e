package bench

import (
	"context"
	"errors"
	"time"
)

// pace says when the next one is due.
type pace struct {
	next  time.Time
	end   time.Time     // none is due from then on; zero: there is no end
	every time.Duration // 0: at once
}

// newPace spreads the load's rate over lanes, so that lane i of n begins i/n of
// a step late.
func (l *Load) newPace(now, begin time.Time, i, n int) *pace {
	if l.Rate <= 0 {
		return &pace{}
	}
	every := time.Duration(float64(n) / l.Rate * float64(time.Second))
	p := &pace{next: now.Add(every * time.Duration(i) / time.Duration(n)), every: every}
	if l.Duration > 0 {
		p.end = begin.Add(l.Duration)
	}
	return p
}

// limit ends ctx when the load's time is over. What was due by then is still
// sent, for as long as patience lasts: a broker that falls behind must not be
// spared what it did not take.
func (l *Load) limit(ctx context.Context, begin time.Time) (context.Context, context.CancelFunc) {
	switch {
	case l.Duration <= 0:
		return context.WithCancel(ctx)
	case l.Rate > 0:
		return context.WithDeadline(ctx, begin.Add(l.Duration+l.Patience))
	}
	return context.WithDeadline(ctx, begin.Add(l.Duration))
}

// wait sleeps until the next one is due and returns when that was, or false when
// there is none or ctx is over.
func (p *pace) wait(ctx context.Context) (time.Time, bool) {
	if p.every == 0 {
		return time.Now(), ctx.Err() == nil
	}
	due := p.next
	if !p.end.IsZero() && !due.Before(p.end) {
		return due, false
	}
	if d := time.Until(due); d > 0 {
		t := time.NewTimer(d)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
		}
	}
	if ctx.Err() != nil {
		return due, false
	}
	p.next = due.Add(p.every)
	return due, true
}

// missed is how many were due and not sent when patience was at its end.
func (p *pace) missed(ctx context.Context) (n int64) {
	if p.every == 0 || !errors.Is(ctx.Err(), context.DeadlineExceeded) {
		return 0
	}
	for due := p.next; due.Before(p.end); due = due.Add(p.every) {
		n++
	}
	return n
}
