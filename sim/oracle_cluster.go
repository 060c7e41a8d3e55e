package sim

import (
	"time"

	"odradek/checker/oracle"
)

// OracleCluster lets golden scripts for clusters be played against the nodes of
// a world: it is their oracle.Cluster.
type OracleCluster struct{ World *World }

// Moments of a cluster that is asked, in virtual time.
const (
	oraclePause  = 50 * time.Millisecond
	oracleSettle = 500 * time.Millisecond // until all nodes have replayed a change
)

// At is the transport to one node, counted from 1.
func (c OracleCluster) At(node int) oracle.Transport {
	return OracleTransport{World: c.World, Node: c.World.nodes[node-1]}
}

// Dial connects to the first node that runs.
func (c OracleCluster) Dial() (oracle.Conn, error) {
	for i, n := range c.World.nodes {
		if !n.Down() {
			return c.At(i + 1).Dial()
		}
	}
	return nil, c.World.gaveUp("no node runs")
}

// Stop ends a node in order.
func (c OracleCluster) Stop(node int) error {
	w, n := c.World, c.World.nodes[node-1]
	n.Stop()
	if !w.Run(w.now+oracleWait, oracleEvents, n.Down) {
		return w.gaveUp("the node did not stop")
	}
	return nil
}

// Kill ends a node's process at once.
func (c OracleCluster) Kill(node int) error {
	c.World.nodes[node-1].Kill()
	return nil
}

// Start starts a node that was stopped or killed.
func (c OracleCluster) Start(node int) error {
	w, n := c.World, c.World.nodes[node-1]
	n.Start()
	if !w.Run(w.now+oracleWait, oracleEvents, n.Up) {
		return w.gaveUp("the node does not let clients in")
	}
	return nil
}

// Pause lets the world run for a moment.
func (c OracleCluster) Pause() { c.World.pass(oraclePause) }

// Settle implements oracle.Settler.
func (c OracleCluster) Settle() error {
	c.World.pass(oracleSettle)
	return c.World.crash
}

// pass lets virtual time go by.
func (w *World) pass(d time.Duration) {
	w.Run(w.now+d, oracleEvents, func() bool { return false })
}
