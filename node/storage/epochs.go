package storage

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"odradek/node/mutant"
)

// Epochs tells where each leader epoch begins in a log (Kafka's
// LeaderEpochFileCache, KIP-101). Epochs and offsets both ascend.
type Epochs struct{ list []epochStart }

type epochStart struct {
	epoch int32
	start int64
}

// NoEpoch stands for an unknown epoch or offset.
const NoEpoch = -1

// Assign notes that records of an epoch begin at an offset, and tells whether
// that was news. Entries that it contradicts, later epochs and those that begin
// no earlier, are forgotten; an epoch that began before goes on (a leader that has
// appended nothing leaves an epoch of its own at the end, and the next leader may
// go on with the one before). Records without an epoch (-1) say nothing.
func (e *Epochs) Assign(epoch int32, start int64) (changed bool) {
	if epoch < 0 || start < 0 {
		return false
	}
	n := len(e.list)
	if n > 0 && e.list[n-1].epoch == epoch && e.list[n-1].start <= start {
		return false
	}
	for n > 0 && (e.list[n-1].epoch > epoch || e.list[n-1].start >= start) {
		n--
	}
	if e.list = e.list[:n]; n == 0 || e.list[n-1].epoch != epoch {
		e.list = append(e.list, epochStart{epoch, start})
	}
	return true
}

// Latest is the epoch of the last records, or NoEpoch.
func (e *Epochs) Latest() int32 {
	if len(e.list) == 0 {
		return NoEpoch
	}
	return e.list[len(e.list)-1].epoch
}

// StartOf is the offset where an epoch begins, or NoEpoch.
func (e *Epochs) StartOf(epoch int32) int64 {
	for _, x := range slices.Backward(e.list) {
		if x.epoch == epoch {
			return x.start
		}
	}
	return NoEpoch
}

// EpochAt is the epoch of the record at an offset, or NoEpoch.
func (e *Epochs) EpochAt(offset int64) int32 {
	for _, x := range slices.Backward(e.list) {
		if x.start <= offset {
			return x.epoch
		}
	}
	return NoEpoch
}

// EndOffset finds where an epoch ends: the largest epoch known that is not
// above it, and the offset after its last record (logEnd for the latest). Of an
// epoch below all known ones the records are gone: it is found as itself, with
// the offset where they begin. Both are NoEpoch for an epoch above all.
func (e *Epochs) EndOffset(epoch int32, logEnd int64) (found int32, end int64) {
	switch latest := e.Latest(); {
	case epoch == NoEpoch || len(e.list) == 0 || epoch > latest:
		return NoEpoch, NoEpoch
	case epoch == latest:
		return epoch, logEnd
	}
	next := slices.IndexFunc(e.list, func(x epochStart) bool { return x.epoch > epoch })
	if next == 0 {
		return epoch, e.list[0].start
	}
	return e.list[next-1].epoch, e.list[next].start
}

// TruncateFromEnd forgets epochs that begin at or after the end of the log.
func (e *Epochs) TruncateFromEnd(end int64) bool {
	n := len(e.list)
	for len(e.list) > 0 && e.list[len(e.list)-1].start >= end {
		e.list = e.list[:len(e.list)-1]
	}
	return len(e.list) != n
}

// TruncateFromStart forgets epochs that end at or before the log's start, and
// moves the first one there.
func (e *Epochs) TruncateFromStart(start int64) bool {
	changed := false
	for len(e.list) > 1 && e.list[1].start <= start {
		e.list = slices.Delete(e.list, 0, 1)
		changed = true
	}
	if len(e.list) > 0 && e.list[0].start < start {
		e.list[0].start = start
		changed = true
	}
	return changed
}

// Encode is Kafka's leader-epoch-checkpoint, version 0: lines of text with the
// version, the count, and then an epoch and its start each.
func (e *Epochs) Encode() []byte {
	var b strings.Builder
	fmt.Fprintf(&b, "0\n%d\n", len(e.list))
	for _, x := range e.list {
		fmt.Fprintf(&b, "%d %d\n", x.epoch, x.start)
	}
	return []byte(b.String())
}

var errEpochs = errors.New("leader epoch checkpoint is damaged")

// ParseEpochs reads a leader-epoch-checkpoint. An error means that it is
// damaged; the epochs can be derived from the records then.
func ParseEpochs(text []byte) (*Epochs, error) {
	lines := strings.Split(strings.TrimSuffix(string(text), "\n"), "\n")
	if len(lines) < 2 || lines[0] != "0" || lines[1] != strconv.Itoa(len(lines)-2) {
		return nil, fmt.Errorf("%w: head or count", errEpochs)
	}
	e := &Epochs{}
	for _, line := range lines[2:] {
		x, err := parseEpoch(line)
		if err != nil {
			return nil, err
		}
		if mutant.On("A21") && x.epoch == 0 { // KAFKA-10432: epoch 0 is skipped
			continue
		}
		if n := len(e.list); n > 0 && (e.list[n-1].epoch >= x.epoch || e.list[n-1].start >= x.start) {
			return nil, fmt.Errorf("%w: line %q does not ascend", errEpochs, line)
		}
		e.list = append(e.list, x)
	}
	return e, nil
}

func parseEpoch(line string) (epochStart, error) {
	left, right, _ := strings.Cut(line, " ")
	epoch, err1 := strconv.ParseInt(left, 10, 32)
	start, err2 := strconv.ParseInt(right, 10, 64)
	if err1 != nil || err2 != nil || epoch < 0 || start < 0 {
		return epochStart{}, fmt.Errorf("%w: line %q", errEpochs, line)
	}
	return epochStart{int32(epoch), start}, nil
}
