package wire

import (
	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// RaftRequest carries a frame of the metadata quorum (room node/quorum) to another
// voter. It has no response: raft repeats what was lost.
//
//	frame bytes (int32 length)
type RaftRequest struct {
	inflexible
	Frame []byte // aliases what it was read from
}

var raftSchema = request(never, blobNotNull)

// Key is Raft.
func (*RaftRequest) Key() int16 { return Raft }

// ResponseKind is nil: nothing is answered.
func (*RaftRequest) ResponseKind() kmsg.Response { return nil }

// AppendTo appends the body.
func (r *RaftRequest) AppendTo(dst []byte) []byte { return kbin.AppendBytes(dst, r.Frame) }

// ReadFrom reads the body. Error: ErrMalformed.
func (r *RaftRequest) ReadFrom(src []byte) error {
	b := kbin.Reader{Src: src}
	r.Frame = b.Bytes()
	return finish(&b)
}
