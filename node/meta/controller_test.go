package meta

import (
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
	"pgregory.net/rapid"

	"odradek/node/config"
	"odradek/node/env"
)

// controllerOf decides over an image of brokers, as given to brokers.
func controllerOf(t interface{ Fatal(...any) }, racks ...string) (*Image, *Controller) {
	im := brokers(t, racks...)
	settings := &config.Broker{NodeID: 1, NumPartitions: 2, ReplicationFactor: 1, DeleteTopics: true}
	return im, NewController(im, settings, env.Stream(1, 1, "controller"))
}

func newTopic(name string, partitions int32, replicas int16) kmsg.CreateTopicsRequestTopic {
	t := kmsg.NewCreateTopicsRequestTopic()
	t.Topic, t.NumPartitions, t.ReplicationFactor = name, partitions, replicas
	return t
}

func createRequest(topics ...kmsg.CreateTopicsRequestTopic) *kmsg.CreateTopicsRequest {
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Version, req.Topics = 7, topics
	return req
}

func TestADecisionChangesNothingAndItsRecordsMakeItsAnswerTrue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		im, c := controllerOf(t, "a", "b", "!a", "")
		for range rapid.IntRange(1, 30).Draw(t, "decisions") {
			before := dump(im)
			check := decideOnSomething(t, im, c)
			if diff := cmp.Diff(before, dump(im)); diff != "" {
				t.Fatal(diff)
			}
			check()
			consistent(t, im)
		}
	})
}

// decideOnSomething asks for a random decision, and returns what replays its
// records and compares the image with the answer.
func decideOnSomething(t *rapid.T, im *Image, c *Controller) (check func()) {
	name := func() string { return rapid.SampledFrom([]string{"a", "b.c", "b_c", "d", "bad name"}).Draw(t, "topic") }
	validate := rapid.IntRange(0, 4).Draw(t, "validate") == 0
	switch rapid.IntRange(0, 2).Draw(t, "request") {
	case 0:
		req := createRequest()
		for range rapid.IntRange(1, 3).Draw(t, "topics") {
			req.Topics = append(req.Topics, newTopic(name(), rapid.Int32Range(-2, 5).Draw(t, "partitions"), rapid.Int16Range(-2, 5).Draw(t, "replicas")))
		}
		req.ValidateOnly = validate
		records, resp := c.CreateTopics(req)
		return func() { replay(t, im, records...); created(t, im, req, resp) }
	case 1:
		req := kmsg.NewPtrDeleteTopicsRequest()
		req.Version, req.TopicNames = 5, []string{name(), name()}
		records, resp := c.DeleteTopics(req)
		return func() { replay(t, im, records...); deleted(t, im, resp) }
	}
	req := kmsg.NewPtrCreatePartitionsRequest()
	more := kmsg.NewCreatePartitionsRequestTopic()
	more.Topic, more.Count = name(), rapid.Int32Range(-1, 9).Draw(t, "count")
	req.Version, req.Topics, req.ValidateOnly = 3, append(req.Topics, more), validate
	records, resp := c.CreatePartitions(req)
	return func() {
		replay(t, im, records...)
		if resp.Topics[0].ErrorCode == 0 && !validate && len(im.Topic(more.Topic).Partitions) != int(more.Count) {
			t.Fatalf("%d partitions were promised", more.Count)
		}
	}
}

func created(t *rapid.T, im *Image, req *kmsg.CreateTopicsRequest, resp *kmsg.CreateTopicsResponse) {
	for _, answer := range resp.Topics {
		topic := im.TopicByID(answer.TopicID)
		if real := answer.ErrorCode == 0 && !req.ValidateOnly; real != (topic != nil) {
			t.Fatalf("%+v, but the topic is %v", answer, topic)
		}
		if topic == nil {
			continue
		}
		if len(topic.Partitions) != int(answer.NumPartitions) || len(topic.Partitions[0].Replicas) != int(answer.ReplicationFactor) {
			t.Fatalf("%+v, but the topic is %+v", answer, topic)
		}
	}
}

func deleted(t *rapid.T, im *Image, resp *kmsg.DeleteTopicsResponse) {
	for _, answer := range resp.Topics {
		if answer.ErrorCode == 0 && im.Topic(*answer.Topic) != nil {
			t.Fatalf("%s is still there", *answer.Topic)
		}
	}
}

// consistent checks what every partition that the controller made must be.
func consistent(t *rapid.T, im *Image) {
	for topic := range im.Topics() {
		for i, p := range topic.Partitions {
			if int(p.Index) != i || len(p.Directories) != len(p.Replicas) {
				t.Fatalf("%+v at %d", p, i)
			}
			if !slices.Contains(p.ISR, p.Leader) || !im.Broker(p.Leader).Active() {
				t.Fatalf("%+v is led from outside its ISR", p)
			}
			for _, id := range p.ISR {
				if !slices.Contains(p.Replicas, id) || im.Broker(id).Fenced {
					t.Fatalf("%+v: broker %d is in the ISR", p, id)
				}
			}
		}
	}
}

func TestFencedBrokersHoldReplicasButAreNotInTheISR(t *testing.T) {
	im, c := controllerOf(t, "a", "!b", "c")
	records, _ := c.CreateTopics(createRequest(newTopic("a", 1, 3)))
	replay(t, im, records...)
	if p := im.Topic("a").Partition(0); len(p.Replicas) != 3 || len(p.ISR) != 2 || slices.Contains(p.ISR, 2) {
		t.Fatalf("%+v", p)
	}
}

func TestReplicasChosenByHandMustIncludeAnActiveBroker(t *testing.T) {
	_, c := controllerOf(t, "a", "!b")
	byHand := newTopic("a", -1, -1)
	byHand.ReplicaAssignment = []kmsg.CreateTopicsRequestTopicReplicaAssignment{{Replicas: []int32{2}}}
	records, resp := c.CreateTopics(createRequest(byHand))
	if resp.Topics[0].ErrorCode != kerr.InvalidReplicaAssignment.Code || records != nil {
		t.Fatalf("%+v, %v", resp.Topics[0], records)
	}
}

func TestOneRequestMakesAtMostTenThousandPartitions(t *testing.T) {
	im, c := controllerOf(t, "")
	_, resp := c.CreateTopics(createRequest(newTopic("a", 6000, 1), newTopic("b", 4001, 1)))
	if len(resp.Topics) != 2 || resp.Topics[0].ErrorCode != kerr.PolicyViolation.Code || resp.Topics[1].ErrorCode != kerr.PolicyViolation.Code {
		t.Fatalf("%+v", resp.Topics)
	}
	records, resp := c.CreateTopics(createRequest(newTopic("a", 6000, 1), newTopic("b", 4000, 1)))
	replay(t, im, records...)
	if resp.Topics[0].ErrorCode != 0 || im.PartitionCount() != 10000 {
		t.Fatalf("%+v, %d partitions", resp.Topics, im.PartitionCount())
	}
}

func TestANameMeantByIdAndNameOrByIdTwiceStays(t *testing.T) {
	im, c := controllerOf(t, "")
	records, _ := c.CreateTopics(createRequest(newTopic("a", 1, 1)))
	replay(t, im, records...)
	name, id := "a", im.Topic("a").ID
	for _, topics := range [][]kmsg.DeleteTopicsRequestTopic{
		{{TopicID: id}, {Topic: &name}},
		{{TopicID: id}, {TopicID: id}, {Topic: &name}},
	} {
		req := kmsg.NewPtrDeleteTopicsRequest()
		req.Version, req.Topics = 6, topics
		records, resp := c.DeleteTopics(req)
		for _, answer := range resp.Topics {
			if answer.ErrorCode != kerr.InvalidRequest.Code {
				t.Errorf("%+v", answer)
			}
		}
		if len(records) > 0 {
			t.Errorf("%v", records)
		}
	}
}

func TestProducerIdsAreGivenOnceEvenIfARecordIsLost(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		im, c := controllerOf(t, "")
		req := kmsg.NewPtrAllocateProducerIDsRequest()
		req.BrokerID, req.BrokerEpoch = 1, 0
		given := map[int64]bool{}
		var waiting []Record
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			records, resp := c.AllocateProducerIDs(req)
			if resp.ErrorCode != 0 || resp.ProducerIDLen != producerBlock || given[resp.ProducerIDStart] {
				t.Fatalf("%+v", resp)
			}
			given[resp.ProducerIDStart] = true
			switch waiting = append(waiting, records...); rapid.IntRange(0, 2).Draw(t, "fate") {
			case 0: // the log takes them
				replay(t, im, waiting...)
				waiting = nil
			case 1: // it is lost
				waiting = nil
			}
		}
	})
}

func TestProducerIdsAreForTheRegisteredBrokerAlone(t *testing.T) {
	_, c := controllerOf(t, "")
	for _, who := range []struct {
		id    int32
		epoch int64
	}{{1, 7}, {2, 0}} {
		req := kmsg.NewPtrAllocateProducerIDsRequest()
		req.BrokerID, req.BrokerEpoch = who.id, who.epoch
		if records, resp := c.AllocateProducerIDs(req); resp.ErrorCode != kerr.StaleBrokerEpoch.Code || records != nil {
			t.Errorf("%+v: %+v", who, resp)
		}
	}
}

func TestANameOfATopicIsOfFewCharactersAndShort(t *testing.T) {
	for _, name := range []string{"a", "A-0_.z", "...", strings.Repeat("x", 249)} {
		if err := CheckTopicName(name); err != nil {
			t.Error(err)
		}
	}
	for _, name := range []string{"", ".", "..", "a b", "a/b", "\u00e9", strings.Repeat("x", 250)} {
		if CheckTopicName(name) == nil {
			t.Errorf("%q is taken for a name", name)
		}
	}
}

func TestATopicThatIsAskedForIsMadeWithTheDefaults(t *testing.T) {
	im, c := controllerOf(t, "")
	records, resp := c.CreateTopics(AutoCreate([]string{"a", "bad name"}))
	replay(t, im, records...)
	if topic := im.Topic("a"); topic == nil || len(topic.Partitions) != 2 || len(topic.Partitions[0].Replicas) != 1 {
		t.Fatalf("%+v", topic)
	}
	if resp.Topics[1].ErrorCode != kerr.InvalidTopicException.Code {
		t.Fatalf("%+v", resp.Topics)
	}
}

func TestAnISRThatIsAskedForAsItIsGetsANewPartitionEpoch(t *testing.T) {
	im, c := controllerOf(t, "")
	records, _ := c.CreateTopics(createRequest(newTopic("a", 1, 1)))
	replay(t, im, records...)
	was := im.Topic("a").Partitions[0]
	req := kmsg.NewPtrAlterPartitionRequest()
	req.Version, req.BrokerID, req.BrokerEpoch = 3, 1, im.Broker(1).Epoch
	p := kmsg.NewAlterPartitionRequestTopicPartition()
	p.LeaderEpoch, p.PartitionEpoch = was.LeaderEpoch, was.PartitionEpoch
	p.NewEpochISR = []kmsg.AlterPartitionRequestTopicPartitionNewEpochISR{{BrokerID: 1, BrokerEpoch: req.BrokerEpoch}}
	req.Topics = []kmsg.AlterPartitionRequestTopic{{TopicID: im.Topic("a").ID, Partitions: []kmsg.AlterPartitionRequestTopicPartition{p}}}
	records, resp := c.AlterPartition(req)
	replay(t, im, records...)
	is := im.Topic("a").Partitions[0]
	if got := resp.Topics[0].Partitions[0]; got.ErrorCode != 0 || got.PartitionEpoch != is.PartitionEpoch ||
		is.PartitionEpoch != was.PartitionEpoch+1 || is.LeaderEpoch != was.LeaderEpoch || len(is.ISR) != 1 {
		t.Fatalf("%+v\n%+v\n%+v", got, was, is)
	}
}
