package storage

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"time"

	"odradek/node/env"
	"odradek/node/mutant"
	"odradek/node/record"
)

// Owner is told what becomes of a log's appends.
type Owner interface {
	// LogAdvanced says that Written or Durable has grown.
	LogAdvanced(now env.Time, out *env.Outbox)
	// LogFailed says that what lies past Durable is lost. If Stopped is nil the
	// log cuts it off by itself and can then be appended to again.
	LogFailed(now env.Time, err error, out *env.Outbox)
}

// Options say which log to open.
type Options struct {
	Dir     string
	TopicID env.UUID // zero: the log belongs to no topic
	Config  *Config
	Owner   Owner
	Tasks   *env.Tasks
	Journal *Journal // nil: segments are synced before anything counts as durable
	Rand    *rand.Rand
	Indexes *IndexBudget // nil: all are kept

	// Mendable says that another replica may have what is damaged here: what the
	// disk is known to have held is then marked when it is opened, and the records
	// behind it are kept, instead of the log being cut off there.
	Mendable bool
}

// Log is one partition's log. Everything is called from its shard's steps.
type Log struct {
	o         Options
	segments  []*segment // ascending; the last one is appended to
	start     int64
	end       int64
	written   int64
	durable   int64 // in the segments, or with the journal's help
	synced    int64 // in the segments alone
	high      int64 // high watermark, for the next recovery point
	shared    bool  // others read what is written before it is durable
	epochs    *Epochs
	producers *Producers
	recent    ring

	ready  bool   // it is recovered
	exists bool   // the directory is there
	made   env.Op // in this process: what made it, and partition.metadata in it

	generation int           // of the files' content; completions of an older one are stale
	unsynced   int64         // records since the last sync was asked for
	flushed    time.Duration // when it was
	stopped    error         // for good
	cuts       int           // of what lies past an offset, under way

	point        recoveryPoint // on disk
	next         recoveryPoint // on disk once the slots under way are
	slots        *slotFile     // nil: none was written in this process
	working      int           // tasks that write to the directory
	saving       bool          // a checkpoint is under way
	retaining    bool          // old segments are being looked at
	savedActive  *segment      // the active segment at the last checkpoint
	oldSnapshots []int64       // producer snapshots on disk, ascending
	closed       bool          // its files are, or are about to be
	listing      bool          // the list of damaged ranges is being written
	listed       bool          // as it is now
	bereft       bool          // it has lost what was synced, see Forgive
	hurt         bool          // there may be damaged ranges
	doubtful     int64         // Unsure: epochs and producers are known below
	deriving     bool          // they are being derived anew
	scrub        scrub
	journal      journalled
}

// Errors of appending.
var (
	ErrStopped = errors.New("log has stopped after a disk failure")
	ErrHealing = errors.New("log is cutting off its tail")
	ErrGap     = errors.New("batch does not begin at the end of the log")
)

// ErrBusy says that a checkpoint has to wait: another one, the cutting off of a
// tail, or the making of a segment is under way.
var ErrBusy = errors.New("log is busy")

// OffsetError says that an offset lies outside the log.
type OffsetError struct{ Offset, Start, End int64 }

func (e *OffsetError) Error() string {
	return fmt.Sprintf("offset %d is outside [%d, %d]", e.Offset, e.Start, e.End)
}

// Start is the first offset that may be read.
func (l *Log) Start() int64 { return l.start }

// End is the offset of the next record.
func (l *Log) End() int64 { return l.end }

// Written is the offset below which all is in the page cache: it may be read.
func (l *Log) Written() int64 { return l.written }

// Durable is the offset below which all survives a power cut.
func (l *Log) Durable() int64 { return l.durable }

// Settled tells whether a record that was appended lies in the file that it is read
// from and is durable, so that the log and what it has asked of the disk need the
// appended bytes no more: their buffer may be used again.
func (l *Log) Settled(offset int64) bool { return offset < min(l.written, l.durable) }

// Acked is the offset below which a leader may acknowledge: Durable, or Written
// where flush.messages gives up on more.
func (l *Log) Acked() int64 {
	// B5 (NATS 7564): the policy says sync, and nobody waits for it.
	if l.relaxed() || mutant.On("B5") {
		return l.written
	}
	return l.durable
}

func (l *Log) relaxed() bool { return l.o.Config.FlushMessages > 1 }

// Share says that followers read what is Written. From then on a full disk cuts
// off nothing below: in the same leader epoch something else would come to lie
// there, and nobody could tell.
func (l *Log) Share() { l.shared = true }

// Epochs are the log's leader epochs, Producers its idempotent producers.
func (l *Log) Epochs() *Epochs       { return l.epochs }
func (l *Log) Producers() *Producers { return l.producers }

// Stopped is why the log takes nothing more, or nil.
func (l *Log) Stopped() error { return l.stopped }

// Size is the number of bytes in all segments.
func (l *Log) Size() int64 {
	n := int64(0)
	for _, s := range l.segments {
		n += s.size
	}
	return n
}

// Unsaved is the number of bytes that a recovery would have to read.
func (l *Log) Unsaved() int64 {
	n := int64(0)
	for i := len(l.segments) - 1; i >= 0; i-- {
		s := l.segments[i]
		if s.base < l.point.offset {
			return n + max(s.size-l.point.position, 0)
		}
		n += s.size
	}
	return n
}

func (l *Log) active() *segment {
	if len(l.segments) == 0 {
		return nil
	}
	return l.segments[len(l.segments)-1]
}

// note takes a batch into account that was just put at the end of a segment.
func (l *Log) note(s *segment, b record.Batch, max record.TimeMark) {
	l.recent.add(place{s, b.BaseOffset(), b.LastOffset(), s.size, int64(len(b))})
	s.note(b, max, l.o.Config.IndexInterval)
	l.epochs.Assign(b.PartitionLeaderEpoch(), b.BaseOffset())
	l.producers.Update(b)
	l.end = b.NextOffset()
}
