// Package dev runs the nodes of a local cluster as child processes.
//
//	Cluster.Run -> start node 1..n -> "node 2 | ..." lines -> context ends -> SIGTERM to all -> wait
//	                     \-- one ends by itself: said, and with Restart started again
package dev
