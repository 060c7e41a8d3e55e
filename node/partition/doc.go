// Package partition is one replica of one partition: what may be appended, what
// is committed, and who waits for it.
//
//	          append             sync                  every member of the maximal ISR
//	produce ---------> End ... ---------> Acked ... ------------------------> HighWatermark
//	                            acks=1 waits here      acks=all and consumers wait here
//
//	leader                                   follower
//	        <--- Fetch: all below Offset is durable here
//	FollowerFetch ---> records, high watermark, or where the logs part ---> Fetched
//	                                         append, sync, and only then ask again
//
// A replica learns its role, the ISR and min.insync.replicas by replayed
// metadata alone (Apply). What it wants changed leaves through its Owner, and an
// answer can only refuse. It keeps no clock and does no I/O: its log does, and
// tells it by LogAdvanced and LogFailed.
package partition
