// Command odradek is the broker and its tools in one binary.
package main

import (
	"github.com/alecthomas/kong"

	"odradek/maelstrom"
)

// commands are the subcommands; each has its file.
type commands struct {
	Serve     serveCmd     `cmd:"" help:"Run a node."`
	Format    formatCmd    `cmd:"" help:"Found a cluster, or format a node of it, before its first start. Not needed where controller.quorum.voters is given."`
	Dev       devCmd       `cmd:"" help:"Run a cluster on this machine, for development."`
	Cluster   clusterCmd   `cmd:"" help:"Show how a cluster is."`
	Topic     topicCmd     `cmd:"" help:"Create, list, describe and delete topics."`
	Group     groupCmd     `cmd:"" help:"List, describe, reset and delete consumer groups."`
	Produce   produceCmd   `cmd:"" help:"Send the lines of the standard input."`
	Consume   consumeCmd   `cmd:"" help:"Print records."`
	Bench     benchCmd     `cmd:"" help:"Measure a broker."`
	Sim       simCmd       `cmd:"" help:"Run seeds in the simulator."`
	Check     checkCmd     `cmd:"" help:"Judge a recorded history: exit code 0 if a correct log can have produced it, 1 if not, 2 if it cannot be read."`
	Maelstrom maelstromCmd `cmd:"" help:"Run a node behind Maelstrom's network, on the standard input and output."`
	Mutants   mutantsCmd   `cmd:"" help:"Switch on historical bugs, one by one, and see them found (builds with -tags mutants)."`
}

func main() {
	ctx := kong.Parse(&commands{}, kong.Name("odradek"), kong.Description("A Kafka-compatible log."),
		kong.Vars{"patience": maelstrom.Patience.String()})
	ctx.FatalIfErrorf(ctx.Run())
}
