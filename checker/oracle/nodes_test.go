package oracle

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// fakeCluster is a cluster of fake brokers.
type fakeCluster struct {
	nodes  []*fake
	did    []string
	paused int
}

func newFakeCluster(t *testing.T, answers ...[]any) *fakeCluster {
	c := &fakeCluster{}
	for _, own := range answers {
		c.nodes = append(c.nodes, &fake{t: t, answers: append([]any{brokers(len(answers))}, own...)})
	}
	return c
}

// brokers is the answer to Metadata v9 of a node that sees so many.
func brokers(n int) kmsg.Response {
	resp := kmsg.NewPtrMetadataResponse()
	resp.SetVersion(9)
	for i := range n {
		b := kmsg.NewMetadataResponseBroker()
		b.NodeID = int32(i + 1)
		resp.Brokers = append(resp.Brokers, b)
	}
	return resp
}

func (c *fakeCluster) At(node int) Transport { return c.nodes[node-1] }
func (c *fakeCluster) Dial() (Conn, error)   { return c.nodes[0].Dial() }
func (c *fakeCluster) Pause()                { c.paused++ }
func (c *fakeCluster) Stop(node int) error   { return c.do("stop", node) }
func (c *fakeCluster) Kill(node int) error   { return c.do("kill", node) }
func (c *fakeCluster) Start(node int) error  { return c.do("start", node) }

func (c *fakeCluster) do(what string, node int) error {
	c.did = append(c.did, fmt.Sprintf("%s %d after %d requests", what, node, len(c.nodes[node-1].got)))
	return nil
}

const askProducer = "> InitProducerID v0 {}\n< {\"ThrottleMillis\": 0, \"ErrorCode\": \"NONE\", \"ProducerID\": \"<producer 1>\", \"ProducerEpoch\": 0}\n"

func TestRequestsGoToTheNodeThatIsNamed(t *testing.T) {
	c := newFakeCluster(t, []any{producer(5, 0)}, []any{producer(5, 0)})
	diff, err := Play(script(t, "@nodes 2\n"+askProducer+"@at 2\n"+askProducer), c)
	if diff != "" || err != nil || len(c.nodes[0].got) != 2 || len(c.nodes[1].got) != 2 {
		t.Errorf("%v\n%s", err, diff)
	}
}

func TestNodesAreActedUponAndTheirConnectionsForgotten(t *testing.T) {
	c := newFakeCluster(t, []any{producer(5, 0), producer(5, 0)}, nil)
	diff, err := Play(script(t, "@nodes 2\n"+askProducer+"@kill 1\n@start 1\n"+askProducer+"@stop 2\n"), c)
	want := []string{"kill 1 after 2 requests", "start 1 after 2 requests", "stop 2 after 1 requests"}
	if diff != "" || err != nil || !slices.Equal(c.did, want) || c.nodes[0].dialled != 3 || c.nodes[0].hung != 3 {
		t.Errorf("%v\n%s%q, dialled %d, hung up %d", err, diff, c.did, c.nodes[0].dialled, c.nodes[0].hung)
	}
}

func TestAllConditionsHaveToHoldTogether(t *testing.T) {
	c := newFakeCluster(t, []any{producer(5, 1), producer(6, 0), producer(5, 0)})
	diff, err := Play(script(t, "@nodes 1\n@until ErrorCode = NONE\n@until ProducerID = 5\n"+askProducer), c)
	if diff != "" || err != nil || c.paused != 2 {
		t.Errorf("%v, paused %d times\n%s", err, c.paused, diff)
	}
}

func TestAScriptForAClusterNeedsOneThatIsWhole(t *testing.T) {
	if _, err := Play(script(t, "@nodes 2\n"), &fake{t: t}); err == nil {
		t.Error("one broker was taken for two")
	}
	c := newFakeCluster(t, nil, nil)
	for range clusterPolls {
		c.nodes[1].answers = append(c.nodes[1].answers, brokers(1))
	}
	c.nodes[1].answers = c.nodes[1].answers[1:]
	if _, err := Play(script(t, "@nodes 2\n"), c); err == nil || !strings.Contains(err.Error(), "node 2 never saw 2 brokers") {
		t.Error(err)
	}
	for _, text := range []string{"@nodes 2\n@at 3\n", "@nodes 2\n@stop x\n", "@stop 1\n"} {
		if _, err := Play(script(t, text), newFakeCluster(t, nil, nil)); err == nil || !strings.Contains(err.Error(), "not a node of a cluster") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

func TestTheOrderOfASetSaysNothing(t *testing.T) {
	resp := kmsg.NewPtrDescribeTopicPartitionsResponse()
	topic := kmsg.NewDescribeTopicPartitionsResponseTopic()
	p := kmsg.NewDescribeTopicPartitionsResponseTopicPartition()
	p.Replicas, p.ISR = []int32{3, 1, 2}, []int32{3, 10, 2}
	topic.Partitions = append(topic.Partitions, p)
	resp.Topics = append(resp.Topics, topic)
	if !holds(resp, "Topics[0].Partitions[0].ISR = [2 3 10]") || !holds(resp, "Topics[0].Partitions[0].Replicas = [3 1 2]") {
		t.Error("a set or a list is not as it should be")
	}
	text := strings.Join(printLines(newNormalizer(true).normalize("DescribeTopicPartitions", show(resp))), "\n")
	if !strings.Contains(text, `"ISR": [2, 3, 10]`) || !strings.Contains(text, `"Replicas": [3, 1, 2]`) {
		t.Error(text)
	}
}
