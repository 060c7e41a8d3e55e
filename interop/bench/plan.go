package main

// measurement is one run of `odradek bench` and what of its results counts.
type measurement struct {
	name    string
	nodes   int // of the cluster that it is made with
	verb    string
	topic   string
	parts   string // partitions
	args    string
	timed   bool   // takes --duration
	unit    string // what its costs are divided by: "request" or "record"
	figures []figure
}

type figure struct {
	name string
	of   func(result) float64
	less bool // is better
}

// result is a line of `odradek bench --json -`.
type result struct {
	Name           string             `json:"name"`
	Requests       float64            `json:"requests"`
	Records        float64            `json:"records"`
	RequestsPerSec float64            `json:"requests_per_second"`
	RecordsPerSec  float64            `json:"records_per_second"`
	MBPerSec       float64            `json:"mb_per_second"`
	LatencyMs      map[string]float64 `json:"latency_ms"`
	Errors         map[string]int64   `json:"errors"`
}

var (
	requests = figure{"requests/s", func(r result) float64 { return r.RequestsPerSec }, false}
	records  = figure{"records/s", func(r result) float64 { return r.RecordsPerSec }, false}
	megas    = figure{"MB/s", func(r result) float64 { return r.MBPerSec }, false}
	p50      = figure{"p50 ms", func(r result) float64 { return r.LatencyMs["p50"] }, true}
	p99      = figure{"p99 ms", func(r result) float64 { return r.LatencyMs["p99"] }, true}
)

const (
	largeBatches = "64 KB batches, 6 partitions"
	oneInFlight  = "1 KB batches, one connection, one in flight"

	large = "--connections 6 --in-flight 5 --batch-size 65536 --record-size 1000 --acks all"
	small = "--connections 6 --in-flight 5 --batch-size 1024 --record-size 1000 --acks all"
)

// plan: the raw client builds its batches once, so that the broker is measured and not its client.
var plan = []measurement{
	{largeBatches, 1, "produce", "large6", "6", large, true, "request", []figure{megas, p99}},
	{"64 KB batches, 100 partitions", 1, "produce", "large100", "100", large, true, "request", []figure{megas}},
	{"64 KB batches, 1,000 partitions", 1, "produce", "large1000", "1000", large, true, "request", []figure{megas}},
	{"1 KB batches, 6 partitions", 1, "produce", "small6", "6", small, true, "request", []figure{requests, p99}},
	{"1 KB batches, 100 partitions", 1, "produce", "small100", "100", small, true, "request", []figure{requests}},
	{"1 KB batches, 1,000 partitions", 1, "produce", "small1000", "1000", small, true, "request", []figure{requests}},
	{oneInFlight, 1, "produce", "single", "1", "--connections 1 --in-flight 1 --batch-size 1024 --record-size 1000 --acks all", true, "request", []figure{p50, p99}},
	{"franz-go produces 100 B", 1, "produce", "franz100", "6", "--client franz --record-size 100 --acks all", true, "record", []figure{records, p99}},
	{"franz-go produces 1 KB", 1, "produce", "franz1k", "6", "--client franz --record-size 1000 --acks all", true, "record", []figure{records, p99}},
	{"fetch, 1 MB at a time, warm", 1, "fetch", "large6", "6", "--connections 6 --no-verify", false, "request", []figure{megas}},
	{"franz-go consumes 1 KB", 1, "fetch", "franz1k", "6", "--client franz", false, "record", []figure{records}},
	{"end to end at 1,000 a second", 1, "latency", "e2e", "1", "--rate 1000 --acks all", true, "record", []figure{p50, p99}},
	{"end to end at 10,000 a second", 1, "latency", "e2e", "1", "--connections 8 --rate 10000 --acks all", true, "record", []figure{p50, p99}},
	{"100 members on 1,000 partitions stable, classic", 1, "groups", "small1000", "1000", "--protocol classic", false, "", []figure{p50}},
	{"100 members on 1,000 partitions stable, KIP-848", 1, "groups", "small1000", "1000", "--protocol consumer", false, "", []figure{p50}},

	{"three brokers: 64 KB batches, 6 partitions", 3, "produce", "large6", "6", large, true, "request", []figure{megas, p99}},
	{"three brokers: 1 KB batches, 6 partitions", 3, "produce", "small6", "6", small, true, "request", []figure{requests, p99}},
	{"three brokers: end to end at 1,000 a second", 3, "latency", "e2e", "1", "--rate 1000 --acks all", true, "record", []figure{p50, p99}},
}

// row is a figure of a measurement, for each broker, once a round.
type row struct {
	Measurement string
	Figure      string
	Less        bool        // is better
	Values      [][]float64 // of each broker, by round
}

func (m measurement) rows(brokers int) []*row {
	var rows []*row
	for _, f := range m.figures {
		rows = append(rows, &row{m.name, f.name, f.less, make([][]float64, brokers)})
	}
	return rows
}

func (m measurement) costs(brokers int) *costRow {
	return &costRow{m.name, m.unit, make([][]spent, brokers)}
}
