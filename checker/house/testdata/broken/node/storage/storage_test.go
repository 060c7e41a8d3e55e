package storage

import (
	"os"
	"sync"
	"testing"
	"time"

	"broken/faults"
	_ "broken/node/host" // want wall: the real world
)

func TestTestsMayUseTheWorld(t *testing.T) {
	var all sync.WaitGroup
	all.Go(func() { _ = time.Now() })
	all.Wait()
	for k := range map[string]int{faults.Name: os.Getpid()} {
		t.Log(k)
	}
}
