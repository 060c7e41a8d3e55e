package harness

import (
	"fmt"
	"math/rand/v2"
	"time"
)

// Latency is how late messages between nodes are: by the mean, or by an exponential
// distribution with it, under which they overtake one another.
type Latency struct {
	Mean        time.Duration
	Exponential bool
}

func (l Latency) draw(r *rand.Rand) time.Duration {
	if l.Exponential {
		return time.Duration(r.ExpFloat64() * float64(l.Mean))
	}
	return l.Mean
}

func (l Latency) String() string {
	if l.Exponential {
		return fmt.Sprintf("%v exponential", l.Mean)
	}
	return l.Mean.String()
}
