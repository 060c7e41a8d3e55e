package sim_test

import (
	"strings"
	"testing"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/config"
)

// setConfig sets one config.
func (c *racks) setConfig(kind kmsg.ConfigResourceType, name, key, value string) {
	c.t.Helper()
	req := kmsg.NewPtrIncrementalAlterConfigsRequest()
	req.Version = 1
	r := kmsg.NewIncrementalAlterConfigsRequestResource()
	r.ResourceType, r.ResourceName = kind, name
	x := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
	x.Name, x.Op, x.Value = key, kmsg.IncrementalAlterConfigOpSet, &value
	r.Configs = append(r.Configs, x)
	req.Resources = append(req.Resources, r)
	if code := c.ask(0, req).(*kmsg.IncrementalAlterConfigsResponse).Resources[0].ErrorCode; code != 0 {
		c.t.Fatal(kerr.ErrorForCode(code))
	}
}

// assign gives the partition its replicas.
func (c *racks) assign(replicas ...int32) {
	c.t.Helper()
	req := kmsg.NewPtrAlterPartitionAssignmentsRequest()
	req.TimeoutMillis = 10_000
	t := kmsg.NewAlterPartitionAssignmentsRequestTopic()
	t.Topic = "t"
	p := kmsg.NewAlterPartitionAssignmentsRequestTopicPartition()
	p.Replicas = replicas
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
	if code := c.ask(0, req).(*kmsg.AlterPartitionAssignmentsResponse).ErrorCode; code != 0 {
		c.t.Fatal(kerr.ErrorForCode(code))
	}
}

// inSync waits until the ISR has so many members, and tells for how long.
func (c *racks) inSync(n int) time.Duration {
	c.t.Helper()
	began := c.w.Now()
	for c.w.Now() < began+time.Minute {
		meta := kmsg.NewPtrMetadataRequest()
		meta.Version = 12
		if len(c.ask(c.lead, meta).(*kmsg.MetadataResponse).Topics[0].Partitions[0].ISR) == n {
			return c.w.Now() - began
		}
		c.pass(50 * time.Millisecond)
	}
	c.t.Fatalf("after a minute the ISR does not have %d members", n)
	return 0
}

func TestAReassignmentKeepsToItsThrottle(t *testing.T) {
	const bytes = 300_000
	for side, slow := range map[string]time.Duration{
		"":         0,
		"leader":   4 * time.Second, // 50 KB a second, and a second ahead
		"follower": 4 * time.Second,
	} {
		t.Run(side, func(t *testing.T) {
			c := newRacks(t, config.Setting{Key: "replica.fetch.max.bytes", Value: "12000"}, config.Setting{Key: "replica.fetch.wait.max.ms", Value: "200"})
			c.create()
			c.assign(int32(c.lead + 1))
			c.inSync(1)
			for range bytes / 10_000 {
				c.produce(strings.Repeat("x", 10_000))
			}
			to := (c.lead+1)%3 + 1
			if side != "" {
				node := map[string]int{"leader": c.lead + 1, "follower": to}[side] // which has as many shards
				rate := map[int]string{1: "50000", 2: "100000", 3: "150000"}[node]
				c.setConfig(kmsg.ConfigResourceTypeBroker, "", side+".replication.throttled.rate", rate)
				c.setConfig(kmsg.ConfigResourceTypeTopic, "t", side+".replication.throttled.replicas", "*")
				c.pass(time.Second)
			}
			c.assign(int32(c.lead+1), int32(to))
			switch took := c.inSync(2); {
			case took < slow:
				t.Errorf("%d bytes were copied within %v", bytes, took)
			case took > slow+3*time.Second:
				t.Errorf("it took %v", took)
			}
		})
	}
}
