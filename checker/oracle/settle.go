package oracle

import (
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// markerTopic is made and removed to learn how far a broker has come.
const markerTopic = "oracle-marker"

const (
	settleLimit = 10 * time.Second
	settlePause = 3 * time.Millisecond
)

// KafkaTCP is the transport to a Kafka, whose controller answers a change before
// its broker has applied it. As a broker applies changes in order and one after
// the other, a topic that is seen to come, and then seen to go, shows that all
// before it is done.
type KafkaTCP struct{ TCP }

// Settle implements Settler.
func (t KafkaTCP) Settle() error {
	c, err := t.Dial()
	if err != nil {
		return err
	}
	defer c.Close()
	if err := pass([]Conn{c}, makeMarker(), kerr.ErrorForCode(0)); err != nil {
		return err
	}
	return pass([]Conn{c}, dropMarker(), kerr.UnknownTopicOrPartition)
}

// pass asks the first broker for a change, and waits until all show it.
func pass(brokers []Conn, change kmsg.Request, sign error) error {
	resp, err := ask(brokers[0], change)
	if err != nil {
		return fmt.Errorf("settle: %w", err)
	}
	if keepsTopics(resp) {
		return nil
	}
	for _, c := range brokers {
		if err := awaitMarker(c, sign); err != nil {
			return err
		}
	}
	return nil
}

func awaitMarker(c Conn, sign error) error {
	for limit := time.Now().Add(settleLimit); time.Now().Before(limit); time.Sleep(settlePause) {
		code, err := markerState(c)
		if err != nil {
			return fmt.Errorf("settle: %w", err)
		}
		if kerr.ErrorForCode(code) == sign {
			return nil
		}
	}
	return fmt.Errorf("settle: the marker did not change within %v", settleLimit)
}

// keepsTopics tells whether the broker refuses to delete any topic: that the
// marker was seen to come must then do.
func keepsTopics(resp kmsg.Response) bool {
	r, ok := resp.(*kmsg.DeleteTopicsResponse)
	return ok && kerr.ErrorForCode(r.Topics[0].ErrorCode) == kerr.TopicDeletionDisabled
}

func makeMarker() kmsg.Request {
	req := kmsg.NewPtrCreateTopicsRequest()
	topic := kmsg.NewCreateTopicsRequestTopic()
	topic.Topic, topic.NumPartitions, topic.ReplicationFactor = markerTopic, 1, 1
	req.Topics = append(req.Topics, topic)
	req.SetVersion(7)
	return req
}

func dropMarker() kmsg.Request {
	req := kmsg.NewPtrDeleteTopicsRequest()
	topic := kmsg.NewDeleteTopicsRequestTopic()
	topic.Topic = kmsg.StringPtr(markerTopic)
	req.Topics = append(req.Topics, topic)
	req.SetVersion(6)
	return req
}

func markerState(c Conn) (int16, error) {
	req := kmsg.NewPtrMetadataRequest()
	topic := kmsg.NewMetadataRequestTopic()
	topic.Topic = kmsg.StringPtr(markerTopic)
	req.Topics = append(req.Topics, topic)
	req.SetVersion(9)
	resp, err := ask(c, req)
	if err != nil {
		return 0, err
	}
	return resp.(*kmsg.MetadataResponse).Topics[0].ErrorCode, nil
}
