package wire

import (
	"fmt"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Keys of the requests that nodes of Odradek send to one another's controller
// listener, far above all of Kafka's. They are framed like Kafka's requests, with
// version 0, and are listed nowhere.
const (
	Raft         int16 = 20000
	MetadataPull int16 = 20001
	ReplicaLost  int16 = 20002
)

var ownVersions = []Range{{Raft, 0, 0}, {MetadataPull, 0, 0}, {ReplicaLost, 0, 0}}

var ownNames = map[int16]string{Raft: "Raft", MetadataPull: "MetadataPull", ReplicaLost: "ReplicaLost"}

// inflexible is what all our own messages have in common: there is version 0
// alone, without tagged fields.
type inflexible struct{}

// MaxVersion is 0.
func (inflexible) MaxVersion() int16 { return 0 }

// SetVersion does nothing.
func (inflexible) SetVersion(int16) {}

// GetVersion is 0.
func (inflexible) GetVersion() int16 { return 0 }

// IsFlexible is false.
func (inflexible) IsFlexible() bool { return false }

// newRequest makes the empty request of a key, Kafka's or our own.
func newRequest(key int16) kmsg.Request {
	switch key {
	case Raft:
		return new(RaftRequest)
	case MetadataPull:
		return new(MetadataPullRequest)
	case ReplicaLost:
		return new(ReplicaLostRequest)
	}
	return kmsg.RequestForKey(key)
}

// KeyName is the name of an API key, Kafka's or our own; "Unknown" for others.
func KeyName(key int16) string {
	if name, ok := ownNames[key]; ok {
		return name
	}
	return kmsg.NameForKey(key)
}

// finish tells whether a message has ended too early.
func finish(r *kbin.Reader) error {
	if !r.Ok() {
		return fmt.Errorf("%w: ends too early", ErrMalformed)
	}
	return nil
}
