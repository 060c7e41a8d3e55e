package quorum

import (
	"fmt"
	"math"

	"odradek/node/record"
)

// maxEntry bounds one entry's batch, in bytes.
const maxEntry = 32 << 20

// place is where a batch is to stand in the log.
type place struct {
	offset int64
	epoch  int32
}

// dataBatch makes the batch of a proposal.
func dataBatch(at place, timestamp int64, records [][]byte) (record.Batch, error) {
	all := make([]record.Record, len(records))
	for i, r := range records {
		all[i] = record.Record{Timestamp: timestamp, Value: r}
	}
	return batchOf(at, false, all)
}

func batchOf(at place, control bool, records []record.Record) (record.Batch, error) {
	b := record.NewBuilder(nil)
	b.BaseOffset, b.LeaderEpoch, b.Control = at.offset, at.epoch, control
	for _, r := range records {
		b.Append(r)
	}
	batch, err := b.Build()
	if err == nil && len(batch) > maxEntry {
		err = fmt.Errorf("%w: %d bytes", ErrTooLarge, len(batch))
	}
	return batch, err
}

// controlBatch is batchOf for what surely fits.
func controlBatch(at place, records ...record.Record) record.Batch {
	b, err := batchOf(at, true, records)
	if err != nil {
		panic("quorum: " + err.Error())
	}
	return b
}

// values are the records of a batch of data.
func values(b record.Batch) (all [][]byte, err error) {
	for r, err := range record.Records(b, nil, maxEntry) {
		if err != nil {
			return nil, err
		}
		all = append(all, r.Value)
	}
	return all, nil
}

// votersIn are the voters that a batch sets, nil if it sets none.
func votersIn(b record.Batch) (voters []Voter, err error) {
	if !b.IsControl() {
		return nil, nil
	}
	for r, err := range record.Records(b, nil, maxEntry) {
		if err != nil {
			return nil, err
		}
		kind, err := record.ParseControl(r.Key)
		if err != nil {
			return nil, err
		}
		if kind == kraftVoters {
			return decodeVoters(r.Value)
		}
	}
	return nil, nil
}

// checkBatch tells whether b can be the batch of an entry of this term.
func checkBatch(b record.Batch, term uint64) error {
	if err := record.Check(b); err != nil {
		return err
	}
	switch {
	case uint64(b.PartitionLeaderEpoch()) != term || term > math.MaxInt32:
		return fmt.Errorf("batch of epoch %d in an entry of term %d", b.PartitionLeaderEpoch(), term)
	case b.LastOffsetDelta()+1 != b.Count() || len(b) > maxEntry:
		return fmt.Errorf("batch of %d records, last offset delta %d, %d bytes", b.Count(), b.LastOffsetDelta(), len(b))
	}
	_, err := values(b)
	return err
}
