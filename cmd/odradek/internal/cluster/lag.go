package cluster

import (
	"context"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// debuggingReplica lets a broker tell where its own log of a partition ends,
// whoever leads it (Kafka's DEBUGGING_REPLICA_ID).
const debuggingReplica = -2

// OnePatience is how long one broker of many may take to answer.
const OnePatience = 2 * time.Second

// Ends are where the logs of replicas end, by broker, topic and partition. A
// broker that does not answer is left out.
type Ends map[int32]map[string]map[int32]int64

// Lag is by how many records a replica is behind the leader; false: not known.
func (e Ends) Lag(topic string, p *kmsg.DescribeTopicPartitionsResponseTopicPartition, replica int32) (int64, bool) {
	leader, known := e[p.LeaderID][topic][p.Partition]
	end, ok := e[replica][topic][p.Partition]
	return max(leader-end, 0), known && ok
}

// LogEnds asks every broker for the ends of the replicas that it has.
func LogEnds(ctx context.Context, cl *kgo.Client, topics []kmsg.DescribeTopicPartitionsResponseTopic) Ends {
	asked := map[int32]*kmsg.ListOffsetsRequest{}
	for i := range topics {
		for j := range topics[i].Partitions {
			p := &topics[i].Partitions[j]
			for _, replica := range p.Replicas {
				if asked[replica] == nil {
					asked[replica] = kmsg.NewPtrListOffsetsRequest()
					asked[replica].ReplicaID = debuggingReplica
				}
				ask(asked[replica], *topics[i].Topic, p.Partition)
			}
		}
	}
	ctx, cancel := context.WithTimeout(ctx, OnePatience)
	defer cancel()
	ends := Ends{}
	var mu sync.Mutex
	var all sync.WaitGroup
	for id, req := range asked {
		all.Go(func() {
			if resp, err := cl.Broker(int(id)).Request(ctx, req); err == nil {
				found := endsIn(resp.(*kmsg.ListOffsetsResponse))
				mu.Lock()
				defer mu.Unlock()
				ends[id] = found
			}
		})
	}
	all.Wait()
	return ends
}

// ask adds a partition; those of one topic come together.
func ask(req *kmsg.ListOffsetsRequest, topic string, partition int32) {
	if n := len(req.Topics); n == 0 || req.Topics[n-1].Topic != topic {
		t := kmsg.NewListOffsetsRequestTopic()
		t.Topic = topic
		req.Topics = append(req.Topics, t)
	}
	p := kmsg.NewListOffsetsRequestTopicPartition()
	p.Partition, p.Timestamp = partition, -1
	t := &req.Topics[len(req.Topics)-1]
	t.Partitions = append(t.Partitions, p)
}

func endsIn(resp *kmsg.ListOffsetsResponse) map[string]map[int32]int64 {
	found := map[string]map[int32]int64{}
	for _, t := range resp.Topics {
		found[t.Topic] = map[int32]int64{}
		for _, p := range t.Partitions {
			if p.ErrorCode == 0 {
				found[t.Topic][p.Partition] = p.Offset
			}
		}
	}
	return found
}
