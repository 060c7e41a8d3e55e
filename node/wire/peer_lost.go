package wire

import (
	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// ReplicaLostRequest says that a broker's replica has lost records that it had
// acknowledged: its log was cut below what it had synced. The controller takes it
// out of the ISR and the ELR; only then does the replica go on, as a follower.
//
//	broker id int32 | broker epoch int64 | topic id 16 bytes | partition int32
type ReplicaLostRequest struct {
	inflexible
	BrokerID    int32
	BrokerEpoch int64
	TopicID     [16]byte
	Partition   int32
}

// ReplicaLostResponse says whether that was done.
//
//	error code int16
type ReplicaLostResponse struct {
	inflexible
	ErrorCode int16 // Kafka's
}

var replicaLostSchema = request(never, i32, i64, uuid, i32)

// Key is ReplicaLost.
func (*ReplicaLostRequest) Key() int16 { return ReplicaLost }

// Key is ReplicaLost.
func (*ReplicaLostResponse) Key() int16 { return ReplicaLost }

// ResponseKind is an empty ReplicaLostResponse.
func (*ReplicaLostRequest) ResponseKind() kmsg.Response { return new(ReplicaLostResponse) }

// RequestKind is an empty ReplicaLostRequest.
func (*ReplicaLostResponse) RequestKind() kmsg.Request { return new(ReplicaLostRequest) }

// AppendTo appends the body.
func (r *ReplicaLostRequest) AppendTo(dst []byte) []byte {
	dst = kbin.AppendInt32(dst, r.BrokerID)
	dst = kbin.AppendInt64(dst, r.BrokerEpoch)
	dst = kbin.AppendUuid(dst, r.TopicID)
	return kbin.AppendInt32(dst, r.Partition)
}

// ReadFrom reads the body. Error: ErrMalformed.
func (r *ReplicaLostRequest) ReadFrom(src []byte) error {
	b := kbin.Reader{Src: src}
	r.BrokerID = b.Int32()
	r.BrokerEpoch = b.Int64()
	r.TopicID = b.Uuid()
	r.Partition = b.Int32()
	return finish(&b)
}

// AppendTo appends the body.
func (r *ReplicaLostResponse) AppendTo(dst []byte) []byte { return kbin.AppendInt16(dst, r.ErrorCode) }

// ReadFrom reads the body. Error: ErrMalformed.
func (r *ReplicaLostResponse) ReadFrom(src []byte) error {
	b := kbin.Reader{Src: src}
	r.ErrorCode = b.Int16()
	return finish(&b)
}
