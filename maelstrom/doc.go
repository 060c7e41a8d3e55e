// Package maelstrom is a node behind Maelstrom's network: messages in lines of
// JSON, from and to whoever runs the process. Two things lie over it.
//
//	stdin --lines--> Node --stream--> Network: connections between nodes, which
//	                  |                  |     the machines of node/broker use as
//	stdout <--lines-- |                  |     if they were TCP
//	                  `--send, poll--> Service: a client of the cluster, in the node
//	                                     |      that Maelstrom's client talks to
//	                                     `-- Produce, Fetch ... over the Network --> any node
//
// The network may lose and reorder messages: see segment. The package knows
// nothing of node/host; cmd/odradek hands its Network to it.
//
// Written from Maelstrom's doc/protocol.md and doc/workloads.md.
package maelstrom
