package record

import (
	"errors"
	"fmt"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/mutant"
)

// Validated is a batch fit for the log, not yet stamped.
type Validated struct {
	Batch        Batch    // a view of the produced bytes, or new bytes if Recompressed
	Count        int32    // of records, at least 1
	Max          TimeMark // largest timestamp; Offset counts from the first record
	Append       int64    // the time of the append if it overrides the records' own, else NoTimestamp
	Recompressed bool
}

// Assign stamps the batch with its place in the log, the leader's epoch and,
// where the header's is not right, the largest timestamp (then the CRC anew).
// It is to be called before the bytes are shared.
func (v *Validated) Assign(base int64, epoch int32) {
	Assign(v.Batch, base, epoch)
	if v.Append != NoTimestamp {
		v.Batch.SetMaxTimestampAppendTime(v.Append)
		return
	}
	v.Batch.setMaxTimestamp(CreateTime, v.Max.Timestamp)
}

// Validate judges the records that a client produced to one partition, as
// Kafka's ProduceRequest, UnifiedLog and LogValidator together do. The error
// is a *Refusal. b is not changed, nothing is copied or kept; only a batch
// that needs another codec is made anew. A batch that is not compressed costs
// no allocation, a compressed one a fixed amount of memory.
//
// Stricter than Kafka, where Kafka would store what readers cannot use: record
// offset deltas must count up from 0, a compressed record must be as long as
// it declares, a producer id needs an epoch, a transaction a producer id, and
// clients may not set LogAppendTime whatever the topic's type. Where Kafka has
// only UNKNOWN_SERVER_ERROR, there is a proper code: an undefined codec is
// UNSUPPORTED_COMPRESSION_TYPE, bytes that do not decompress INVALID_RECORD.
func Validate(b []byte, r Rules) (Validated, error) {
	batch, err := onlyBatch(b, r.NoZstd)
	if err != nil {
		var refusal *Refusal
		if errors.As(err, &refusal) {
			refusal.Framing = true
		}
		return Validated{}, err
	}
	if err = validateHeader(batch, &r); err != nil {
		return Validated{}, err
	}
	v := Validated{Batch: batch, Count: batch.Count(), Append: NoTimestamp}
	if v.Max, err = validateRecords(batch, &r); err != nil {
		return Validated{}, err
	}
	if r.TimestampType == LogAppendTime {
		v.Max, v.Append = TimeMark{Timestamp: r.Now, Offset: 0}, r.Now
	}
	return v, recompress(&v, &r)
}

func validateHeader(b Batch, r *Rules) error {
	// B18 (KAFKA-3047): the client's offset is let through.
	if base := b.BaseOffset(); base != 0 && !mutant.On("B18") {
		return refuse(kerr.InvalidRecord, "the base offset is %d and must be 0", base)
	}
	if r.MaxMessageBytes > 0 && len(b) > r.MaxMessageBytes {
		return refuse(kerr.MessageTooLarge, "a batch of %d bytes, more than the topic's %d", len(b), r.MaxMessageBytes)
	}
	if got := b.computeCRC(); got != b.CRC() {
		return refuseFault(fmt.Errorf("stored %08x, computed %08x: %w", b.CRC(), got, ErrCRC))
	}
	if !b.Codec().Known() {
		return refuseFault(fmt.Errorf("codec %d: %w", b.Codec(), ErrCodec))
	}
	if count, delta := b.Count(), b.LastOffsetDelta(); count <= 0 || delta != count-1 {
		return refuseFault(fmt.Errorf("%d records, last offset delta %d: %w", count, delta, ErrCount))
	}
	return validateProducer(b)
}

func validateProducer(b Batch) error {
	switch {
	case b.IsControl():
		return refuse(kerr.InvalidRecord, "clients may not write control records")
	case b.HasProducerID() && b.BaseSequence() < 0:
		return refuse(kerr.InvalidRecord, "producer %d with sequence %d", b.ProducerID(), b.BaseSequence())
	case b.HasProducerID() && b.ProducerEpoch() < 0:
		return refuse(kerr.InvalidRecord, "producer %d with epoch %d", b.ProducerID(), b.ProducerEpoch())
	case b.IsTransactional() && !b.HasProducerID():
		return refuse(kerr.InvalidRecord, "a transactional batch without a producer id")
	}
	return nil
}

// validateRecords walks over all records and finds the largest timestamp.
func validateRecords(b Batch, r *Rules) (TimeMark, error) {
	cur := cursor{buf: b[HeaderSize:]}
	if codec := b.Codec(); codec != None {
		c := r.compressor()
		defer c.release()
		var err error
		if cur, err = c.cursor(codec, b[HeaderSize:], r.MaxDecompressed); err != nil {
			return NoMark(), refuseFault(err)
		}
	}
	latest, bad, err := judge(&cur, b, r)
	if err != nil {
		return NoMark(), refuseFault(err)
	}
	return latest, bad.refusal()
}

func judge(cur *cursor, b Batch, r *Rules) (latest TimeMark, bad complaints, err error) {
	latest = NoMark()
	base, count, stamped := b.BaseTimestamp(), b.Count(), b.TimestampType() == LogAppendTime
	for i := range count {
		s, err := cur.next()
		if err != nil {
			return latest, bad, err
		}
		if s.offsetDelta != i && !mutant.On("B18") {
			return latest, bad, errDelta
		}
		ts := base + s.timeDelta
		switch {
		case r.Compacted && s.keyLength < 0:
			bad.add(i, "a record of a compacted topic needs a key")
		case stamped:
			bad.timestamp = true
			bad.add(i, "only the broker may set LogAppendTime")
		case r.TimestampType == CreateTime && ts != NoTimestamp && !r.timely(ts):
			bad.timestamp = true
			bad.add(i, r.untimely(ts))
		}
		latest.Observe(ts, int64(i))
	}
	return latest, bad, cur.end()
}

func (r *Rules) untimely(ts int64) string {
	return fmt.Sprintf("timestamp %d is outside [%d, %d]", ts, r.Now-r.BeforeMaxMs, r.Now+r.AfterMaxMs)
}
