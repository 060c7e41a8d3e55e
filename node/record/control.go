package record

import "fmt"

// ControlType is what a control record says (its key).
type ControlType int16

// The control records that end a transaction.
const (
	Abort  ControlType = 0
	Commit ControlType = 1
)

// Marker is the control record that ends a transaction (KIP-98):
//
//	key:   int16 version 0 | int16 type
//	value: int16 version 0 | int32 coordinator epoch
func Marker(t ControlType, coordinatorEpoch int32, timestamp int64) Record {
	key := be.AppendUint16(make([]byte, 2, 4), uint16(t))
	value := be.AppendUint32(make([]byte, 2, 6), uint32(coordinatorEpoch))
	return Record{Timestamp: timestamp, Key: key, Value: value}
}

// ParseControl reads a control record's type from its key; types unknown here
// are to be ignored. ErrRecords: the key is none.
func ParseControl(key []byte) (ControlType, error) {
	if len(key) < 4 || int16(be.Uint16(key)) < 0 {
		return 0, fmt.Errorf("control record key %x: %w", key, ErrRecords)
	}
	return ControlType(be.Uint16(key[2:])), nil
}

// ParseMarker reads the coordinator epoch from a marker's value. ErrRecords:
// the value is none.
func ParseMarker(value []byte) (coordinatorEpoch int32, err error) {
	if len(value) < 6 || int16(be.Uint16(value)) < 0 {
		return 0, fmt.Errorf("marker value %x: %w", value, ErrRecords)
	}
	return int32(be.Uint32(value[2:])), nil
}
