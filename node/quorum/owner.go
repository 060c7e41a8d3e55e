package quorum

import (
	"errors"
	"iter"
	"math/rand/v2"
	"time"

	"odradek/node/env"
)

// TickInterval is how often Tick is to be called.
const TickInterval = 100 * time.Millisecond

// In ticks: a follower that hears nothing campaigns after electionTicks to twice
// as many (Kafka's controller.quorum.election.timeout.ms is 1000,
// controller.quorum.fetch.timeout.ms 2000); a leader without a majority resigns
// after electionTicks.
const (
	electionTicks  = 10
	heartbeatTicks = 2
)

// MaxFrame bounds the frames handed to Send, in bytes. A snapshot travels whole
// in one: a state beyond this size cannot reach a voter that lags behind.
const MaxFrame = 100 << 20

// Owner is told what becomes of the log, and lends it its connections and state.
// It may call the Quorum from within, but for Tick and Receive.
type Owner interface {
	// Send passes a frame to another node; it may be lost. The frame is not
	// changed any more.
	Send(to int32, frame []byte, out *env.Outbox)
	// Committed hands over records in the order of the log, once per process;
	// first is the offset of the first one, epoch that of the leader that
	// proposed them. The bytes are the log's own: they are not to be changed.
	Committed(now env.Time, first int64, records [][]byte, epoch int32, out *env.Outbox)
	// Leading says that proposals are taken: all that was committed before has
	// been handed over.
	Leading(now env.Time, epoch int32, out *env.Outbox)
	// Following says that they are not (any more). leader is a node id, -1 when
	// none is known. What was proposed and not Committed has an unknown fate.
	Following(now env.Time, leader int32, epoch int32, out *env.Outbox)
	// LoadSnapshot replaces all that was Committed by the records of a snapshot;
	// end is the offset after the last record that it stands for, the next
	// Committed comes from there on (control records leave gaps).
	LoadSnapshot(now env.Time, end int64, epoch int32, records iter.Seq[[]byte], out *env.Outbox)
	// Snapshot are the records of the state as it is now, after the last Committed.
	Snapshot() iter.Seq[[]byte]
	// Failed says that the voter has stopped for good, mostly because of its disk.
	Failed(now env.Time, err error, out *env.Outbox)
}

// Options say whose replica to open.
type Options struct {
	Dir       string // .../__cluster_metadata-0
	ClusterID string // frames of another cluster are refused
	Me        Voter  // with its directory id
	Voters    []Voter
	Owner     Owner
	Tasks     *env.Tasks
	Rand      *rand.Rand
}

// Errors of a Quorum.
var (
	// ErrNotLeader says that another one decides, or nobody.
	ErrNotLeader = errors.New("not the leader of the metadata quorum")
	// ErrBusy says that something of the kind is under way, or too much of it.
	ErrBusy = errors.New("metadata quorum is busy")
	// ErrVoters says that a set of voters cannot be.
	ErrVoters = errors.New("set of voters")
	// ErrTooLarge says that a proposal is more than a batch can hold.
	ErrTooLarge = errors.New("metadata proposal is too large")
	// ErrLost says that what this voter had made durable is missing or damaged.
	// It must not vote as who it was: its directory needs a new id, and it is to
	// be added to the quorum again.
	ErrLost = errors.New("metadata log lost its storage")
	// ErrFailed says that the voter has stopped.
	ErrFailed = errors.New("metadata quorum has failed")
)
