//go:build mutants

package meta

import (
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/mutant"
)

func with(t *testing.T, id string) {
	t.Helper()
	if err := mutant.Enable(id); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { mutant.Enable("") })
}

func TestMutantA9TrustsALogThatIsGone(t *testing.T) {
	with(t, "A9")
	p := returned(t, 1, PartitionRecord{ISR: []int32{1}, Leader: 1}, dirOf(50))
	if p.Leader != 1 {
		t.Fatalf("%+v", p)
	}
}

func TestMutantG7CountsTheLeaderEpochUpWithoutALeader(t *testing.T) {
	with(t, "G7")
	im := NewImage()
	replay(t, im, &TopicRecord{"a", topicID(1)}, &PartitionRecord{TopicID: topicID(1)},
		&PartitionChangeRecord{TopicID: topicID(1), Leader: LeaderUnchanged, LeaderRecoveryState: -1})
	if p := im.Topic("a").Partition(0); p.LeaderEpoch != 1 {
		t.Fatalf("%+v", p)
	}
}

func TestMutantG9GivesTheSameIdsTwice(t *testing.T) {
	with(t, "G9")
	_, c := controllerOf(t, "")
	req := kmsg.NewPtrAllocateProducerIDsRequest()
	req.BrokerID = 1
	_, one := c.AllocateProducerIDs(req)
	if _, two := c.AllocateProducerIDs(req); one.ProducerIDStart != two.ProducerIDStart {
		t.Fatalf("%+v, %+v", one, two)
	}
}
