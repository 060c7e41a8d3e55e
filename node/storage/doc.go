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
//
// A log has three ends:
//
//	Start ........ Durable ........ Written ........ End
//	   on disk for good | in the page cache | handed to the disk
//
// Appends emit writes; Drained emits syncs; completions only move Written and
// Durable and tell the owner. Whatever needs several operations in a row is a
// task. Nothing here reads a clock or does I/O itself.
package storage
