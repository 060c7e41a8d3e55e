// Package partition is one replica of one partition: what may be appended, what
// is committed, and who waits for it.
//
//	          append             sync                  every member of the ISR
//	produce ---------> End ... ---------> Acked ... ------------------------> HighWatermark
//	                            acks=1 waits here      acks=all and consumers wait here
//
// A replica learns its role by replayed metadata alone (Apply). It keeps no
// clock and does no I/O: its log does, and tells it by LogAdvanced and LogFailed.
package partition
