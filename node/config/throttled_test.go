package config

import "testing"

func TestReplicasAreThrottledByNameOrAll(t *testing.T) {
	for _, x := range []struct {
		list Throttled
		want bool
	}{
		{nil, false}, {Throttled{"*"}, true}, {Throttled{"3:1", "3:2"}, true}, {Throttled{"3:1", "2:2", "32:2"}, false},
	} {
		if got := x.list.Has(3, 2); got != x.want {
			t.Errorf("%v has partition 3 of broker 2: %v, want %v", x.list, got, x.want)
		}
	}
}

func TestATopicKnowsItsThrottledReplicas(t *testing.T) {
	b := &Broker{}
	topic := b.Topic(map[string]string{
		"leader.replication.throttled.replicas": "*", "follower.replication.throttled.replicas": "0:1,1:2",
	})
	if !topic.LeaderThrottled.Has(7, 7) || !topic.FollowerThrottled.Has(1, 2) || topic.FollowerThrottled.Has(1, 1) {
		t.Errorf("leader %v, follower %v", topic.LeaderThrottled, topic.FollowerThrottled)
	}
	if topic = b.Topic(nil); topic.LeaderThrottled.Has(0, 1) || topic.FollowerThrottled.Has(0, 1) {
		t.Error("replicas are throttled that nobody named")
	}
}
