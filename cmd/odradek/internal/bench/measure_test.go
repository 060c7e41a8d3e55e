package bench

import (
	"context"
	"encoding/json"
	"errors"
	"strings"
	"testing"
	"time"
)

func TestWhatWasDueBeforeTheBeginningIsNotMeasured(t *testing.T) {
	from := time.Now()
	m := &meter{from: from}
	m.request(from.Add(-1), 5, 50)
	m.fail(from.Add(-1), errors.New("early"))
	m.request(from, 2, 20)
	m.request(from, 1, 10)
	m.fail(from, errors.New("late"))
	r := sum("s", time.Second, []*meter{m, {}})
	if r.Requests != 2 || r.Records != 3 || r.Bytes != 30 || r.Latency.Count() != 2 || len(r.Errors) != 1 || r.Errors["late"] != 1 {
		t.Errorf("%d requests, %d records, %d bytes, %d latencies, errors %v", r.Requests, r.Records, r.Bytes, r.Latency.Count(), r.Errors)
	}
}

func TestAPaceSpreadsLanesOverOneStep(t *testing.T) {
	now := time.Now().Add(-time.Hour) // all is due at once
	for i := range 4 {
		p := (&Load{Rate: 100}).newPace(now, now, i, 4)
		for n := range 3 {
			due, ok := p.wait(t.Context())
			if want := now.Add(time.Duration(i)*10*time.Millisecond + time.Duration(n)*40*time.Millisecond); !ok || !due.Equal(want) {
				t.Errorf("lane %d, step %d is due %v after the beginning", i, n, due.Sub(now))
			}
		}
	}
}

func TestAllThatWasDueIsSentEvenWhenItIsLate(t *testing.T) {
	now := time.Now().Add(-time.Hour)
	l := &Load{Rate: 100, Warmup: time.Second, Duration: time.Second, Patience: 2 * time.Hour}
	ctx, cancel := l.limit(t.Context(), now.Add(l.Warmup))
	defer cancel()
	p := l.newPace(now, now.Add(l.Warmup), 0, 1)
	n := 0
	for {
		if _, ok := p.wait(ctx); !ok {
			break
		}
		n++
	}
	if n != 200 || p.missed(ctx) != 0 {
		t.Errorf("%d were due, %d missed", n, p.missed(ctx))
	}
}

func TestWhatPatienceDoesNotCoverIsMissedAndSaidSo(t *testing.T) {
	now := time.Now().Add(-time.Hour)
	l := &Load{Rate: 100, Duration: time.Second, Patience: time.Second}
	ctx, cancel := l.limit(t.Context(), now)
	defer cancel()
	p := l.newPace(now, now, 0, 1)
	if _, ok := p.wait(ctx); ok || p.missed(ctx) != 100 {
		t.Errorf("sent %v, missed %d", ok, p.missed(ctx))
	}
	m := &meter{}
	m.miss(p.missed(ctx))
	if m.Errors["due, but not sent in time"] != 100 {
		t.Errorf("errors %v", m.Errors)
	}
}

func TestWithoutARateTheTimeIsTheLimit(t *testing.T) {
	l := &Load{Duration: time.Second, Patience: time.Hour}
	ctx, cancel := l.limit(t.Context(), time.Now().Add(-time.Minute))
	defer cancel()
	if _, ok := l.newPace(time.Now(), time.Now(), 0, 1).wait(ctx); ok {
		t.Error("it goes on")
	}
}

func TestAPaceEndsWithItsContext(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	for _, l := range []*Load{{Rate: 1}, {}} {
		if _, ok := l.newPace(time.Now().Add(time.Hour), time.Now(), 0, 1).wait(ctx); ok {
			t.Error("it goes on")
		}
	}
}

func TestTheFirstFailureEndsAllLanes(t *testing.T) {
	bad := errors.New("bad")
	err := parallel(t.Context(), 3, func(ctx context.Context, i int) error {
		if i == 1 {
			return bad
		}
		<-ctx.Done()
		return nil
	})
	if !errors.Is(err, bad) {
		t.Errorf("the error is %v", err)
	}
}

func sampleResults() []*Result {
	a := &Result{Name: "a", Elapsed: 2 * time.Second, Requests: 10, Records: 1000, Bytes: 4e6, Errors: map[string]int64{"X": 3}}
	for i := range 100 {
		a.Latency.Add(time.Duration(i+1) * time.Millisecond)
	}
	return []*Result{a, {Name: "b"}}
}

func TestATableHasALineForEachResult(t *testing.T) {
	var out strings.Builder
	if err := Table(&out, sampleResults()); err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(out.String(), "\n")
	if got := strings.Fields(lines[1]); strings.Join(got[:5], " ") != "a 2.0 500 2.0 5" || got[9] != "100.00" {
		t.Errorf("the first result is %v", got)
	}
	if got := strings.Fields(lines[2]); strings.Join(got, " ") != "b 0.0 0 0.0 0 - - - - -" {
		t.Errorf("the empty result is %v", got)
	}
	if lines[3] != "a: 3 times X" {
		t.Errorf("the errors are %q", lines[3])
	}
}

func TestJSONHasAnObjectForEachResult(t *testing.T) {
	var out strings.Builder
	if err := JSON(&out, sampleResults()); err != nil {
		t.Fatal(err)
	}
	var got line
	if err := json.NewDecoder(strings.NewReader(out.String())).Decode(&got); err != nil {
		t.Fatal(err)
	}
	if got.RecordsPerSec != 500 || got.MBPerSec != 2 || got.LatencyMs["max"] != 100 || got.LatencyMs["p50"] < 50 || got.LatencyMs["p50"] > 51 || got.Errors["X"] != 3 {
		t.Errorf("%+v", got)
	}
	if n := strings.Count(out.String(), "\n"); n != 2 {
		t.Errorf("%d lines", n)
	}
}
