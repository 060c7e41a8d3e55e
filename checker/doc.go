// Package checker decides whether a history of client operations is one that
// a correct log could have produced.
//
//	simulator, real clients, a file of lines, Jepsen's EDN
//	        |
//	     History ----> Check: the sweep, all partitions, n log n
//	        |             place    which record lies where, and who sent it
//	        |             chain    one order of appends and readings, by offset
//	        |             gaps     what lies where nobody ever looked
//	        |             scans    consumers, senders, starts, times, topics, the end
//	        |             groups   committed offsets, fencing, owners, processing, the end
//	        |             circles  cycles of transactions
//	        |
//	        +--------> CheckBoth: the same, and Porcupine over windows of logs and commits
//	                      |
//	                   Result ----> String, WriteReport
//
// The README beside this file states the exact conditions, and what a history
// must record for them to hold.
package checker
