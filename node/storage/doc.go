// Package storage keeps one partition's records in Kafka's own layout:
//
//	<log dir>/<topic>-<partition>/
//	  00000000000000000000.log        record batches, one after the other
//	  00000000000000000000.index      sparse: relative offset -> position
//	  00000000000000000000.timeindex  sparse: largest timestamp -> relative offset
//	  00000000000000001234.snapshot   producer state at that offset
//	  leader-epoch-checkpoint         where each leader epoch begins
//	  partition.metadata              the topic's id
//	  recovery-point                  ours: what is surely on disk, see recoveryPoint
//	  storage-lost                    ours: less is there than was, see Forgive
//	<log dir>/odradek-journal-<shard>  ours: the latest small batches of all partitions, see Journal
//
// A log has three ends:
//
//	Start ........ Durable ........ Written ........ End
//	   on disk for good | in the page cache | handed to the disk
//
// Appends emit writes; Drained emits syncs; completions only move Written and
// Durable and tell the owner. Whatever needs several operations in a row is a
// task. Nothing here reads a clock or does I/O itself.
//
// What is durable lies in the segments, or in a journal that says where it belongs:
//
//	recovery point ...... synced ......... Durable
//	  checkpointed    in the segments   in the journal, until they are synced
//
// A recovery point speaks of segments alone: whatever it says (offset, start, high
// watermark) has been synced there first. So a start replays the journals, and then
// recovers each log as if there were none. A journal bounds what is replayed, and
// checkpoints what is read again.
package storage
