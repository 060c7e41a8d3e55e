// Package harness runs nodes as Maelstrom does, and has what their clients saw
// checked, so that this needs no JVM. Each node is a process; the network between them
// is here.
//
//	             +------------------- Net: late, cut -------------------+
//	             |        lines               |            lines        |
//	worker --> client --> n1 (process) <-----> n2 (process) <--> n3 ... |
//	   |         ^---------'                                            |
//	   |                          nemesis: which node hears which <-----+
//	   `--> checker.History --> checker.Check
//
// Like Maelstrom, it makes messages between nodes late (constant, or exponential: they
// overtake one another), and those with clients not at all. What is drawn from the seed is
// the same each time; how processes and their messages interleave is not.
package harness
