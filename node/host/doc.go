// Package host is the real world around the machines of a node: TCP, files,
// the clock, and one goroutine per machine. It alone may touch them; what
// decides is below, behind node/env.
//
//	           reader (1 per connection)              writer (while there is something to send)
//	socket --> wire.Splitter --> gate --Request--+         ^ writev, sendfile
//	                                             v         |
//	 timer --Wake-->  mailbox --batch--> runner: Machine.Step ... Drained --effects--+
//	                    ^                                                            |
//	                    +--DiskDone-- workers <-- lanes (one queue per file) <-------+
//
// A Dial runs on a goroutine of its own until the connection stands, or does not;
// then it has a reader and a writer like any other.
//
// A runner never waits for a socket or a disk. Locks are per connection, per
// mailbox and per machine's disk; none is shared by all connections but for
// opening and closing them.
package host
