// Package faults holds fault plans as values. A plan is what a simulated world
// (or a real cluster's tormentor) does to its nodes, disks and connections; its
// text form is printed with every failure, and parsed to replay it:
//
//	at 1.25s node 0 power-cut 300ms       the argument is the time down
//	at op 37 node 0 crash 20ms            a process dies, the page cache lives
//	at op 12 node 0 eio-sync              the first sync from the 12th operation on
//	from 2s to 3s node 0 disk-full
//	from 2s to 3s node 0 disk-slow 10ms   added to each operation
//	at 1s conn 3 reset                    the fourth connection dialed
//	at 4s node 0 flip 8191                the bit with this number, modulo what is stored
//	at 4s node 0 flip-index 77            the same, of the offset indexes alone
//	at 4s node 0 flip-record 77           the same, of the records of partitions alone
//	at 5s node 1 wipe 300ms               an empty disk after the time down
//	from 1s to 2s node 1 pause            SIGSTOP, SIGCONT
//	from 1s to 9s node 1 drift -20ms      the monotonic clock loses 20 ms a second
//	from 1s to 2s net partition 0,1|2     groups that do not reach one another
//	from 1s to 2s link 0>2 block          nothing gets from node 0 to node 2
//	from 1s to 2s link 2>clients delay-link 90ms  added to each piece
//	from 1s to 2s link 0>1 clog-link 5ms  one piece every 5 ms for each connection
//
// A blocked connection stalls: what is under way is held until the block ends, and
// then goes on, or the connection is reset.
//
// One fault per line, or several with semicolons between; empty lines and lines
// that begin with # mean nothing.
package faults
