package quorum

import (
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kbin"

	"odradek/node/record"
)

// The control records of a metadata log (Kafka's ControlRecordType). The key is
// int16 version 0 and int16 type; the value's layout is that of Kafka's message
// of the same name, all of them flexible (tags at the end):
//
//	LeaderChange   int16 version 0 (all that Kafka's tools read) | int32 leader | voters | granting voters
//	                 voter: int32 id | tags
//	SnapshotHeader int16 version 0 | int64 timestamp of the last record contained
//	SnapshotFooter int16 version 0
//	KRaftVersion   int16 version 0 | int16 1: voters have directory ids (KIP-853)
//	KRaftVoters    int16 version 0 | voters
//	                 voter: int32 id | uuid directory | endpoints | int16 0 | int16 1 | tags | tags
//	                 endpoint: string name | string host | uint16 port | tags
const (
	leaderChange   = 2
	snapshotHeader = 3
	snapshotFooter = 4
	kraftVersion   = 5
	kraftVoters    = 6
)

// indexTag is the tag in a SnapshotHeader with the raft index of the snapshot's
// end, 8 bytes. Kafka's readers skip tags that they do not know.
const indexTag = 10_001

var errControl = errors.New("control record is damaged")

func controlRecord(kind int16, timestamp int64, value []byte) record.Record {
	return record.Record{Timestamp: timestamp, Key: kbin.AppendInt16([]byte{0, 0}, kind), Value: value}
}

func encodeLeaderChange(leader Voter, voters []Voter) []byte {
	b := kbin.AppendInt32([]byte{0, 0}, leader.ID)
	b = kbin.AppendCompactArrayLen(b, len(voters))
	for _, v := range voters {
		b = append(kbin.AppendInt32(b, v.ID), 0)
	}
	b = kbin.AppendCompactArrayLen(b, 0) // who granted: raft counts, and does not tell
	return append(b, 0)
}

func encodeVoters(voters []Voter) []byte {
	b := kbin.AppendCompactArrayLen([]byte{0, 0}, len(voters))
	for _, v := range voters {
		b = kbin.AppendUuid(kbin.AppendInt32(b, v.ID), v.Dir)
		b = kbin.AppendCompactArrayLen(b, len(v.Endpoints))
		for _, e := range v.Endpoints {
			b = kbin.AppendCompactString(kbin.AppendCompactString(b, e.Name), e.Host)
			b = append(kbin.AppendUint16(b, e.Port), 0)
		}
		b = append(b, 0, 0, 0, 1, 0, 0)
	}
	return append(b, 0)
}

func decodeVoters(value []byte) (voters []Voter, err error) {
	r := kbin.Reader{Src: value}
	r.Int16()
	for n := r.CompactArrayLen(); n > 0 && r.Ok(); n-- {
		v := Voter{ID: r.Int32(), Dir: r.Uuid()}
		for m := r.CompactArrayLen(); m > 0 && r.Ok(); m-- {
			v.Endpoints = append(v.Endpoints, Endpoint{Name: r.CompactString(), Host: r.CompactString(), Port: r.Uint16()})
			skipTags(&r)
		}
		r.Int16()
		r.Int16()
		skipTags(&r)
		skipTags(&r)
		voters = append(voters, v)
	}
	if err := r.Complete(); err != nil {
		return nil, fmt.Errorf("voters: %w", errors.Join(errControl, err))
	}
	return voters, checkSet(voters)
}

func skipTags(r *kbin.Reader) {
	for n := r.Uvarint(); n > 0 && r.Ok(); n-- {
		r.Uvarint()
		r.Span(int(r.Uvarint()))
	}
}

func encodeHeader(timestamp int64, index uint64) []byte {
	b := kbin.AppendInt64([]byte{0, 0}, timestamp)
	b = append(b, 1)
	b = kbin.AppendUvarint(b, indexTag)
	return binary.BigEndian.AppendUint64(append(b, 8), index)
}

// decodeHeader finds the raft index.
func decodeHeader(value []byte) (index uint64, err error) {
	r := kbin.Reader{Src: value}
	r.Int16()
	r.Int64()
	for n := r.Uvarint(); n > 0 && r.Ok(); n-- {
		tag, span := r.Uvarint(), r.Span(int(r.Uvarint()))
		if tag == indexTag && len(span) == 8 {
			index = binary.BigEndian.Uint64(span)
		}
	}
	if err := r.Complete(); err != nil || index == 0 {
		return 0, fmt.Errorf("snapshot header without an index: %w", errors.Join(errControl, err))
	}
	return index, nil
}
