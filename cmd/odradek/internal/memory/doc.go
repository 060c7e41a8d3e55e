// Package memory is a file system in memory, for a node whose data need not
// outlive it.
//
//	node/host: Write, Sync, Rename ... --> Disk: names --> file: bytes
//
// A Sync does nothing: there is no power cut that leaves the process alive.
package memory
