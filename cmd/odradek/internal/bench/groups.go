package bench

import (
	"context"
	"fmt"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Crowd is a consumer group of many members over one topic.
type Crowd struct {
	Dial       NewClient
	Group      string
	Topic      string
	Partitions int
	Members    int
	Consumer   bool // the consumer protocol (KIP-848) instead of the classic one

	mu      sync.Mutex
	owns    []int // by member
	clients []*kgo.Client
}

// Settle brings all members but one, then the last one, and tells how long each
// time it took until every partition was owned, in equal shares.
func (c *Crowd) Settle(ctx context.Context) (all, one time.Duration, err error) {
	defer c.leave()
	begun := time.Now()
	for len(c.clients) < c.Members-1 && err == nil {
		err = c.join(ctx)
	}
	if err == nil {
		err = c.balanced(ctx)
	}
	all = time.Since(begun)
	if err != nil {
		return all, 0, err
	}
	begun = time.Now()
	if err = c.join(ctx); err == nil {
		err = c.balanced(ctx)
	}
	return all, time.Since(begun), err
}

func (c *Crowd) join(ctx context.Context) error {
	c.mu.Lock()
	n := len(c.owns)
	c.owns = append(c.owns, 0)
	c.mu.Unlock()
	change := func(by int) func(context.Context, *kgo.Client, map[string][]int32) {
		return func(_ context.Context, _ *kgo.Client, parts map[string][]int32) {
			c.mu.Lock()
			defer c.mu.Unlock()
			c.owns[n] += by * len(parts[c.Topic])
		}
	}
	opts := []kgo.Opt{kgo.ConsumerGroup(c.Group), kgo.ConsumeTopics(c.Topic), kgo.DisableAutoCommit(),
		kgo.Balancers(kgo.CooperativeStickyBalancer()), kgo.FetchMaxWait(5 * time.Second),
		kgo.OnPartitionsAssigned(change(1)), kgo.OnPartitionsRevoked(change(-1)), kgo.OnPartitionsLost(change(-1))}
	if c.Consumer {
		opts = append(opts, kgo.Balancers(kgo.RangeBalancer()), kgo.ServerSideBalancer())
	}
	cl, err := c.Dial(ctx, opts...)
	if err != nil {
		return err
	}
	c.clients = append(c.clients, cl)
	return nil
}

// balanced waits until all is owned and no member has more than one more than another.
func (c *Crowd) balanced(ctx context.Context) error {
	for {
		sum, least, most := c.shares()
		if sum == c.Partitions && most-least <= 1 {
			return nil
		}
		select {
		case <-time.After(2 * time.Millisecond):
		case <-ctx.Done():
			return fmt.Errorf("%d of %d partitions are owned, %d to %d by a member: %w", sum, c.Partitions, least, most, ctx.Err())
		}
	}
}

func (c *Crowd) shares() (sum, least, most int) {
	c.mu.Lock()
	defer c.mu.Unlock()
	least = c.Partitions
	for _, n := range c.owns {
		sum, least, most = sum+n, min(least, n), max(most, n)
	}
	return sum, least, most
}

func (c *Crowd) leave() {
	var done sync.WaitGroup
	for _, cl := range c.clients {
		done.Go(cl.CloseAllowingRebalance)
	}
	done.Wait()
}

// committers is how many commit at one time.
const committers = 64

// Idle makes groups that have nothing but an offset, and tells how long that took.
func Idle(ctx context.Context, cl *kgo.Client, prefix, topic string, n int) (time.Duration, error) {
	begun, adm := time.Now(), kadm.NewClient(cl)
	var offsets kadm.Offsets
	offsets.AddOffset(topic, 0, 1, -1)
	next, failed := make(chan int), make(chan error, committers)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	for range committers {
		go func() {
			var err error
			for i := range next {
				if err == nil {
					err = adm.CommitAllOffsets(ctx, fmt.Sprintf("%s-%d", prefix, i), offsets)
				}
			}
			failed <- err
		}()
	}
	for i := range n {
		next <- i
	}
	close(next)
	var err error
	for range committers {
		if e := <-failed; err == nil {
			err = e
		}
	}
	return time.Since(begun), err
}
