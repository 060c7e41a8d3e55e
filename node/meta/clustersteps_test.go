package meta

import (
	"slices"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
	"pgregory.net/rapid"

	"odradek/node/env"
)

func configsOf(pairs ...string) (list []kmsg.CreateTopicsRequestTopicConfig) {
	for i := 0; i < len(pairs); i += 2 {
		x := kmsg.NewCreateTopicsRequestTopicConfig()
		x.Name, x.Value = pairs[i], &pairs[i+1]
		list = append(list, x)
	}
	return list
}

// takeOver puts another controller in charge.
func (w *world) takeOver(*rapid.T) {
	w.c = NewController(w.im, w.settings, env.Stream(uint64(w.next), 1, "controller"))
	w.given = w.im.NextProducerID() // who was promised more was not answered
	w.c.Activate(w.now, 1<<50)
}

func (w *world) pass() {
	w.now += time.Duration(rapid.IntRange(0, 10000).Draw(w.t, "ms")) * time.Millisecond
}

func (w *world) expire() {
	at, ok := w.c.NextExpiry()
	w.decide(permit{}, func() []Record {
		records := w.c.Expire(w.now)
		if (records != nil) != (ok && at <= w.now) {
			w.t.Fatalf("%d records at %v, the next expiry is at %v", len(records), w.now, at)
		}
		return records
	})
}

func (w *world) someBeat() {
	w.beat(w.broker(), w.rarely(8, "want fence"), w.rarely(8, "want shutdown"), w.rarely(8, "dir offline"))
}

func (w *world) allBeat() {
	for id := int32(1); id <= 5; id++ {
		w.replays(w.procs[id], false)
		w.beat(id, false, false, false)
	}
}

// shutDown asks until it is granted, as a broker does; others beat meanwhile.
func (w *world) shutDown() {
	id := w.broker()
	for range 3 {
		w.beat(id, false, true, false)
		for other := int32(1); other <= 5; other++ {
			if other != id {
				w.replays(w.procs[other], false)
				w.beat(other, false, false, false)
			}
		}
	}
	for b := range w.im.Brokers() {
		if b.Active() && !w.running(b.ID) {
			return // the controller waits for it
		}
	}
	if b := w.im.Broker(id); w.running(id) && !b.Fenced {
		w.t.Fatalf("%+v may not shut down", b)
	}
}

func (w *world) beat(id int32, fence, shutdown, offline bool) {
	p := w.procs[id]
	if p.epoch < 0 {
		return
	}
	req := kmsg.NewPtrBrokerHeartbeatRequest()
	req.Version, req.BrokerID, req.BrokerEpoch, req.CurrentMetadataOffset = 1, id, p.epoch, w.past[p.seen].version
	req.WantFence, req.WantShutdown = fence, shutdown
	if online := slices.DeleteFunc(slices.Clone(p.dirs), func(d env.UUID) bool { return slices.Contains(p.offline, d) }); offline && len(online) > 1 {
		p.offline = append(p.offline, online[0])
	}
	for _, dir := range p.offline {
		req.OfflineLogDirs = append(req.OfflineLogDirs, dir)
	}
	known := w.running(id)
	w.decide(permit{}, func() []Record {
		records, resp := w.c.BrokerHeartbeat(w.now, req)
		if (resp.ErrorCode == 0) != known || !known && resp.ErrorCode != kerr.StaleBrokerEpoch.Code {
			w.t.Fatalf("%+v", resp)
		}
		return records
	})
}

// restart ends a broker's process; its storage may go with it.
func (w *world) restart() {
	id := w.broker()
	p := w.procs[id]
	p.incarnation, p.epoch, p.offline, p.asked = w.uuid(), -1, nil, nil
	for i := range p.dirs {
		switch {
		case w.rarely(3, "directory lost"):
			p.lost = append(p.lost, p.dirs[i])
			p.dirs[i] = w.uuid()
		case w.rarely(4, "directory lossy"):
			p.lossy = append(p.lossy, p.dirs[i])
		}
	}
}

func (w *world) someRegister() { w.register(w.broker()) }

func (w *world) register(id int32) {
	p := w.procs[id]
	req := registrationOf(id, p.dirs...)
	req.IncarnationID = p.incarnation
	again := w.running(id)
	if !again {
		defer func() { w.replays(p, false) }()
	}
	old := w.im.Broker(id)
	w.decide(permit{loss: true}, func() []Record {
		records, resp := w.c.RegisterBroker(w.now, req, w.im.Version()+1, p.lossy)
		switch {
		case resp.ErrorCode == kerr.DuplicateBrokerRegistration.Code && old != nil && !again && w.c.alive(w.now, old):
			return nil
		case resp.ErrorCode != 0 || again && resp.BrokerEpoch != p.epoch:
			w.t.Fatalf("%+v", resp)
		case again:
			return records
		}
		p.epoch = resp.BrokerEpoch
		w.forget(id, func(dir env.UUID) bool { return slices.Contains(p.lost, dir) || slices.Contains(p.lossy, dir) })
		p.lost, p.lossy = nil, nil
		return records
	})
}

// forget makes true that the storage of a broker is lost, as far as it is in
// these directories; what is placed anew then is in one that is there.
func (w *world) forget(id int32, lost func(dir env.UUID) bool) {
	for at, dir := range w.lies {
		if at.id == id && lost(dir) {
			delete(w.holds[at.part], id)
			if !slices.Contains(w.procs[id].dirs, dir) {
				w.lies[at] = w.procs[id].dirs[0]
			}
		}
	}
}

// write lets a process that takes itself for the leader commit records, with all
// that it takes for in sync. From then on only these are known to hold all.
func (w *world) write() {
	t, p := w.partition()
	key := partKey{t.ID, p.Index}
	var leaders []int32
	for id := int32(1); id <= 5; id++ {
		if w.alive(key, id) && w.view(id, key).Leader == id {
			leaders = append(leaders, id)
		}
	}
	if leaders == nil {
		return
	}
	id := rapid.SampledFrom(leaders).Draw(w.t, "leader")
	v := w.view(id, key)
	if v.LeaderEpoch < w.since[key] ||
		len(v.ISR) < min(w.past[w.procs[id].seen].least[key], len(v.Replicas)) {
		return
	}
	isr := slices.Clone(v.ISR)
	for _, a := range w.procs[id].asked {
		if a.part == key && a.moment > w.procs[id].seen {
			isr = append(isr, a.isr...)
		}
	}
	holders := map[int32]bool{}
	for _, id := range isr {
		if !w.fetches(key, id, v.Leader, v.LeaderEpoch) {
			return
		}
		if w.stayed(key, id) {
			holders[id] = true
		}
	}
	w.holds[key] = holders
	w.checkHolders(t, p)
}

// stayed tells whether a broker was a replica ever since what it has replayed: if
// not, it is to throw away what it has.
func (w *world) stayed(key partKey, id int32) bool {
	for _, m := range w.past[w.procs[id].seen:] {
		if !slices.Contains(m.parts[key].Replicas, id) {
			return false
		}
	}
	return true
}

func (w *world) someReplay() { w.replays(w.procs[w.broker()], true) }

func (w *world) allReplay() {
	for id := int32(1); id <= 5; id++ {
		w.replays(w.procs[id], false)
	}
}

// heal brings all that run into service and into the ISR.
func (w *world) heal() {
	w.allBeat()
	w.allReplay()
	for t := range w.im.Topics() {
		for i := range t.Partitions {
			w.allReplay()
			w.askFor(t, &t.Partitions[i], func(string) bool { return false })
		}
	}
}

// askISR asks for an ISR as the leader does.
func (w *world) askISR(t *Topic, p *Partition, isr []member) *kmsg.AlterPartitionRequest {
	req := kmsg.NewPtrAlterPartitionRequest()
	req.Version, req.BrokerID = 3, p.Leader
	if b := w.im.Broker(p.Leader); b != nil {
		req.BrokerEpoch = b.Epoch
	}
	want := kmsg.NewAlterPartitionRequestTopicPartition()
	want.Partition, want.LeaderEpoch, want.PartitionEpoch = p.Index, p.LeaderEpoch, p.PartitionEpoch
	for _, m := range isr {
		x := kmsg.NewAlterPartitionRequestTopicPartitionNewEpochISR()
		x.BrokerID, x.BrokerEpoch = m.id, m.epoch
		want.NewEpochISR = append(want.NewEpochISR, x)
	}
	topic := kmsg.NewAlterPartitionRequestTopic()
	topic.TopicID, topic.Partitions = t.ID, append(topic.Partitions, want)
	req.Topics = append(req.Topics, topic)
	return req
}

// alter lets a leader ask for an ISR of replicas that have caught up, though
// perhaps with an earlier process.
func (w *world) alter() {
	t, p := w.partition()
	w.askFor(t, p, func(what string) bool { return w.rarely(4, what) })
}

func (w *world) askFor(t *Topic, p *Partition, but func(what string) bool) {
	key, leader := partKey{t.ID, p.Index}, p.Leader
	if leader == NoLeader || !w.running(leader) || w.view(leader, key).PartitionEpoch != p.PartitionEpoch {
		return
	}
	isr := []member{{leader, w.im.Broker(leader).Epoch}}
	for _, id := range p.Replicas {
		b := w.im.Broker(id)
		if id == leader || b == nil || but("left out") {
			continue
		}
		m := member{id, b.Epoch}
		if but("earlier process") {
			m.epoch--
		}
		if w.running(id) && w.fetches(key, id, leader, p.LeaderEpoch) || m.epoch != b.Epoch {
			isr = append(isr, m)
		}
	}
	w.decide(permit{}, func() []Record {
		records, resp := w.c.AlterPartition(w.askISR(t, p, isr))
		if code := resp.Topics[0].Partitions[0].ErrorCode; code != 0 && code != kerr.NewLeaderElected.Code {
			return records
		}
		w.procs[leader].asked = append(w.procs[leader].asked, asked{key, brokersOf(isr), len(w.past)})
		for _, m := range isr {
			if m.epoch == w.im.Broker(m.id).Epoch {
				w.holds[key][m.id] = true
			}
		}
		return records
	})
}

// alterStale asks with epochs that are not those of now.
func (w *world) alterStale() {
	t, p := w.partition()
	if p.Leader == NoLeader {
		return
	}
	req := w.askISR(t, p, []member{{p.Leader, w.im.Broker(p.Leader).Epoch}})
	want := &req.Topics[0].Partitions[0]
	code := kerr.NotController
	switch rapid.IntRange(0, 4).Draw(w.t, "stale") {
	case 0:
		want.LeaderEpoch--
		code = kerr.FencedLeaderEpoch
	case 1:
		want.PartitionEpoch--
		code = kerr.InvalidUpdateVersion
	case 2:
		want.LeaderEpoch++
	case 3:
		want.PartitionEpoch++
	case 4:
		req.Topics[0].TopicID = w.uuid()
		code = kerr.UnknownTopicID
	}
	records, resp := w.c.AlterPartition(req)
	if records != nil || resp.Topics[0].Partitions[0].ErrorCode != code.Code {
		w.t.Fatalf("%+v, want %v", resp.Topics[0].Partitions[0], code)
	}
}

func (w *world) loseReplica() {
	t, p := w.partition()
	id := rapid.SampledFrom(p.Replicas).Draw(w.t, "replica")
	if !w.running(id) {
		return
	}
	delete(w.holds[partKey{t.ID, p.Index}], id)
	defer func() { w.replays(w.procs[id], false) }() // it waits for the answer
	w.decide(permit{loss: true}, func() []Record {
		records, why := w.c.ReplicaLost(id, w.procs[id].epoch, t.ID, p.Index)
		if why != nil || records == nil {
			w.t.Fatal(why)
		}
		return records
	})
}

func (w *world) electLeaders() {
	req := kmsg.NewPtrElectLeadersRequest()
	req.Version, req.ElectionType = 2, int8(rapid.IntRange(0, 1).Draw(w.t, "kind"))
	w.decide(permit{unclean: req.ElectionType == uncleanElection}, func() []Record {
		records, _ := w.c.ElectLeaders(req)
		return records
	})
}

func (w *world) balance() {
	w.decide(permit{}, func() []Record { records, _ := w.c.Balance(); return records })
	w.decide(permit{}, func() []Record { records, _ := w.c.ElectUnclean(); return records })
}

func (w *world) reassign() {
	t, p := w.partition()
	req := kmsg.NewPtrAlterPartitionAssignmentsRequest()
	want := kmsg.NewAlterPartitionAssignmentsRequestTopicPartition()
	if want.Partition = p.Index; !w.rarely(3, "take back") {
		want.Replicas = rapid.Permutation([]int32{1, 2, 3, 4, 5}).Draw(w.t, "target")[:rapid.IntRange(1, 4).Draw(w.t, "size")]
	}
	topic := kmsg.NewAlterPartitionAssignmentsRequestTopic()
	topic.Topic, topic.Partitions = t.Name, append(topic.Partitions, want)
	req.Version, req.Topics = 1, append(req.Topics, topic)
	w.decide(permit{}, func() []Record {
		records, _ := w.c.AlterPartitionReassignments(req)
		return records
	})
}

func (w *world) grow() {
	t, _ := w.partition()
	req := kmsg.NewPtrCreatePartitionsRequest()
	more := kmsg.NewCreatePartitionsRequestTopic()
	more.Topic, more.Count = t.Name, 2
	req.Version, req.Topics = 3, append(req.Topics, more)
	w.decide(permit{}, func() []Record { records, _ := w.c.CreatePartitions(req); return records })
}

func (w *world) configure() {
	t, _ := w.partition()
	req := set(ResourceTopic, t.Name, minInsyncReplicas, strconv.Itoa(rapid.IntRange(1, 4).Draw(w.t, "least")))
	switch rapid.IntRange(0, 3).Draw(w.t, "config") {
	case 0:
		req = alterRequest(ResourceTopic, t.Name, minInsyncReplicas, kmsg.IncrementalAlterConfigOpDelete, nil)
	case 1:
		req = set(ResourceBroker, "", minInsyncReplicas, strconv.Itoa(rapid.IntRange(1, 3).Draw(w.t, "least")))
	}
	w.decide(permit{}, func() []Record { records, _ := w.c.IncrementalAlterConfigs(req); return records })
}

func (w *world) unregister() {
	req := kmsg.NewPtrUnregisterBrokerRequest()
	if req.BrokerID = w.broker(); !w.rarely(3, "really") {
		return
	}
	w.decide(permit{}, func() []Record { records, _ := w.c.UnregisterBroker(req); return records })
}

// assignDirs tells where a replica really is.
func (w *world) assignDirs() {
	t, p := w.partition()
	id := rapid.SampledFrom(p.Replicas).Draw(w.t, "replica")
	if !w.running(id) {
		return
	}
	req := kmsg.NewPtrAssignReplicasToDirsRequest()
	dir := kmsg.NewAssignReplicasToDirsRequestDirectory()
	topic := kmsg.NewAssignReplicasToDirsRequestDirectoryTopic()
	part := kmsg.NewAssignReplicasToDirsRequestDirectoryTopicPartition()
	part.Partition, topic.TopicID, dir.ID = p.Index, t.ID, w.lies[replica{partKey{t.ID, p.Index}, id}]
	topic.Partitions = append(topic.Partitions, part)
	dir.Topics = append(dir.Topics, topic)
	req.BrokerID, req.BrokerEpoch, req.Directories = id, w.procs[id].epoch, append(req.Directories, dir)
	w.decide(permit{}, func() []Record { records, _ := w.c.AssignReplicasToDirs(req); return records })
}

// producerIDs gives a block away, whose record may be lost.
func (w *world) producerIDs() {
	id := w.broker()
	if !w.running(id) {
		return
	}
	req := kmsg.NewPtrAllocateProducerIDsRequest()
	req.BrokerID, req.BrokerEpoch = id, w.procs[id].epoch
	records, resp := w.c.AllocateProducerIDs(req)
	if resp.ErrorCode != 0 || resp.ProducerIDStart < w.given {
		w.t.Fatalf("%+v, but ids below %d were given", resp, w.given)
	}
	w.given = resp.ProducerIDStart + int64(resp.ProducerIDLen)
	if w.rarely(3, "record lost") {
		return
	}
	w.commit(records)
}
