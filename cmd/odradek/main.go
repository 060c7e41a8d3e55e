// Command odradek is the broker and its tools in one binary.
package main

import (
	"github.com/alecthomas/kong"
)

// commands are the subcommands; each has its file.
type commands struct {
	Serve serveCmd `cmd:"" help:"Run a node."`
	Sim   simCmd   `cmd:"" help:"Run seeds in the simulator."`
}

func main() {
	ctx := kong.Parse(&commands{}, kong.Name("odradek"), kong.Description("A Kafka-compatible log."))
	ctx.FatalIfErrorf(ctx.Run())
}
