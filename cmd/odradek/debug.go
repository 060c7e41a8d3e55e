package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"net/http/pprof"
	"runtime/metrics"
)

// debugDoor answers at an address of its own what the Go runtime knows of the
// process:
//
//	/debug/pprof/  profiles, as `go tool pprof` asks for them
//	/debug/cost    what the process has used since its start, as a JSON object
//
// It is for those who measure; it is not there unless asked for.
func debugDoor(addr string) (stop func() error, err error) {
	if addr == "" {
		return func() error { return nil }, nil
	}
	ln, err := net.Listen("tcp", addr)
	if err != nil {
		return nil, fmt.Errorf("debug: %w", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("/debug/pprof/", pprof.Index)
	mux.HandleFunc("/debug/pprof/profile", pprof.Profile)
	mux.HandleFunc("/debug/pprof/trace", pprof.Trace)
	mux.HandleFunc("/debug/cost", func(w http.ResponseWriter, _ *http.Request) {
		_ = json.NewEncoder(w).Encode(costs()) // the asker sees that it is cut short
	})
	server := &http.Server{Handler: mux}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(ln) }()
	return func() error {
		err := server.Close()
		if end := <-ended; !errors.Is(end, http.ErrServerClosed) {
			err = errors.Join(err, end)
		}
		return err
	}, nil
}

// costed are the runtime's counters that /debug/cost shows, by their names there.
var costed = map[string]string{
	"allocations":     "/gc/heap/allocs:objects",
	"allocated_bytes": "/gc/heap/allocs:bytes",
	"live_bytes":      "/gc/heap/live:bytes",
	"collections":     "/gc/cycles/total:gc-cycles",
	"goroutines":      "/sched/goroutines:goroutines",
}

func costs() map[string]uint64 {
	all := map[string]uint64{}
	for name, metric := range costed {
		sample := []metrics.Sample{{Name: metric}}
		metrics.Read(sample)
		all[name] = sample[0].Value.Uint64()
	}
	return all
}
