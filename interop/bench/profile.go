package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// profile takes a CPU profile of a broker's first node for as long as a
// measurement lasts, if -profiles names a folder. The function returned waits for
// its end, and takes a profile of all allocations so far.
func (o *options) profile(ctx context.Context, m measurement, b *broker) (done func() error) {
	if o.profiles == "" || len(b.debug) == 0 || !m.timed {
		return func() error { return nil }
	}
	base := filepath.Join(o.profiles, fileName(m.name))
	ended := make(chan error, 1)
	go func() {
		ended <- save(ctx, fmt.Sprintf("http://%s/debug/pprof/profile?seconds=%d", b.debug[0], max(1, int(o.length.Seconds()))), base+".cpu")
	}()
	return func() error {
		return errors.Join(<-ended, save(ctx, "http://"+b.debug[0]+"/debug/pprof/allocs", base+".allocs"))
	}
}

// fileName is a measurement's name without what a shell might take amiss.
func fileName(name string) string {
	return strings.Join(strings.FieldsFunc(name, func(r rune) bool {
		return !('a' <= r && r <= 'z' || 'A' <= r && r <= 'Z' || '0' <= r && r <= '9')
	}), "-")
}

func save(ctx context.Context, url, name string) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, url, nil)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	resp, err := http.DefaultClient.Do(req)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	defer resp.Body.Close()
	f, err := os.Create(name)
	if err != nil {
		return fmt.Errorf("profile: %w", err)
	}
	_, err = io.Copy(f, resp.Body)
	return errors.Join(err, f.Close())
}
