package meta

import (
	"math/rand/v2"

	"odradek/node/config"
	"odradek/node/env"
)

// Controller decides. Its methods are the decisions of one API each: they take
// a request, look at the image, change nothing, and return records with the
// response that holds once these are replayed. The records of one decision are
// to be appended atomically; a response without records holds at once.
//
// A decision knows of earlier ones only what has been replayed: its caller
// replays before it asks again. AllocateProducerIDs alone also is safe without.
// Sessions of brokers are not in the log: they live here, and whoever becomes the
// active controller begins them with Activate.
type Controller struct {
	image    *Image
	config   *config.Broker
	chance   *rand.Rand
	promised int64 // producer ids below were given away, replayed or not
	sessions map[int32]*session
	dynamic  dynamic
}

// NewController makes a controller that reads the image, has the static settings
// of its node, and takes random ids and placements from chance.
func NewController(image *Image, settings *config.Broker, chance *rand.Rand) *Controller {
	return &Controller{image: image, config: settings, chance: chance, sessions: map[int32]*session{}}
}

// mostPartitions is how many partitions one request may make.
const mostPartitions = 10000

// Directory ids that stand for none (KIP-858, Kafka's DirectoryId).
var (
	dirMigrating  = env.UUID{}      // the broker told of no directories
	dirUnassigned = env.UUID{15: 1} // it has several, and will tell which
	dirLost       = env.UUID{15: 2} // one that went offline before it was told
)

// unknownDir tells whether the controller does not know where a replica lies.
func unknownDir(dir env.UUID) bool { return dir == dirMigrating || dir == dirUnassigned }

// reservedDir tells whether an id stands for no directory. Kafka reserves the
// first hundred.
func reservedDir(dir env.UUID) bool {
	return [15]byte(dir[:15]) == [15]byte{} && dir[15] < 100
}

// newPartition is the record of a partition that starts its life with these
// replicas; at least one of them must be active.
func (c *Controller) newPartition(topic env.UUID, index int32, replicas []int32) (r *PartitionRecord, ok bool) {
	var isr []int32
	dirs := make([]env.UUID, len(replicas))
	for i, id := range replicas {
		b := c.image.Broker(id)
		dirs[i] = b.defaultDir()
		if b.Active() {
			isr = append(isr, id)
		}
	}
	if len(isr) == 0 {
		return nil, false
	}
	return &PartitionRecord{
		PartitionID: index, TopicID: topic, Replicas: replicas, ISR: isr, Leader: isr[0], Directories: dirs,
	}, true
}

// defaultDir is where a new replica lies, as far as the controller knows.
func (b *Broker) defaultDir() env.UUID {
	switch len(b.LogDirs) {
	case 0:
		return dirMigrating
	case 1:
		return b.LogDirs[0]
	}
	return dirUnassigned
}
