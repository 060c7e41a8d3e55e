package broker

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/meta"
)

// Who leads, said along with the error that somebody else does, so that a client
// need not ask (KIP-951): Produce from version 10 on, Fetch from version 16 on.

// leaderOf is what this shard's metadata say of a partition's leader; the broker is
// nil where clients of the listener cannot reach it.
func (s *shard) leaderOf(t *meta.Topic, index int32, listener string) (p *meta.Partition, b *meta.Broker, at meta.EndPoint) {
	if t == nil {
		return nil, nil, at
	}
	if p = t.Partition(index); p == nil {
		return nil, nil, at
	}
	b = s.image.Broker(p.Leader)
	if b == nil || b.Fenced {
		return p, nil, at
	}
	at, ok := endpoint(b, listener)
	if !ok {
		b = nil
	}
	return p, b, at
}

func (s *shard) nameProduceLeaders(k *call, resp *kmsg.ProduceResponse) {
	for i := range resp.Topics {
		t := s.image.Topic(resp.Topics[i].Topic)
		if resp.Version >= 13 {
			t = s.image.TopicByID(resp.Topics[i].TopicID)
		}
		for j := range resp.Topics[i].Partitions {
			x := &resp.Topics[i].Partitions[j]
			p, b, at := s.leaderOf(t, x.Partition, k.conn.listener)
			if p == nil || x.ErrorCode != kerr.NotLeaderForPartition.Code || resp.Version < 10 {
				continue
			}
			x.CurrentLeader.LeaderID, x.CurrentLeader.LeaderEpoch = p.Leader, p.LeaderEpoch
			listed := func(x kmsg.ProduceResponseBroker) bool { return x.NodeID == p.Leader }
			if b == nil || slices.ContainsFunc(resp.Brokers, listed) {
				continue
			}
			y := kmsg.NewProduceResponseBroker()
			y.NodeID, y.Host, y.Port, y.Rack = b.ID, at.Host, int32(at.Port), b.Rack
			resp.Brokers = append(resp.Brokers, y)
		}
	}
}

func (s *shard) nameFetchLeaders(k *call, resp *kmsg.FetchResponse) {
	for i := range resp.Topics {
		for j := range resp.Topics[i].Partitions {
			x := &resp.Topics[i].Partitions[j]
			p, b, at := s.leaderOf(s.image.TopicByID(resp.Topics[i].TopicID), x.Partition, k.conn.listener)
			moved := x.ErrorCode == kerr.NotLeaderForPartition.Code || x.ErrorCode == kerr.FencedLeaderEpoch.Code
			if p == nil || !moved || resp.Version < 16 {
				continue
			}
			x.CurrentLeader.LeaderID, x.CurrentLeader.LeaderEpoch = p.Leader, p.LeaderEpoch
			listed := func(x kmsg.FetchResponseBroker) bool { return x.NodeID == p.Leader }
			if b == nil || slices.ContainsFunc(resp.Brokers, listed) {
				continue
			}
			y := kmsg.NewFetchResponseBroker()
			y.NodeID, y.Host, y.Port, y.Rack = b.ID, at.Host, int32(at.Port), b.Rack
			resp.Brokers = append(resp.Brokers, y)
		}
	}
}
