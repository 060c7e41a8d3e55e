//go:build interop

package interop

import (
	"fmt"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
)

// The N-1 guarantee (DESIGN.md, T3): from ISR = all N, N-1 replicas may die for
// good, and the last one has every acknowledged record. Nodes are brokers and
// controllers in one, so that there are N-1 more of them for the quorum.
func TestTheLastOfNReplicasServesEveryAcknowledgedRecord(t *testing.T) {
	for _, n := range []int{2, 3, 5} {
		for _, minISR := range []int{1, 2} {
			for _, how := range []string{"one after another", "all at once"} {
				t.Run(fmt.Sprintf("N=%d min.insync.replicas=%d %s", n, minISR, how), func(t *testing.T) {
					lastOne(t, n, minISR, how == "all at once")
				})
			}
		}
	}
}

func lastOne(t *testing.T, n, minISR int, atOnce bool) {
	c := form(t, 2*n-1, quick...)
	replicas := make([]int32, n)
	for i := range replicas {
		replicas[i] = int32(i + 1)
	}
	c.create("kept", 1, minISR, replicas...)
	l := c.load("kept", 1, 1)
	l.await(200)
	for dead := 1; dead < n; dead++ {
		c.nodes[dead-1].kill9()
		if atOnce {
			continue
		}
		c.await("shrunk ISR", func(all []kadm.PartitionDetail) bool {
			return len(all[0].ISR) <= n-dead && int(all[0].Leader) > dead
		}, "kept")
		if n-dead >= minISR {
			l.await(200)
		}
	}
	began := time.Now()
	if n > 1 && minISR > 1 { // alone it takes no records, and its high watermark stands
		alterMinISR(t, c, "1")
	}
	l.await(100)
	t.Logf("the last one took records after %v", time.Since(began).Round(time.Millisecond))
	l.finish()
}

func alterMinISR(t *testing.T, c *cluster, value string) {
	t.Helper()
	alter := []kadm.AlterConfig{{Op: kadm.SetConfig, Name: "min.insync.replicas", Value: &value}}
	for begun := time.Now(); ; time.Sleep(200 * time.Millisecond) {
		resp, err := c.admin.AlterTopicConfigs(limit(t), alter, "kept")
		if err == nil {
			err = resp[0].Err
		}
		if err == nil {
			return
		}
		if time.Since(begun) > awaitLimit {
			t.Fatalf("alter min.insync.replicas: %v", err)
		}
	}
}
