package storage

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	clock "time"
)

func concurrent() {
	c := make(chan int) // want word: channel type
	go concurrent()     // want word: go statement
	select {            // want word: select
	case c <- 1: // want word: send to a channel
	case <-c: // want word: receive from a channel
	}
}

func clocks() clock.Duration {
	clock.Sleep(1)                                    // want word: time.Sleep
	f := clock.Now                                    // want word: time.Now
	_ = clock.After(2)                                // want word: time.After
	_ = f().Local()                                   // want word: (time.Time).Local
	return clock.Since(clock.Unix(0, 0)) + clock.Hour // want word: time.Since
}

func chance(r *rand.Rand) int {
	seeded := rand.New(rand.NewPCG(1, 2))
	return r.IntN(3) + seeded.IntN(4) + rand.IntN(5) // want word: math/rand/v2.IntN
}

func collected(p *int) string {
	runtime.SetFinalizer(p, nil)              // want word: runtime.SetFinalizer
	fmt.Println("at")                         // want word: fmt.Println
	return fmt.Sprintf("100%%p %v %8p", 1, p) // want word: %p prints an address
}
