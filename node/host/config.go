package host

import (
	"net"
	"time"

	"odradek/node/env"
	"odradek/node/wire"
)

// Listener is one address at which clients or other nodes are let in. Port 0
// takes a free one; Config.OnReady tells which.
type Listener struct {
	Name string // PLAINTEXT
	Addr string // "127.0.0.1:9092"
	// Controller marks those of controller.listener.names. Their connections go
	// to machine 0 and are let in from the start, since the node may need its
	// peers to become ready; limits for clients leave them alone.
	Controller bool
}

// Config is what a node needs to know of its surroundings. A zero field takes
// the default named at it.
type Config struct {
	Listeners []Listener
	Caps      wire.Caps // wire.DefaultCaps

	MaxConnections      int           // max.connections: more wait unaccepted. 0: no limit
	MaxConnectionsPerIP int           // max.connections.per.ip: more are closed. 0: no limit
	IdleTimeout         time.Duration // connections.max.idle.ms; 10 minutes
	WriteTimeout        time.Duration // to take what is being sent; 1 minute
	SendBuffer          int           // socket.send.buffer.bytes, of TCP. 0 or less: the system's
	ReceiveBuffer       int           // socket.receive.buffer.bytes, of TCP. 0 or less: the system's

	DiskWorkers int           // disk calls at one time, per machine; 16
	Layer       Layer         // the files below; those of the operating system
	OpenFiles   int           // of them open at one time; half of RLIMIT_NOFILE
	Network     Network       // what connects the node with others; TCP
	Grace       time.Duration // from Shutdown to a hard end; 10 s

	// Log takes lines for the operator, from many goroutines. nil: none.
	Log func(env.Level, string)
	// OnReady is called once, when clients are let in, with all addresses in
	// the order of Listeners. nil: nobody asks.
	OnReady func(addrs []net.Addr)
}

func (c Config) withDefaults() Config {
	if c.Caps == (wire.Caps{}) {
		c.Caps = wire.DefaultCaps
	}
	if c.Layer == nil {
		c.Layer = osLayer{}
	}
	c.Layer = newHandles(c.Layer, orElse(c.OpenFiles, openFiles()))
	if c.Network == nil {
		c.Network = tcpNetwork{c.SendBuffer, c.ReceiveBuffer}
	}
	if c.Log == nil {
		c.Log = func(env.Level, string) {}
	}
	if c.OnReady == nil {
		c.OnReady = func([]net.Addr) {}
	}
	c.DiskWorkers = orElse(c.DiskWorkers, 16)
	c.IdleTimeout = orElse(c.IdleTimeout, 10*time.Minute)
	c.WriteTimeout = orElse(c.WriteTimeout, time.Minute)
	c.Grace = orElse(c.Grace, 10*time.Second)
	return c
}

func orElse[T int | time.Duration](given, usual T) T {
	if given > 0 {
		return given
	}
	return usual
}
