package sim

import (
	crand "crypto/rand"
	"math/big"
	"slices"
	"testing"
	"time"

	"odradek/node/env"
)

func TestNodesThatReadCryptoRandAreSeededAndNobodyElseIs(t *testing.T) {
	was := crand.Reader
	play := func(seed uint64) (drawn []int64, hash uint64) {
		w, _ := alone(seed, with(func(now env.Time, ev env.Event, out *env.Outbox) {
			if len(drawn) < 10 {
				n, err := crand.Int(crand.Reader, big.NewInt(1_000_000)) // as etcd/raft does
				if err != nil {
					t.Fatal(err)
				}
				drawn = append(drawn, n.Int64())
				out.WakeAt(now.Mono + time.Duration(n.Int64()))
			}
		}))
		return drawn, w.Hash()
	}
	first, hash := play(1)
	again, same := play(1)
	other, _ := play(2)
	if !slices.Equal(first, again) || hash != same || slices.Equal(first, other) || len(first) != 10 {
		t.Error(first, again, other)
	}
	if crand.Reader != was {
		t.Error("the reader was not put back")
	}
}
