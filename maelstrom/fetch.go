package maelstrom

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/record"
)

// fetchMost is how many bytes of records one look at a topic returns, about.
const fetchMost = 1 << 20

// fetch reads a topic's committed records from an offset on, as many as one answer
// holds: none where there is no such topic, or nothing there yet.
func (t *topics) fetch(ctx context.Context, topic string, from int64) (records []record.Record, err error) {
	err = again(ctx, func(ctx context.Context) (bool, error) {
		addr, err := t.leader(ctx, topic)
		if errors.Is(err, errNoTopic) {
			return true, nil
		}
		if err == nil {
			records, err = t.fetchAt(ctx, addr, topic, from)
		}
		if err != nil {
			t.doubt(topic)
		}
		return err == nil, err
	})
	return records, err
}

func (t *topics) fetchAt(ctx context.Context, addr, topic string, from int64) ([]record.Record, error) {
	req := kmsg.NewPtrFetchRequest()
	req.Version, req.ReplicaID, req.MaxBytes, req.SessionEpoch = 12, -1, fetchMost, -1
	part := kmsg.NewFetchRequestTopicPartition()
	part.FetchOffset, part.PartitionMaxBytes, part.CurrentLeaderEpoch = from, fetchMost, -1
	one := kmsg.NewFetchRequestTopic()
	one.Topic, one.Partitions = topic, append(one.Partitions, part)
	req.Topics = append(req.Topics, one)
	got, err := t.ask(ctx, addr, req)
	if err != nil {
		return nil, err
	}
	resp := got.(*kmsg.FetchResponse)
	if resp.ErrorCode != 0 {
		return nil, kerr.ErrorForCode(resp.ErrorCode)
	}
	if len(resp.Topics) != 1 || len(resp.Topics[0].Partitions) != 1 {
		return nil, fmt.Errorf("an answer about something else")
	}
	x := resp.Topics[0].Partitions[0]
	switch x.ErrorCode {
	case 0:
		return unpack(x.RecordBatches, from)
	case kerr.OffsetOutOfRange.Code:
		return nil, nil
	}
	return nil, kerr.ErrorForCode(x.ErrorCode)
}

// unpack reads the records at or above an offset. A batch that the answer's size has
// cut short is left out.
func unpack(raw []byte, from int64) (records []record.Record, err error) {
	const sizeEnd = 12 // baseOffset int64 | batchLength int32 | ...
	for len(raw) >= sizeEnd {
		size := sizeEnd + int64(binary.BigEndian.Uint32(raw[8:sizeEnd]))
		if size > int64(len(raw)) {
			break
		}
		b := record.Batch(raw[:size:size])
		if err := record.Check(b); err != nil {
			return nil, err
		}
		for r, err := range record.Records(b, nil, 0) {
			if err != nil {
				return nil, err
			}
			if r.Offset >= from {
				records = append(records, r)
			}
		}
		raw = raw[size:]
	}
	return records, nil
}
