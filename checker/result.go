package checker

import "slices"

// Options say what the system promised and how strict to be. The zero value
// is the strictest: one durable node, every acknowledgement binding.
type Options struct {
	// Gaps tells topics whose logs may have holes (compaction, transaction
	// markers): skips are not counted there and Porcupine is not asked.
	Gaps func(topic string) bool
	// Markers tells topics whose logs have holes only where transaction markers or
	// aborted records lie: there a skip counts if a record that every reader must get
	// is known to lie in it, and Porcupine is not asked. What Gaps tells goes first.
	Markers func(topic string) bool
	// Retention: the log start may move without a DeleteRecords.
	Retention bool
	// AcksOneMayBeLost: only acks=all binds, acks=1 counts as Maybe.
	AcksOneMayBeLost bool
	// EndMayLag: a fetch may state an older high watermark than others saw.
	EndMayLag bool
	// LeaderMayBeDeposed: a ListOffsets may be answered by a leader that does not
	// know yet that there is another one: it, too, may state an older end, and what
	// it finds by time is not held against what it cannot see. Until the final read
	// it may state an older start as well, and serve what lies there.
	LeaderMayBeDeposed bool
	// CoordinatorMayBeDeposed: an OffsetFetch or a heartbeat may be answered by a
	// coordinator that does not know yet that there is another one. It then tells
	// what was committed once, but no less than it acknowledged itself.
	CoordinatorMayBeDeposed bool
	// HeartbeatsMayBeBlind: a coordinator may be loading, and answers heartbeats of
	// the classic protocol well until it knows better, as Kafka's does: they prove
	// nothing.
	HeartbeatsMayBeBlind bool
	// OffsetsExpire: committed offsets may be deleted by themselves.
	OffsetsExpire bool
	// GroupsMaySkip: members without a committed offset begin at the log's end.
	GroupsMaySkip bool
	// CorruptAllowed: bits were flipped on purpose; corrupt reads are counted only.
	CorruptAllowed bool
	// MetadataLag is how long (ns) after an acknowledgement other nodes may
	// answer with older metadata.
	MetadataLag int64
	// MaxMaybe caps the share of produces with unknown outcome, 0 to 1. Zero: no cap.
	MaxMaybe float64
	// Allow are names of anomalies that do not make the history wrong: they are
	// counted in Result.Allowed.
	Allow []string
	// Keep is how many anomalies of one name are kept whole (0: 20); all are counted.
	Keep int
	// Window is how many completed operations Porcupine gets at a time (0: 64).
	Window int
	// Seconds is how long Porcupine may take for a window (0: 10).
	Seconds int
}

func (o Options) gaps(topic string) bool {
	return o.Gaps != nil && o.Gaps(topic) || o.Markers != nil && o.Markers(topic)
}

// markers tells whether all holes of a topic come from transactions.
func (o Options) markers(topic string) bool {
	return o.Markers != nil && o.Markers(topic) && !(o.Gaps != nil && o.Gaps(topic))
}

// Anomaly is one thing that a correct log cannot have done.
type Anomaly struct {
	Name   string
	At     TP
	Ops    []ID // those that show it, the culprit (as far as known) last
	Detail string
}

// Counts is one anomaly's name and how often it was seen.
type Counts struct {
	Name  string
	Count int
}

// Stats say how much was checked: a verdict over nothing says nothing.
type Stats struct {
	Ops, Produces, Acked, Failed, Maybes, Fetches, Records, Corrupt int
	Partitions, Windows, Unwindowed                                 int
}

// MaybeShare is the share of produces whose outcome nobody learned.
func (s Stats) MaybeShare() float64 {
	if s.Produces == 0 {
		return 0
	}
	return float64(s.Maybes) / float64(s.Produces)
}

// Result is a verdict.
type Result struct {
	Anomalies []Anomaly // up to Options.Keep of each name, by name of first sight
	Counts    []Counts
	Allowed   []Counts // what was found of Options.Allow
	Stats     Stats

	h     *History
	keep  int
	allow []string
	pages []page // Porcupine's pictures of illegal windows
}

// Valid holds when no anomaly was found.
func (r *Result) Valid() bool { return len(r.Counts) == 0 }

// Count is how often an anomaly was seen.
func (r *Result) Count(name string) int {
	for _, c := range r.Counts {
		if c.Name == name {
			return c.Count
		}
	}
	return 0
}

func (r *Result) add(a Anomaly) {
	if slices.Contains(r.allow, a.Name) {
		count(&r.Allowed, a.Name)
	} else if count(&r.Counts, a.Name) <= r.keep {
		r.Anomalies = append(r.Anomalies, a)
	}
}

// count counts a name, and returns how often it was seen.
func count(all *[]Counts, name string) int {
	i := slices.IndexFunc(*all, func(c Counts) bool { return c.Name == name })
	if i < 0 {
		i = len(*all)
		*all = append(*all, Counts{Name: name})
	}
	(*all)[i].Count++
	return (*all)[i].Count
}
