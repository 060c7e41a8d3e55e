package sim

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"strconv"
	"time"

	"odradek/faults"
	"odradek/node/config"
	"odradek/node/record"
)

// Knobs are everything that a run draws from its seed before it begins.
type Knobs struct {
	Shards      int
	Topics      int
	Partitions  int32
	Segment     int64 // segment.bytes
	Interval    int64 // index.interval.bytes
	Length      time.Duration
	Retention   time.Duration // retention.ms; 0: for ever
	Faults      bool
	Producers   []producerKnobs
	Consumers   []consumerKnobs
	Admin       adminKnobs
	Snapshots   int64  // bytes of metadata between two snapshots; 0: the default
	Slow        int    // one connection in so many reads slowly; 0: none
	Ending      Ending // what precedes the final reading
	Emptied     bool   // all records are deleted before it
	Nodes       int    // brokers
	Controllers int    // nodes behind them that are controllers alone; 0: the brokers are controllers, too
	Cluster     Cluster
	Campaign    Campaign // which faults are drawn; "": those of the swarm
	Losses      Losses
	Groups      []groupKnobs
	Loners      int   // clients that commit without being members
	Offsets     int32 // partitions of the offsets topic; 0: there are no groups
	LoadBuffer  int32 // offsets.load.buffer.size; 0: the default
	Journal     Journal
	Warm        int64 // odradek.open.at.start, plus one; 0: the default
}

// Journal are the knobs of the journals of each shard.
type Journal struct {
	Bytes int64 // odradek.journal.bytes; 0: there are none
	Batch int64 // odradek.journal.batch.bytes
}

// journalSizes are what is drawn of them. The largest one begins so that all of a run has
// room in it.
var journalSizes = [4]int64{4 << 10, 16 << 10, 64 << 10, 8 << 20}

// drawJournal lets a third of the seeds keep none.
func drawJournal(rng *rand.Rand) Journal {
	return Journal{
		Bytes: append(make([]int64, 2), journalSizes[:]...)[rng.IntN(6)],
		Batch: []int64{300, 1000, 2000, 64 << 10}[rng.IntN(4)],
	}
}

func (j Journal) settings() []config.Setting {
	bytes := config.Setting{Key: "odradek.journal.bytes", Value: strconv.FormatInt(j.Bytes, 10)}
	if j.Bytes == 0 {
		return []config.Setting{bytes}
	}
	return []config.Setting{bytes, {Key: "odradek.journal.batch.bytes", Value: strconv.FormatInt(j.Batch, 10)}}
}

// Ending is what a run does to its node, all being healed, before it reads
// everything. "" is nothing.
type Ending string

// The endings.
const (
	EndByPowerCut Ending = "power-cut"
	EndByCrash    Ending = "crash"
	EndByStop     Ending = "stop"
)

// String is one line, JSON.
func (k Knobs) String() string {
	b, err := json.Marshal(k)
	if err != nil {
		panic("sim: " + err.Error())
	}
	return string(b)
}

// ParseKnobs reads what String wrote.
func ParseKnobs(line string) (k Knobs, err error) {
	err = json.Unmarshal([]byte(line), &k)
	return k, err
}

// DrawKnobs draws the knobs of a seed: a quarter of the seeds have no faults.
func DrawKnobs(rng *rand.Rand) Knobs {
	k := Knobs{
		Nodes:      1,
		Shards:     1 + rng.IntN(3),
		Topics:     1 + rng.IntN(2),
		Partitions: 1 + rng.Int32N(4),
		Segment:    []int64{1 << 10, 4 << 10, 16 << 10, 1 << 20}[rng.IntN(4)],
		Interval:   []int64{64, 512, 4096}[rng.IntN(3)],
		Length:     time.Duration(500+rng.IntN(2500)) * time.Millisecond,
		Faults:     rng.IntN(4) != 0,
		Ending:     []Ending{EndByPowerCut, EndByPowerCut, EndByCrash, EndByStop, ""}[rng.IntN(5)],
		Slow:       []int{0, 2, 4}[rng.IntN(3)],
	}
	for range 1 + rng.IntN(3) {
		k.Producers = append(k.Producers, drawProducer(rng))
	}
	for range 1 + rng.IntN(2) {
		k.Consumers = append(k.Consumers, drawConsumer(rng))
	}
	if rng.IntN(4) == 0 {
		k.Retention = time.Duration(100+rng.IntN(1000)) * time.Millisecond
	}
	k.Admin = adminKnobs{Replicas: 1, Pause: time.Duration(5+rng.IntN(100)) * time.Millisecond}
	if rng.IntN(2) == 0 {
		k.Admin.Trims = 1 + rng.IntN(10)
	}
	if rng.IntN(2) == 0 {
		k.Admin.Topics = 2 + rng.IntN(6)
	}
	drawCluster(rng, &k)
	k.Snapshots = []int64{0, 0, 400, 3000}[rng.IntN(4)]
	k.Emptied = rng.IntN(3) == 0
	drawLayout(rng, &k)
	drawGroups(rng, &k)
	k.Journal = drawJournal(rng)
	k.Warm = []int64{0, 0, 1, 2}[rng.IntN(4)]
	return k
}

// configs are those of the run's topics.
func (k Knobs) configs() []string {
	all := []string{
		"internal.segment.bytes", strconv.FormatInt(k.Segment, 10),
		"index.interval.bytes", strconv.FormatInt(k.Interval, 10),
	}
	if k.Nodes > 1 {
		all = append(all, "min.insync.replicas", strconv.Itoa(k.Cluster.MinISR))
	}
	if k.Retention > 0 {
		all = append(all, "retention.ms", strconv.FormatInt(k.Retention.Milliseconds(), 10))
	}
	return all
}

func drawProducer(rng *rand.Rand) producerKnobs {
	k := producerKnobs{
		Version:    []int16{3, 7, 9, 11, 12, 13}[rng.IntN(6)],
		Acks:       []int16{-1, -1, -1, 1, 1, 0}[rng.IntN(6)],
		Idempotent: rng.IntN(2) == 0,
		InFlight:   1 + rng.IntN(5),
		Records:    1 + rng.IntN(8),
		Padding:    []int{0, 20, 200, 900}[rng.IntN(4)],
		Codec:      record.Codec(rng.IntN(5)),
		Pause:      time.Duration(1+rng.IntN(20)) * time.Millisecond,
		Patience:   []time.Duration{300 * time.Millisecond, 3 * time.Second, 30 * time.Second}[rng.IntN(3)],
		Backoff:    []time.Duration{40 * time.Millisecond, 100 * time.Millisecond, 500 * time.Millisecond}[rng.IntN(3)],
		Timeout:    []time.Duration{150 * time.Millisecond, time.Second, 10 * time.Second}[rng.IntN(3)],
	}
	if k.Idempotent {
		k.Acks = -1
	}
	if k.Idempotent && rng.IntN(3) == 0 {
		k.First = math.MaxInt32 - rng.Int32N(40)
	}
	k.Offsets = !k.Idempotent && rng.IntN(4) == 0
	k.Nap = []time.Duration{0, 300 * time.Millisecond, 900 * time.Millisecond, 2 * time.Second}[rng.IntN(4)]
	k.Resends = k.Idempotent || k.Acks != 0 && rng.IntN(2) == 0
	if k.Version < 7 && k.Codec == record.Zstd {
		k.Codec = record.LZ4
	}
	return k
}

func drawConsumer(rng *rand.Rand) consumerKnobs {
	k := consumerKnobs{
		Version:  []int16{4, 7, 11, 12, 13, 16, 17, 18}[rng.IntN(8)],
		MaxBytes: []int32{100, 2000, 1 << 20}[rng.IntN(3)],
		PartMax:  []int32{100, 2000, 1 << 20}[rng.IntN(3)],
		Wait:     time.Duration(rng.IntN(200)) * time.Millisecond,
		Pause:    time.Duration(1+rng.IntN(30)) * time.Millisecond,
		Seeks:    []int{0, 5, 20}[rng.IntN(3)],
	}
	k.Sessions = k.Version >= 7 && rng.IntN(2) == 0
	return k
}

// DrawPlan draws faults that a durable node survives. Of bits that flip at rest
// these are those of the offset indexes, which the records tell anew; what one
// replica cannot mend is not among them.
func DrawPlan(rng *rand.Rand, k Knobs) faults.Plan {
	if !k.Faults {
		return nil
	}
	if k.Campaign != "" {
		return drawCampaignPlan(rng, k)
	}
	if k.Nodes > 1 {
		return faults.Draw(rng, clusterBudget(k))
	}
	return faults.Draw(rng, faults.Budget{
		Nodes: 1, Conns: 12, Ops: 3000, Horizon: k.Length, Down: 300 * time.Millisecond,
		Most: map[faults.Kind]int{
			faults.PowerCut: 4, faults.Crash: 3, faults.Stop: 2, faults.EIOSync: 1, faults.EIOWrite: 1, faults.EIORead: 1,
			faults.FlipIndex: 80, faults.DiskFull: 3, faults.DiskSlow: 1, faults.Clock: 1, faults.Reset: 4,
		},
	})
}
