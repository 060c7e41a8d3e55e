// Package local runs nodes of this tree's binary on loopback, for programs that
// measure them.
//
//	Start -> n processes, each broker and controller -> Kill, Signal, Restart -> Stop
package local
