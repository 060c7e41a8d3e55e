//go:build plan9 && mutants

package storage

import (
	_ "net" // want world: "net"
	"time"
)

func elsewhere() { time.Sleep(1) } // want word: time.Sleep
