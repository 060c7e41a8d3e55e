package checker

import "math"

// Unknown stands for an offset, timestamp or watermark that was not told.
const Unknown = int64(-1)

// never is the return time of an operation whose outcome nobody learned.
const never = int64(math.MaxInt64)

// ID names an operation: its place in the history, from 0.
type ID int32

// TP names a partition. A topic deleted and created again under its name is
// another topic: write its topic id, or name#2, for the later one.
type TP struct {
	Topic     string
	Partition int32
}

// Value identifies a record. Values are unique over a history: two sends of
// one value are one value sent twice. See History.Text for values that are strings.
type Value uint64

// Record is a record as sent (Offset Unknown) or as a client received it.
// Timestamp is in milliseconds, or Unknown.
type Record struct {
	Offset    int64
	Timestamp int64
	Value     Value
}

// Kind says what an operation asked.
type Kind uint8

// The operations, each after the Kafka request that carries it.
const (
	ProduceOp Kind = iota
	FetchOp
	ListOp
	CreateOp
	DeleteOp
	MetadataOp
	TrimOp      // DeleteRecords
	CommitOp    // OffsetCommit
	CommittedOp // OffsetFetch
	ForgetOp    // OffsetDelete, DeleteGroups
	AssignOp    // JoinGroup and SyncGroup; ConsumerGroupHeartbeat that assigns
	HeartbeatOp
	LeaveOp
	ReleaseOp // no request: a member stops to process partitions
	TxnOp     // a transaction, from its first operation to the answer of EndTxn
)

var kindNames = []string{"produce", "fetch", "list", "create", "delete", "metadata", "trim",
	"commit", "committed", "forget", "assign", "heartbeat", "leave", "release", "txn"}

// ofGroup tells the kinds that a client of a group may have.
func (k Kind) ofGroup() bool { return k == FetchOp || CommitOp <= k && k <= ReleaseOp }

func (k Kind) String() string { return name(kindNames, int(k)) }

// Outcome says what the client learned.
type Outcome uint8

// Fail: definitely did not happen. Maybe: unknown, and may take effect at any
// later time (timeout, lost connection, an error after the append). Pending
// operations count as Maybe. Corrupt: the client saw a wrong CRC.
const (
	Pending Outcome = iota
	OK
	Fail
	Maybe
	Corrupt
)

var outcomeNames = []string{"pending", "ok", "fail", "maybe", "corrupt"}

func (o Outcome) String() string { return name(outcomeNames, int(o)) }

func name(names []string, i int) string {
	if i < len(names) {
		return names[i]
	}
	return "?"
}

// What a ListOffsets may ask in place of a timestamp (KIP-79, KIP-734).
const (
	Latest       = int64(-1)
	Earliest     = int64(-2)
	MaxTimestamp = int64(-3)
)

// Produce is one record batch to one partition. Producer is Unknown without
// idempotence. Resends says that the client may send the batch again by
// itself: then, without idempotence, it may lie in the log more than once.
type Produce struct {
	Producer int64
	Sequence int32
	Epoch    int16
	Acks     int8
	Resends  bool
	Records  []Record
}

// Fetch is one fetch, or one poll of a consumer. From is the offset asked, or
// Unknown. Seek says that the position was set on purpose (the first poll, a
// seek, a reset), not left where the poll before ended.
type Fetch struct {
	From          int64
	Seek          bool
	ReadCommitted bool
	By            Membership // whose records count as processed by its group
}

// Fetched answers a Fetch. Records are those at or above From, in the order
// received. OutOfRange is Kafka's OFFSET_OUT_OF_RANGE.
type Fetched struct {
	Records       []Record
	HighWatermark int64
	LogStart      int64
	OutOfRange    bool
}

// MarkKind is a kind of event that a report shows beside the operations.
type MarkKind string

// FinalRead says that from here on every partition is read from its log start
// to its end: what was acknowledged or seen must be in that reading.
const (
	Crash     MarkKind = "crash"
	PowerCut  MarkKind = "power-cut"
	Fault     MarkKind = "fault"
	Heal      MarkKind = "heal"
	FinalRead MarkKind = "final-read"

	// GroupsSettled: from here on every group is assigned, read to the end and committed.
	GroupsSettled MarkKind = "groups-settled"
)

// Mark is an event that is no operation.
type Mark struct {
	At   int64
	Kind MarkKind
	Text string
}

// Op is one operation, whole: what History.Op gives and the lines hold. Which
// fields have a meaning depends on Kind; the rest are zero.
//
//	Offset     produce: base offset; fetch: From; list: answer; trim: before;
//	           commit: offset; committed: answer
//	Answer     fetch: high watermark; list: the spec asked; trim: new log start
//	Extra      fetch: log start; list: timestamp answered; create: partitions;
//	           of groups: the node asked
//	Owned      assign: all that is assigned; release: what is given up
//	Txn        the number of the transaction that it belongs to, or (txn) has; 0: none
type Op struct {
	Kind           Kind
	Outcome        Outcome
	Process        int32
	At             TP
	Invoke, Return int64
	Offset         int64
	Answer         int64
	Extra          int64
	Producer       int64
	Sequence       int32
	Epoch          int16
	Acks           int8
	Flags          Flags
	Records        []Record
	Reason         string
	By             Membership
	Metadata       string
	Owned          []TP
	Txn            int64
}

// Flags are the yes-or-no parts of an operation.
type Flags uint8

// Exists is the answer of a MetadataOp.
const (
	Resends Flags = 1 << iota
	Seek
	ReadCommitted
	OutOfRange
	Exists
)
