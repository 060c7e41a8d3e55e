// Package sim is the world in one process: nodes made of env.Machine, their
// disks, their clients and everything between, driven by one seed.
//
//	clients --frames--> Conn --pieces--> wire.Splitter --Request--> mailbox --Step--> effects
//	   ^                                                                                |
//	   +-------- pieces <-- Reply (ranges read as late as the last byte leaves) <-------+
//	                                             Disk: page cache | what a power cut leaves
//
// Nodes dial each other, and whatever goes from one computer to another goes over
// a line, which the network's faults block, delay and clog:
//
//	machine --Dial--> call --knocks--> accept: ConnOpened, there; Dialed, here
//	end --Reply, pieces--> line --delay--> [blocked: stalled until mended] --> end --Request-->
//
// Events are ordered by (time, sequence); nothing happens inline; every draw
// comes from the seed. Every event, every effect and the disks go into a hash:
// two runs of one seed have the same. A machine that panics, sends to nobody, or
// changes bytes that it gave away (of a write under way, of a reply that has not
// left) ends its world.
//
// Run plays a whole seed:
//
//	topics made | workload under the faults of a plan | healed, answers awaited | ending | all read | judged
package sim
