package storage

import (
	_ "crypto/rand"  // want world: "crypto/rand"
	_ "hash/maphash" // want world: "hash/maphash"
	_ "net"          // want world: "net"
	_ "net/http"     // want world: "net/http"
	_ "net/netip"
	_ "os/signal"   // want world: "os/signal"
	_ "sync"        // want world: "sync"
	_ "sync/atomic" // want world: "sync/atomic"

	_ "golang.org/x/sys/unix" // want world: "golang.org/x/sys/unix"
)
