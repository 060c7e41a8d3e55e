// Command record plays the oracle's scripts against Apache Kafka, which it
// starts for that, and shows where their responses are no longer Kafka's; with
// -rewrite it writes what Kafka answers into them. It ends with the table of what
// the scripts cover.
//
//	go run ./checker/oracle/record [-rewrite] [-only text] [-table] [-dir folder]
//
// It exits with 1 when a response differs from the script's, with 2 when a
// script could not be played.
package main

import (
	"context"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"

	"odradek/checker/oracle"
)

func main() {
	var r run
	flag.StringVar(&r.dir, "dir", "checker/oracle/testdata", "folder of the scripts")
	flag.StringVar(&r.only, "only", "", "play only scripts whose path contains this")
	flag.BoolVar(&r.rewrite, "rewrite", false, "write Kafka's answers into the scripts")
	table := flag.Bool("table", false, "only print what the scripts cover; needs no Kafka")
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := 0
	if !*table {
		code = r.record(ctx)
	}
	cancel()
	if err := printTable(r.dir); err != nil {
		fmt.Fprintln(os.Stderr, err)
		code = 2
	}
	os.Exit(code)
}

func printTable(dir string) error {
	c, err := oracle.CoverageOf(dir)
	if err == nil {
		fmt.Print(c)
	}
	return err
}
