// Package host is the real world: nothing is banned here.
package host

import (
	"os"
	"time"
)

// Run runs.
func Run() {
	done := make(chan time.Time)
	go func() { done <- time.Now() }()
	<-done
	os.Exit(0)
}
