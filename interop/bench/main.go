// Command bench measures the broker of this tree, beside others if asked: they
// run at the same time on this machine, take turns in each measurement, and the
// ratio of their medians is what counts.
//
//	go run ./interop/bench [-peer kafka,kafka-fsync] [-rounds 5] [-length 4s] [-json FILE] [-page FILE.md]
//	go run ./interop/bench -broker HOST:PORT      only measures that one
//
//	main.go     flags
//	order.go    the order of things: one broker, then a cluster of three
//	broker.go   starts what is measured: bin/odradek, or Apache Kafka from its jars
//	plan.go     the measurements, each a run of `odradek bench`
//	measure.go  makes one of them
//	cost.go     what a request costs: processor, calls of the system, allocations
//	profile.go  takes profiles meanwhile
//	disk.go     the disk's own limits
//	memory.go   resident bytes, and how many an idle partition takes
//	starts.go   from a start to the first acknowledgement
//	growth.go   whether a record costs more when there are many
//	table.go    medians, ratios
//	page.go     a page about it, with plot.go's drawing
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"
)

type options struct {
	odradek  string // the binary, which also is the load generator
	address  string // of a broker that runs already
	peer     string
	dir      string
	rounds   int
	length   time.Duration
	json     string
	page     string
	profiles string
	idle     int
	nodes    string
	grow     string
	only     string
	set      map[string]string // properties of our own broker
	begun    time.Time
}

// property takes one property of our own broker.
func (o *options) property(text string) error {
	key, value, ok := strings.Cut(text, "=")
	if !ok {
		return fmt.Errorf("%q is not of the form key=value", text)
	}
	o.set[key] = value
	return nil
}

func main() {
	o := options{set: map[string]string{}, begun: time.Now()}
	flag.StringVar(&o.odradek, "odradek", "bin/odradek", "the binary to measure, and to measure with")
	flag.StringVar(&o.address, "broker", "", "measure the broker at this address instead of starting one")
	flag.StringVar(&o.peer, "peer", "", "also measure these: kafka, Apache Kafka 4.4.0 from its jars; kafka-fsync, the same with log.flush.interval.messages=1")
	flag.StringVar(&o.dir, "dir", os.TempDir(), "where the brokers' data go")
	flag.IntVar(&o.rounds, "rounds", 1, "times that each measurement is made")
	flag.DurationVar(&o.length, "length", 2*time.Second, "time of each measurement")
	flag.StringVar(&o.json, "json", "", "a file for all figures as JSON")
	flag.StringVar(&o.page, "page", "", "a file for a page about it (FILE.md; a drawing goes beside it)")
	flag.StringVar(&o.profiles, "profiles", "", "a folder for profiles of our own broker: processor, and allocations")
	flag.IntVar(&o.idle, "idle", 1000, "partitions that are made to see what an idle one takes; 0: none")
	flag.StringVar(&o.nodes, "nodes", "1,3", "sizes of the clusters that are measured: 1 and 3 have measurements")
	flag.StringVar(&o.grow, "grow", "0,1", "gigabytes in a log at which it is measured what a record costs our own broker; empty: none")
	flag.StringVar(&o.only, "only", "", "only the measurements whose names hold this")
	flag.Func("set", "a property of our own broker, key=value; repeatable", o.property)
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := o.run(ctx)
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// say tells how far it is.
func (o *options) say(format string, args ...any) {
	fmt.Fprintf(os.Stderr, "%5.0fs  %s\n", time.Since(o.begun).Seconds(), fmt.Sprintf(format, args...))
}
