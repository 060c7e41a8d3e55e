package bench

import (
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"text/tabwriter"
	"time"
)

// quantiles are those that a report shows.
var quantiles = []struct {
	name string
	part float64
}{{"p50", 0.5}, {"p90", 0.9}, {"p99", 0.99}, {"p99.9", 0.999}}

// Table prints results one a line, latencies in milliseconds.
func Table(w io.Writer, results []*Result) error {
	t := tabwriter.NewWriter(w, 0, 0, 2, ' ', tabwriter.AlignRight)
	fmt.Fprint(t, "\tseconds\trecords/s\tMB/s\trequests/s\tp50\tp90\tp99\tp99.9\tmax\tms\t\n")
	for _, r := range results {
		fmt.Fprintf(t, "%s\t%.1f\t%.0f\t%.1f\t%.0f\t", r.Name, r.Elapsed.Seconds(), r.per(r.Records), r.per(r.Bytes)/1e6, r.per(r.Requests))
		for _, q := range quantiles {
			fmt.Fprintf(t, "%s\t", r.ms(r.Latency.Quantile(q.part)))
		}
		fmt.Fprintf(t, "%s\t\t\n", r.ms(r.Latency.Max()))
	}
	if err := t.Flush(); err != nil {
		return fmt.Errorf("table: %w", err)
	}
	for _, r := range results {
		for _, what := range slices.Sorted(maps.Keys(r.Errors)) {
			fmt.Fprintf(w, "%s: %d times %s\n", r.Name, r.Errors[what], what)
		}
	}
	return nil
}

func (r *Result) per(n int64) float64 {
	if r.Elapsed <= 0 {
		return 0
	}
	return float64(n) / r.Elapsed.Seconds()
}

// ms is "-" where no latency was measured.
func (r *Result) ms(d time.Duration) string {
	if r.Latency.Count() == 0 {
		return "-"
	}
	return fmt.Sprintf("%.2f", d.Seconds()*1e3)
}

// line is a result as JSON.
type line struct {
	Name           string             `json:"name"`
	Seconds        float64            `json:"seconds"`
	Requests       int64              `json:"requests"`
	Records        int64              `json:"records"`
	Bytes          int64              `json:"bytes"`
	RequestsPerSec float64            `json:"requests_per_second"`
	RecordsPerSec  float64            `json:"records_per_second"`
	MBPerSec       float64            `json:"mb_per_second"`
	LatencyMs      map[string]float64 `json:"latency_ms"`
	Errors         map[string]int64   `json:"errors,omitempty"`
}

// JSON writes one object a line.
func JSON(w io.Writer, results []*Result) error {
	e := json.NewEncoder(w)
	for _, r := range results {
		l := line{Name: r.Name, Seconds: r.Elapsed.Seconds(), Requests: r.Requests, Records: r.Records, Bytes: r.Bytes,
			RequestsPerSec: r.per(r.Requests), RecordsPerSec: r.per(r.Records), MBPerSec: r.per(r.Bytes) / 1e6,
			LatencyMs: r.latencies(), Errors: r.Errors}
		if err := e.Encode(l); err != nil {
			return fmt.Errorf("result: %w", err)
		}
	}
	return nil
}

func (r *Result) latencies() map[string]float64 {
	all := map[string]float64{"mean": r.Latency.Mean().Seconds() * 1e3, "max": r.Latency.Max().Seconds() * 1e3}
	for _, q := range quantiles {
		all[q.name] = r.Latency.Quantile(q.part).Seconds() * 1e3
	}
	return all
}
