package maelstrom

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"net"
	"regexp"
	"strconv"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// topics finds who leads the topics that keys are kept in, one topic with one
// partition for each key, and makes those that are not there.
type topics struct {
	*caller
	local    string // address of this node's own broker
	replicas int16

	mu      sync.Mutex
	leaders map[string]string // address by topic, as far as known
}

// Topics have a name of their own if Kafka can have it, else a digest.
var plain = regexp.MustCompile(`^[a-zA-Z0-9_-]{1,200}$`)

// topicOf is the topic of a key.
func topicOf(key string) string {
	if plain.MatchString(key) {
		return "key." + key
	}
	sum := sha256.Sum256([]byte(key))
	return "digest." + hex.EncodeToString(sum[:])
}

// errNoTopic says that there is no such topic, as far as the broker knows that was asked.
var errNoTopic = errors.New("there is no such topic")

// leader is the address of the topic's leader, as this node's broker knows it.
func (t *topics) leader(ctx context.Context, topic string) (string, error) {
	t.mu.Lock()
	addr := t.leaders[topic]
	t.mu.Unlock()
	if addr != "" {
		return addr, nil
	}
	addr, err := t.lookUp(ctx, topic)
	if err == nil {
		t.mu.Lock()
		t.leaders[topic] = addr
		t.mu.Unlock()
	}
	return addr, err
}

// doubt forgets who leads a topic.
func (t *topics) doubt(topic string) {
	t.mu.Lock()
	delete(t.leaders, topic)
	t.mu.Unlock()
}

func (t *topics) lookUp(ctx context.Context, topic string) (string, error) {
	req := kmsg.NewPtrMetadataRequest()
	req.Version, req.AllowAutoTopicCreation = 9, false
	one := kmsg.NewMetadataRequestTopic()
	one.Topic = &topic
	req.Topics = append(req.Topics, one)
	got, err := t.ask(ctx, t.local, req)
	if err != nil {
		return "", err
	}
	resp := got.(*kmsg.MetadataResponse)
	if len(resp.Topics) != 1 {
		return "", errNoTopic
	}
	switch x := resp.Topics[0]; {
	case x.ErrorCode == kerr.UnknownTopicOrPartition.Code:
		return "", errNoTopic
	case x.ErrorCode != 0:
		return "", kerr.ErrorForCode(x.ErrorCode)
	case len(x.Partitions) != 1:
		return "", errNoTopic
	case x.Partitions[0].ErrorCode != 0:
		return "", kerr.ErrorForCode(x.Partitions[0].ErrorCode)
	default:
		return broker(resp, x.Partitions[0].Leader)
	}
}

// broker is the address of a node that a Metadata answer names.
func broker(resp *kmsg.MetadataResponse, id int32) (string, error) {
	for _, b := range resp.Brokers {
		if b.NodeID == id {
			return net.JoinHostPort(b.Host, strconv.Itoa(int(b.Port))), nil
		}
	}
	return "", fmt.Errorf("node %d leads, and is not there", id)
}

// madeLeader is leader, and makes the topic first if there is none. Making one twice
// does nothing, so that its errors leave nothing in doubt.
func (t *topics) madeLeader(ctx context.Context, topic string) (string, error) {
	addr, err := t.leader(ctx, topic)
	if !errors.Is(err, errNoTopic) {
		return addr, err
	}
	req := kmsg.NewPtrCreateTopicsRequest()
	req.Version, req.TimeoutMillis = 5, int32(attemptTime/time.Millisecond)
	one := kmsg.NewCreateTopicsRequestTopic()
	one.Topic, one.NumPartitions, one.ReplicationFactor = topic, 1, t.replicas
	req.Topics = append(req.Topics, one)
	got, err := t.ask(ctx, t.local, req)
	if err != nil {
		return "", err
	}
	for _, x := range got.(*kmsg.CreateTopicsResponse).Topics {
		if x.ErrorCode != 0 && x.ErrorCode != kerr.TopicAlreadyExists.Code {
			return "", kerr.ErrorForCode(x.ErrorCode)
		}
	}
	return t.leader(ctx, topic)
}
