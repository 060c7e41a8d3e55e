package console

import (
	"encoding/binary"
	"hash/crc32"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// controlBatch is a batch with one control record.
func controlBatch() []byte {
	r := kmsg.Record{Key: []byte{0, 0, 0, 1}, Value: []byte{0, 0, 0, 0, 0, 0}}
	body := r.AppendTo(nil)[1:] // its length is 0, one byte
	b := kmsg.RecordBatch{
		Magic: 2, Attributes: 1 << 5, ProducerID: 1, NumRecords: 1,
		Records: append(binary.AppendVarint(nil, int64(len(body))), body...),
	}
	out := b.AppendTo(nil)
	binary.BigEndian.PutUint32(out[8:], uint32(len(out)-12))
	binary.BigEndian.PutUint32(out[17:], crc32.Checksum(out[21:], crc32.MakeTable(crc32.Castagnoli)))
	return out
}

func decode(batch []byte) []*kgo.Record {
	opts := kgo.ProcessFetchPartitionOpts{KeepControlRecords: true}
	p, _ := kgo.ProcessFetchPartition(opts, &kmsg.FetchResponseTopicPartition{RecordBatches: batch}, kgo.DefaultDecompressor(), nil)
	return p.Records
}
