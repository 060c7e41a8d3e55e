package wire

import (
	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// MetadataPullRequest asks a controller for committed records of the metadata log.
// A node that has no vote follows the log by it.
//
//	cluster id string (int16 length) | node id int32 | directory id 16 bytes
//	from offset int64 | max bytes int32 | wait int32
type MetadataPullRequest struct {
	inflexible
	ClusterID   string
	NodeID      int32    // who asks
	DirectoryID [16]byte // of its metadata log
	FromOffset  int64    // the first record wanted
	MaxBytes    int32    // of the payload; one batch may exceed them
	WaitMillis  int32    // for there to be a record
}

// MetadataPullResponse is the answer: batches from the offset asked for, or, when
// the log does not begin so early, a snapshot of what was before it.
//
//	error code int16 | leader id int32 | leader epoch int32 | high watermark int64
//	snapshot bool | snapshot end int64 | snapshot epoch int32 | payload bytes (int32 length)
type MetadataPullResponse struct {
	inflexible
	ErrorCode     int16 // Kafka's
	LeaderID      int32 // the active controller, -1 if it is not known
	LeaderEpoch   int32
	HighWatermark int64
	Snapshot      bool // the payload is a snapshot, and not batches
	SnapshotEnd   int64
	SnapshotEpoch int32
	Payload       []byte // aliases what it was read from
}

var metadataPullSchema = request(never, text, i32, uuid, i64, i32, i32)

// Key is MetadataPull.
func (*MetadataPullRequest) Key() int16 { return MetadataPull }

// Key is MetadataPull.
func (*MetadataPullResponse) Key() int16 { return MetadataPull }

// ResponseKind is an empty MetadataPullResponse.
func (*MetadataPullRequest) ResponseKind() kmsg.Response { return new(MetadataPullResponse) }

// RequestKind is an empty MetadataPullRequest.
func (*MetadataPullResponse) RequestKind() kmsg.Request { return new(MetadataPullRequest) }

// AppendTo appends the body.
func (r *MetadataPullRequest) AppendTo(dst []byte) []byte {
	dst = kbin.AppendString(dst, r.ClusterID)
	dst = kbin.AppendInt32(dst, r.NodeID)
	dst = kbin.AppendUuid(dst, r.DirectoryID)
	dst = kbin.AppendInt64(dst, r.FromOffset)
	dst = kbin.AppendInt32(dst, r.MaxBytes)
	return kbin.AppendInt32(dst, r.WaitMillis)
}

// ReadFrom reads the body. Error: ErrMalformed.
func (r *MetadataPullRequest) ReadFrom(src []byte) error {
	b := kbin.Reader{Src: src}
	r.ClusterID = b.String()
	r.NodeID = b.Int32()
	r.DirectoryID = b.Uuid()
	r.FromOffset = b.Int64()
	r.MaxBytes = b.Int32()
	r.WaitMillis = b.Int32()
	return finish(&b)
}

// AppendTo appends the body.
func (r *MetadataPullResponse) AppendTo(dst []byte) []byte {
	dst = kbin.AppendInt16(dst, r.ErrorCode)
	dst = kbin.AppendInt32(dst, r.LeaderID)
	dst = kbin.AppendInt32(dst, r.LeaderEpoch)
	dst = kbin.AppendInt64(dst, r.HighWatermark)
	dst = kbin.AppendBool(dst, r.Snapshot)
	dst = kbin.AppendInt64(dst, r.SnapshotEnd)
	dst = kbin.AppendInt32(dst, r.SnapshotEpoch)
	return kbin.AppendBytes(dst, r.Payload)
}

// ReadFrom reads the body. Error: ErrMalformed.
func (r *MetadataPullResponse) ReadFrom(src []byte) error {
	b := kbin.Reader{Src: src}
	r.ErrorCode = b.Int16()
	r.LeaderID = b.Int32()
	r.LeaderEpoch = b.Int32()
	r.HighWatermark = b.Int64()
	r.Snapshot = b.Bool()
	r.SnapshotEnd = b.Int64()
	r.SnapshotEpoch = b.Int32()
	r.Payload = b.Bytes()
	return finish(&b)
}
