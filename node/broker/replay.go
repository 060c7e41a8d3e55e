package broker

import (
	"cmp"
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"

	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/partition"
	"odradek/node/storage"
)

// replay applies committed records to the shard's image and carries them out.
// It is acknowledged when the directories of deleted topics are out of the way
// of topics that may take their names.
func (s *shard) replay(ch change) {
	switch {
	case ch.Boot != nil:
		s.takeBoot(ch.Boot)
		return
	case ch.Whole:
		s.takeWhole(ch)
		return
	}
	last := ch.First + int64(len(ch.Records)) - 1
	pending := 1
	done := func() {
		if pending--; pending == 0 {
			s.replayed(last)
		}
	}
	s.versions.begin(last)
	known := s.registered()
	for i, r := range ch.Records {
		pending += s.removeFirst(r, done)
		replay(s.image, ch.First+int64(i), []meta.Record{r})
		pending += s.carryOut(r, done)
	}
	if !known && s.registered() {
		s.applyAll()
	}
	done()
	s.unpark()
	s.elected()
	if slices.ContainsFunc(ch.Records, movesTopics) {
		s.tellCoordinators()
	}
}

// registered tells whether the metadata knows this process. What it says until
// then of leaders was meant for the process before: it must not lead in its
// epochs, nor acknowledge anything in its name.
func (s *shard) registered() bool {
	b := s.image.Broker(s.node.config.NodeID)
	return b != nil && b.Incarnation == s.process
}

func (s *shard) applyAll() {
	for t := range s.image.Topics() {
		s.applyTopic(t)
	}
}

// replayed tells the controller how far this shard is: changes may be carried
// out in another order than they came.
func (s *shard) replayed(version int64) {
	s.versions.end(version)
	s.out.Send(controllerIndex, replayed{s.versions.reached})
}

// takeWhole replaces the image by a snapshot. Topics that are not in it are gone.
func (s *shard) takeWhole(ch change) {
	end := ch.First + int64(len(ch.Records))
	fresh := wholeImage(s.image.ClusterID, end, ch.Records)
	s.versions.begin(end - 1)
	pending := 1
	done := func() {
		if pending--; pending == 0 {
			s.replayed(end - 1)
		}
	}
	for t := range s.image.Topics() {
		if fresh.TopicByID(t.ID) == nil {
			pending += s.removeTopic(t, done)
		}
	}
	s.image = fresh
	s.follow()
	for t := range s.image.Topics() {
		if s.topics[t.ID] == nil {
			s.addTopic(t)
			continue
		}
		s.configure(s.topics[t.ID])
		for i := range t.Partitions {
			pending += s.rehouse(partitionKey{t.ID, t.Partitions[i].Index}, done)
		}
		s.applyTopic(t)
	}
	done()
	s.unpark()
	s.tellCoordinators()
}

// takeBoot begins with what the controller found.
func (s *shard) takeBoot(b *boot) {
	s.image.ClusterID, s.process = b.ClusterID, b.Incarnation
	s.dirs, s.homes = b.Dirs, maps.Clone(b.Homes) // which shrinks; the others have their own
	for i, r := range b.Records {
		replay(s.image, b.Version-int64(len(b.Records)-1-i), []meta.Record{r})
	}
	s.follow()
	s.keepJournals()
	s.loader.warm, _ = s.node.config.Int("odradek.open.at.start")
	for t := range s.image.Topics() {
		s.addTopic(t)
	}
	s.chores()
	s.loader.run()
	s.versions = versions{reached: b.Version, newest: b.Version}
	s.out.Send(controllerIndex, replayed{b.Version})
	s.unpark()
}

// carryOut acts on a record that was just replayed.
func (s *shard) carryOut(r meta.Record, done func()) (pending int) {
	switch r := r.(type) {
	case *meta.PartitionRecord:
		s.addReplica(s.image.TopicByID(r.TopicID), r.PartitionID)
	case *meta.PartitionChangeRecord:
		key := partitionKey{r.TopicID, r.PartitionID}
		pending = s.rehouse(key, done)
		s.applyState(key)
	case *meta.TopicRecord:
		s.addTopic(s.image.TopicByID(r.TopicID))
	case *meta.ConfigRecord:
		s.reconfigure(r)
	case *meta.ClearELRRecord:
		s.applyCleared(r.TopicName)
	}
	return pending
}

// applyCleared tells replicas that ELRs were emptied, of one topic or (with "") of
// all: their partition epochs have moved.
func (s *shard) applyCleared(topic string) {
	for t := range s.image.Topics() {
		if topic == "" || t.Name == topic {
			s.applyTopic(t)
		}
	}
}

func (s *shard) addTopic(t *meta.Topic) {
	x := &topic{name: t.Name}
	s.topics[t.ID] = x
	s.configure(x)
	for i := range t.Partitions {
		s.addReplica(t, t.Partitions[i].Index)
	}
}

// configure computes a topic's configuration from all its sources.
func (s *shard) configure(x *topic) {
	x.config = s.config.Topic(s.image.Configs(meta.ResourceTopic, x.name).Map())
	x.log = logConfig(x)
}

func (s *shard) reconfigure(r *meta.ConfigRecord) {
	switch r.ResourceType {
	case meta.ResourceTopic:
		if t := s.image.Topic(r.ResourceName); t != nil {
			s.configure(s.topics[t.ID])
			s.applyTopic(t)
		}
	case meta.ResourceBroker:
		s.follow()
		for t := range s.image.Topics() {
			s.configure(s.topics[t.ID])
			s.applyTopic(t)
		}
	}
}

// follow puts the node's configuration under the dynamic configs of brokers.
func (s *shard) follow() {
	own := s.image.Configs(meta.ResourceBroker, strconv.Itoa(int(s.node.config.NodeID)))
	all := s.image.Configs(meta.ResourceBroker, "")
	s.config = s.node.config.With(all.Map(), own.Map())
	s.configureGroups()
}

func (s *shard) applyTopic(t *meta.Topic) {
	for i := range t.Partitions {
		s.applyState(partitionKey{t.ID, t.Partitions[i].Index})
	}
}

func (s *shard) applyState(key partitionKey) {
	if r := s.replicas[key]; r != nil {
		r.stir()
		r.part.Apply(s.now, r.state(s.image.TopicByID(key.Topic).Partition(key.Index)), s.out)
		r.excuse()
		r.follow()
		r.coordinate()
	}
}

func (s *shard) addReplica(t *meta.Topic, index int32) {
	key := partitionKey{t.ID, index}
	p := t.Partition(index)
	if s.node.shardOf(key) != s.index || !slices.Contains(p.Replicas, s.node.config.NodeID) || s.replicas[key] != nil || s.leaving[key] {
		return
	}
	r := &replica{s: s, key: key, topic: s.topics[t.ID], part: partition.New(s.node.config.NodeID)}
	r.dir = s.home(r, p)
	s.replicas[key], s.inOrder = r, nil
	lag, _ := s.node.config.Int("replica.lag.time.max.ms")
	r.part.Replicate(r, time.Duration(lag)*time.Millisecond)
	r.part.Apply(s.now, r.state(p), s.out)
	r.follow()
	if s.offline[r.dir.path] {
		r.failed = errOffline
		return
	}
	s.loader.add(r)
	s.loader.run()
}

// home is the directory of a partition: where it lies, where the metadata says,
// or one chosen by its key.
func (s *shard) home(r *replica, p *meta.Partition) *logDir {
	if d := s.homes[r.name()]; d != nil {
		return d
	}
	if at := slices.Index(p.Replicas, s.node.config.NodeID); at < len(p.Directories) {
		for _, d := range s.dirs {
			if d.id == p.Directories[at] {
				return d
			}
		}
	}
	return s.dirs[r.key.hash()/uint64(s.node.shards)%uint64(len(s.dirs))]
}

// load opens the replica's log. A directory of another topic of the same name
// is put aside first: that topic is gone.
func (r *replica) load(t *env.Task) error {
	dir := r.path()
	o := storage.Options{Dir: dir, TopicID: r.key.Topic, Config: &r.topic.log, Owner: r, Tasks: &r.s.tasks, Rand: r.s.rand, Journal: r.s.journalIn(r.dir), Mendable: len(r.part.State().Replicas) > 1, Indexes: r.s.indexes}
	l, report, err := storage.Open(t, o)
	if errors.Is(err, storage.ErrOtherTopic) {
		t.Out().Logf(env.Warn, "%s: %v; it is set aside", dir, err)
		if err = storage.SetAside(t, dir, env.NewUUID(r.s.rand)); err == nil {
			l, report, err = storage.Open(t, o)
		}
	}
	if err != nil {
		return err
	}
	r.log = l
	r.s.repairs.found += len(report.Damaged)
	if report.Lost && len(r.part.State().Replicas) > 1 { // alone it has nobody to go to
		r.part.Lose()
	}
	r.part.Attach(t.Now(), l)
	logReport(t.Out(), dir, report)
	return nil
}

func logReport(out *env.Outbox, dir string, report storage.Report) {
	if text := report.String(); text != "" {
		out.Logf(env.Warn, "%s: %s", dir, text)
	}
}

// removeFirst begins to delete the replicas of a topic that is about to leave
// the image. It tells how many calls of done are to come.
func (s *shard) removeFirst(rec meta.Record, done func()) (pending int) {
	r, ok := rec.(*meta.RemoveTopicRecord)
	if !ok {
		return 0
	}
	return s.removeTopic(s.image.TopicByID(r.TopicID), done)
}

func (s *shard) removeTopic(t *meta.Topic, done func()) (pending int) {
	for i := range t.Partitions {
		if x := s.replicas[partitionKey{t.ID, t.Partitions[i].Index}]; x != nil {
			pending++
			s.remove(x, kerr.UnknownTopicOrPartition, done)
		}
	}
	delete(s.topics, t.ID)
	return pending
}

// remove deletes a replica: once its log is loaded, or at once if it cannot be. Who
// waits for it is told why.
func (s *shard) remove(r *replica, why error, done func()) {
	s.withReplica(r.key, func(*replica, error) {
		if r.log == nil || r.failed != nil {
			done()
			return
		}
		s.start(r.log.Delete, func(err error) {
			if err != nil {
				s.out.Logf(env.Error, "delete %s: %v", r.path(), err)
			}
			done()
		})
	})
	r.gone = why
	r.stir()
	r.coordinate()
	r.part.Close(why)
	r.follow()
	delete(s.replicas, r.key)
	s.inOrder = nil
	delete(s.homes, r.name())
}

// sortedReplicas are the replicas in the order of their keys; nobody changes the list.
func (s *shard) sortedReplicas() []*replica {
	if s.inOrder != nil {
		return s.inOrder
	}
	for _, key := range slices.SortedFunc(maps.Keys(s.replicas), partitionKey.compare) {
		s.inOrder = append(s.inOrder, s.replicas[key])
	}
	return s.inOrder
}

func (s *shard) sortedConns() []env.ConnID { return slices.Sorted(maps.Keys(s.conns)) }

func (k partitionKey) compare(o partitionKey) int {
	return cmp.Or(slices.Compare(k.Topic[:], o.Topic[:]), cmp.Compare(k.Index, o.Index))
}

// versions are the changes that are being carried out: a deletion takes its time,
// while later changes go on.
type versions struct {
	open    []int64 // ascending
	reached int64   // all up to here are carried out
	newest  int64
}

func (v *versions) begin(version int64) { v.open, v.newest = append(v.open, version), version }

func (v *versions) end(version int64) {
	v.open = slices.DeleteFunc(v.open, func(x int64) bool { return x == version })
	if v.reached = v.newest; len(v.open) > 0 {
		v.reached = v.open[0] - 1
	}
}
