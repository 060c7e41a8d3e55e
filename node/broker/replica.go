package broker

import (
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/partition"
	"odradek/node/record"
	"odradek/node/storage"
)

// partitionKey names a partition for its whole life: a topic created again
// under its name has another id.
type partitionKey struct {
	Topic env.UUID
	Index int32
}

// hash spreads partitions over shards; those of one topic go round.
func (k partitionKey) hash() uint64 {
	h := uint64(14695981039346656037)
	for _, b := range k.Topic {
		h = (h ^ uint64(b)) * 1099511628211
	}
	return h + uint64(uint32(k.Index))
}

// topic is what a shard knows of a topic beside its metadata.
type topic struct {
	name   string
	config config.Topic
	log    storage.Config // shared by the logs of its partitions; changed in place
}

func (t *topic) rules(now int64) record.Rules {
	c := &t.config
	r := record.DefaultRules(now)
	r.MaxMessageBytes = c.MaxMessageBytes
	r.CompressionType = c.CompressionType
	r.Levels = c.Levels
	r.TimestampType = c.TimestampType
	r.BeforeMaxMs, r.AfterMaxMs = c.TimestampBeforeMaxMs, c.TimestampAfterMaxMs
	r.Compacted = c.Compact
	return r
}

// replica is a partition on this shard, from its assignment to its deletion.
type replica struct {
	s       *shard
	key     partitionKey
	topic   *topic
	dir     *logDir
	part    *partition.Partition
	log     *storage.Log // nil until loaded
	loading bool
	failed  error    // it could not be loaded, or its directory is offline
	waiting []func() // for the end of loading
	task    *env.Task
	dirty   bool
	gone    error // why it is deleted; nil: it is not

	mending *mending // of a damaged range; nil: none
	repairs int      // in a row that failed

	excusing bool // the note of a loss is being removed

	verifying bool // or did a moment ago

	fetcher    *fetcher      // of the node that leads; nil: none does, or this one
	pauseUntil time.Duration // it does not fetch
	troubles   int           // fetches in a row that failed
	felt       int64         // what was acknowledged at the last tick
	astir      bool          // chores look at it
	unsaved    int64         // bytes past the recovery point, when they were last weighed
	still      time.Duration // for how long the log has waited for its disk
}

func (r *replica) path() string {
	return r.dir.path + "/" + r.name()
}

// name is that of the replica's directory, in whatever log directory it lies.
func (r *replica) name() string { return dirName(r.topic.name, r.key.Index) }

func dirName(topic string, index int32) string { return fmt.Sprintf("%s-%d", topic, index) }

// touch notes that the log has something to sync.
func (r *replica) touch() {
	r.stir()
	if !r.dirty {
		r.dirty = true
		r.s.dirty = append(r.s.dirty, r)
	}
}

// LogAdvanced and LogFailed make a replica the owner of its log.
func (r *replica) LogAdvanced(now env.Time, out *env.Outbox) {
	if r.log == nil {
		return
	}
	r.stir()
	if r.log.Dirty() {
		r.touch()
	}
	r.part.LogAdvanced(now, out)
}

// LogFailed takes the directory offline, unless the disk is only full.
func (r *replica) LogFailed(now env.Time, err error, out *env.Outbox) {
	if r.log == nil {
		return
	}
	r.stir()
	r.part.LogFailed(now, err, out)
	if r.log.Stopped() != nil {
		r.failed = err
		r.coordinate()
		r.s.reportDir(r.dir, err)
	}
}

// withReplica calls f with the loaded replica of a partition, now or when it is
// loaded, or with why there is none. Calls for one replica keep their order.
func (s *shard) withReplica(key partitionKey, f func(*replica, error)) {
	r := s.replicas[key]
	switch {
	case r == nil:
		f(nil, s.notHere(key))
	case r.log == nil && r.failed == nil, len(r.waiting) > 0:
		r.waiting = append(r.waiting, func() { r.hand(f) })
		s.loader.first(r)
	default:
		r.hand(f)
	}
}

// notHere is why there is no replica of a partition here: others have it, or nobody.
func (s *shard) notHere(key partitionKey) error {
	if t := s.image.TopicByID(key.Topic); t != nil && t.Partition(key.Index) != nil {
		return kerr.NotLeaderForPartition
	}
	return kerr.UnknownTopicOrPartition
}

// ready tells whether a call can go to the replica at once, and without an error.
func (r *replica) ready() bool {
	return r.log != nil && r.failed == nil && r.gone == nil && len(r.waiting) == 0
}

func (r *replica) hand(f func(*replica, error)) {
	switch {
	case r.gone != nil:
		f(nil, r.gone)
	case r.failed != nil:
		f(r, kerr.KafkaStorageError)
	default:
		f(r, nil)
	}
}

// state is what the metadata says of the replica's partition.
func (r *replica) state(p *meta.Partition) partition.State {
	leader := p.Leader
	if !r.s.registered() {
		leader = meta.NoLeader
	}
	return partition.State{
		Leader: leader, LeaderEpoch: p.LeaderEpoch, PartitionEpoch: p.PartitionEpoch,
		Replicas: p.Replicas, ISR: p.ISR, ELR: p.ELR, MinISR: minISR(r.topic, p), Brokers: r.s.broker,
	}
}
