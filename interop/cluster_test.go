//go:build interop

package interop

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// cluster is nodes that are each broker and controller, numbered from 1.
type cluster struct {
	t     *testing.T
	nodes []*server
	admin *kadm.Client
}

// quick lets a death be noticed sooner than by default (9 s), so that a test
// sees many of them.
var quick = []string{"broker.session.timeout.ms=2000", "broker.heartbeat.interval.ms=300"}

// form starts n nodes on loopback, which end with the test.
func form(t *testing.T, n int, properties ...string) *cluster {
	t.Helper()
	var addrs, controllers []string
	for range n {
		addrs, controllers = append(addrs, freeAddr(t)), append(controllers, freeAddr(t))
	}
	return formAt(t, addrs, controllers, nil, properties)
}

// formAt is form with addresses; under says for a node what runs its binary.
func formAt(t *testing.T, addrs, controllers []string, under func(i int) []string, properties []string) *cluster {
	t.Helper()
	c := &cluster{t: t}
	var voters []string
	for i, addr := range controllers {
		voters = append(voters, fmt.Sprintf("%d@%s", i+1, addr))
	}
	for i := range addrs {
		s := newServer(t, int32(i+1), addrs[i], controllers[i], strings.Join(voters, ","), properties...)
		if under != nil {
			s.under = under(i)
		}
		c.nodes = append(c.nodes, s)
		s.start()
	}
	t.Cleanup(c.finish)
	for _, s := range c.nodes {
		s.awaitReady()
	}
	c.admin = kadm.NewClient(c.client())
	return c
}

// finish asks all nodes to end at the same time; each then waits for its own.
func (c *cluster) finish() {
	for _, s := range c.nodes {
		s.thaw()
		_ = s.cmd.Process.Signal(syscall.SIGTERM) // one that has ended needs none
	}
}

func (c *cluster) addrs() (all []string) {
	for _, s := range c.nodes {
		all = append(all, s.addr)
	}
	return all
}

// client is a franz-go client of the whole cluster, which closes with the test.
func (c *cluster) client(opts ...kgo.Opt) *kgo.Client {
	c.t.Helper()
	cl, err := kgo.NewClient(append([]kgo.Opt{kgo.SeedBrokers(c.addrs()...), kgo.MetadataMinAge(100 * time.Millisecond),
		kgo.DialTimeout(time.Second), kgo.RetryBackoffFn(func(int) time.Duration { return 20 * time.Millisecond })}, opts...)...)
	must(c.t, err)
	c.t.Cleanup(cl.Close)
	return cl
}

// create makes a topic on the given nodes, and waits until all replicas are in
// the ISR.
func (c *cluster) create(topic string, partitions, minISR int, nodes ...int32) {
	c.t.Helper()
	req := kmsg.NewPtrCreateTopicsRequest()
	req.TimeoutMillis = 10_000
	x := kmsg.NewCreateTopicsRequestTopic()
	x.Topic, x.NumPartitions, x.ReplicationFactor = topic, -1, -1
	for p := range partitions {
		a := kmsg.NewCreateTopicsRequestTopicReplicaAssignment()
		a.Partition = int32(p)
		for i := range nodes {
			a.Replicas = append(a.Replicas, nodes[(p+i)%len(nodes)])
		}
		x.ReplicaAssignment = append(x.ReplicaAssignment, a)
	}
	o := kmsg.NewCreateTopicsRequestTopicConfig()
	value := fmt.Sprint(minISR)
	o.Name, o.Value = "min.insync.replicas", &value
	x.Configs = append(x.Configs, o)
	req.Topics = append(req.Topics, x)
	resp, err := req.RequestWith(limit(c.t), c.client())
	must(c.t, err)
	must(c.t, kerr.ErrorForCode(resp.Topics[0].ErrorCode))
	c.await("a full ISR of "+topic, func(all []kadm.PartitionDetail) bool {
		return !slices.ContainsFunc(all, func(p kadm.PartitionDetail) bool { return len(p.ISR) < len(nodes) })
	}, topic)
}

// partitions are what some broker that lives says of a topic.
func (c *cluster) partitions(topic string) (all []kadm.PartitionDetail) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	found, err := c.admin.ListTopics(ctx, topic)
	if err != nil {
		return nil
	}
	return found[topic].Partitions.Sorted()
}

const awaitLimit = time.Minute

// await asks until what is said of a topic is as it should be.
func (c *cluster) await(what string, holds func([]kadm.PartitionDetail) bool, topic string) {
	c.t.Helper()
	var last []kadm.PartitionDetail
	for begun := time.Now(); time.Since(begun) < awaitLimit; time.Sleep(50 * time.Millisecond) {
		if last = c.partitions(topic); len(last) > 0 && holds(last) {
			return
		}
	}
	c.t.Fatalf("no %s within %v; there is %+v", what, awaitLimit, last)
}

// leader is the node that leads a partition, or nil.
func (c *cluster) leader(topic string, partition int) *server {
	all := c.partitions(topic)
	if partition >= len(all) || all[partition].Leader < 1 {
		return nil
	}
	return c.nodes[all[partition].Leader-1]
}

// freeze stops a process where it stands, as a long pause of its machine would.
func (s *server) freeze() {
	s.t.Helper()
	must(s.t, s.cmd.Process.Signal(syscall.SIGSTOP))
}

func (s *server) thaw() { _ = s.cmd.Process.Signal(syscall.SIGCONT) } // one that has ended needs none
