// Package env holds the ports between what decides and the world. A node is a
// set of machines (shards); the world hands each of them one event at a time
// and carries out the effects that it leaves in its outbox:
//
//	         events                           effects
//	world ------------> Machine.Step -----------------------> world
//	 (a real host, or   (pure: no clock, no file, no lock,    (sends bytes, runs disk
//	  the simulator)     no goroutine, no randomness)          operations, sets the wake-up)
//
// The same compiled machines run under node/host and under sim.
package env

import "time"

// Time is the world's clock as seen by one node at one step.
type Time struct {
	Mono time.Duration // since this process started; never goes back
	Wall int64         // milliseconds since the Unix epoch; may jump
}

// Machine is one shard of a node. Step is the only way in.
type Machine interface {
	// Step takes one event and appends effects to out. It keeps no reference
	// to out after it returns.
	Step(now Time, ev Event, out *Outbox)
	// Discard ends a machine whose process died: it frees suspended tasks and
	// emits nothing. The machine is never stepped again.
	Discard()
}

// ConnID names one connection of a node, never reused within a process. The
// world numbers those that it accepts; a machine those that it dials:
//
//	| 16 bits: machine | 1: dialed | 47: number, from 1 |
//	|                0 |         0 |                    |  accepted
type ConnID uint64

// dialed is the bit of a ConnID that a machine gave out.
const dialed ConnID = 1 << 47

// Dialed tells whether the connection is one that a machine of the node dialed.
func (id ConnID) Dialed() bool { return id&dialed != 0 }

// FileID names one opened file (one inode, not one path), never reused within
// a process.
type FileID uint64
