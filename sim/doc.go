// Package sim is the world in one process: nodes made of env.Machine, their
// disks, their clients and everything between, driven by one seed.
//
//	clients --frames--> Conn --pieces--> wire.Splitter --Request--> mailbox --Step--> effects
//	   ^                                                                                |
//	   +-------- pieces <-- Reply (ranges read as late as the last byte leaves) <-------+
//	                                             Disk: page cache | what a power cut leaves
//
// Events are ordered by (time, sequence); nothing happens inline; every draw
// comes from the seed. Every event, every effect and the disks go into a hash:
// two runs of one seed have the same.
package sim
