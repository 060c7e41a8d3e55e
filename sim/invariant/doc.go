// Package invariant looks inside the nodes of a simulated cluster, and says what
// no correct cluster can be in:
//
//	step of machine 0 --> its image -------> of one partition epoch all say the same; epochs grow;
//	                                         the leader is in the ISR, nobody in ISR and ELR
//	step of a shard ----> its replicas ----> one leader for each leader epoch; the high watermark
//	                         |               never falls while it leads, nothing is cut below it
//	                         | a higher high watermark, a new ISR, now and then
//	                         v
//	durable disks ------> who is in the ISR or ELR holds all that is committed, and the same
//
// What a replica holds is read from the disk, as a power cut would leave it now,
// and who counts from the newest metadata that any node has replayed: what a
// machine thinks of itself is only what is judged.
package invariant
