package meta

import (
	"fmt"
	"strings"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// verbs are what a golden script can do.
var verbs = map[string]func(*stage, args) []Record{
	"register": (*stage).doRegister, "beat": (*stage).doBeat, "pass": (*stage).doPass, "expire": (*stage).doExpire,
	"topic": (*stage).doTopic, "alter": (*stage).doAlter, "elect": (*stage).doElect, "reassign": (*stage).doReassign,
	"list": (*stage).doList, "lost": (*stage).doLost, "unregister": (*stage).doUnregister, "config": (*stage).doConfig,
	"feature": (*stage).doFeature, "balance": (*stage).doBalance, "take-over": (*stage).doTakeOver, "assign": (*stage).doAssign,
}

// dirNamed is a broker's directory: number n of a broker's first, second, ...
func dirNamed(broker int32, n int64) env.UUID { return env.UUID{0: 9, 14: byte(broker), 15: byte(n)} }

// register 1 [process=2] [dirs=1,2] [lossy=1]
func (s *stage) doRegister(a args) []Record {
	id := a.num(0)
	named := func(name, otherwise string) (dirs []env.UUID) {
		list, ok := a.get(name)
		if list += otherwise; ok {
			list, _ = a.get(name)
		}
		for _, n := range ids("0," + list)[1:] {
			dirs = append(dirs, dirNamed(id, int64(n)))
		}
		return dirs
	}
	req := registrationOf(id, named("dirs", "1")...)
	req.IncarnationID = env.UUID{15: byte(a.or("process", 1))}
	if level, ok := a.get("metadata.version"); ok {
		req.Features[2].MaxSupportedVersion = int16(ids(level)[0])
	}
	var lossy []env.UUID
	if _, ok := a.get("lossy"); ok {
		lossy = named("lossy", "")
	}
	records, resp := s.c.RegisterBroker(s.now, req, s.im.Version()+1, lossy)
	if s.code(resp.ErrorCode); resp.ErrorCode == 0 {
		s.answer = fmt.Sprint("ok, epoch ", resp.BrokerEpoch)
	}
	return records
}

// beat 1 [fence] [shutdown] [epoch=7] [offset=9] [offline=1]
func (s *stage) doBeat(a args) []Record {
	req := kmsg.NewPtrBrokerHeartbeatRequest()
	req.Version, req.BrokerID = 1, a.num(0)
	req.BrokerEpoch = a.or("epoch", -1)
	if b := s.im.Broker(req.BrokerID); b != nil && req.BrokerEpoch < 0 {
		req.BrokerEpoch = b.Epoch
	}
	req.CurrentMetadataOffset = a.or("offset", s.im.Version())
	req.WantFence, req.WantShutdown = a.has("fence"), a.has("shutdown")
	if list, ok := a.get("offline"); ok {
		for _, n := range ids(list) {
			req.OfflineLogDirs = append(req.OfflineLogDirs, dirNamed(req.BrokerID, int64(n)))
		}
	}
	records, resp := s.c.BrokerHeartbeat(s.now, req)
	s.code(resp.ErrorCode)
	for _, flag := range []struct {
		on   bool
		what string
	}{{resp.ErrorCode == 0 && !resp.IsCaughtUp, ", behind"}, {resp.IsFenced && resp.ErrorCode == 0, ", fenced"}, {resp.ShouldShutdown, ", may shut down"}} {
		if flag.on {
			s.answer += flag.what
		}
	}
	return records
}

func (s *stage) doPass(a args) []Record { s.now += duration(a[0]); return nil }

func (s *stage) doExpire(args) []Record { return s.c.Expire(s.now) }

func (s *stage) doTakeOver(args) []Record {
	s.c = NewController(s.im, s.settings, env.Stream(1, 1, "controller"))
	s.c.Activate(s.now, 1<<50)
	return nil
}

// topic a 1,2,3 [min=2] [unclean=true], or topic a factor=3
func (s *stage) doTopic(a args) []Record {
	req := newTopic(a[0], 1, int16(a.or("factor", -1)))
	if _, free := a.get("factor"); !free {
		req.NumPartitions = -1
		req.ReplicaAssignment = []kmsg.CreateTopicsRequestTopicReplicaAssignment{{Replicas: ids(a[1])}}
	}
	for _, c := range [][2]string{{"min", minInsyncReplicas}, {"unclean", "unclean.leader.election.enable"}} {
		if value, ok := a.get(c[0]); ok {
			req.Configs = append(req.Configs, configsOf(c[1], value)...)
		}
	}
	records, resp := s.c.CreateTopics(createRequest(req))
	s.code(resp.Topics[0].ErrorCode)
	return records
}

// alter a-0 isr=1,2 [by=1] [epochs=7,8] [leader-epoch=0] [partition-epoch=0] [recovery=1]
func (s *stage) doAlter(a args) []Record {
	t, p := s.named(a[0])
	list, _ := a.get("isr")
	var isr []member
	for _, id := range ids(list) {
		m := member{id, -1}
		if b := s.im.Broker(id); b != nil {
			m.epoch = b.Epoch
		}
		isr = append(isr, m)
	}
	if epochs, ok := a.get("epochs"); ok {
		for i, e := range ids(epochs) {
			isr[i].epoch = int64(e)
		}
	}
	req := s.askISR(t, p, isr)
	req.BrokerID = int32(a.or("by", int64(p.Leader)))
	if b := s.im.Broker(req.BrokerID); b != nil {
		req.BrokerEpoch = b.Epoch
	}
	req.BrokerEpoch = a.or("epoch", req.BrokerEpoch)
	want := &req.Topics[0].Partitions[0]
	want.LeaderEpoch = int32(a.or("leader-epoch", int64(want.LeaderEpoch)))
	want.PartitionEpoch = int32(a.or("partition-epoch", int64(want.PartitionEpoch)))
	want.LeaderRecoveryState = int8(a.or("recovery", 0))
	records, resp := s.c.AlterPartition(req)
	if s.code(resp.ErrorCode); resp.ErrorCode == 0 {
		s.code(resp.Topics[0].Partitions[0].ErrorCode)
	}
	return records
}

// elect preferred|unclean [a-0]
func (s *stage) doElect(a args) []Record {
	req := kmsg.NewPtrElectLeadersRequest()
	if req.Version, req.ElectionType = 2, preferredElection; a[0] == "unclean" {
		req.ElectionType = uncleanElection
	}
	for _, name := range a[1:] {
		topic := kmsg.NewElectLeadersRequestTopic()
		t, p := s.named(name)
		topic.Topic, topic.Partitions = t.Name, []int32{p.Index}
		req.Topics = append(req.Topics, topic)
	}
	records, resp := s.c.ElectLeaders(req)
	s.code(resp.ErrorCode)
	var answers []string
	for i := range resp.Topics {
		for _, p := range resp.Topics[i].Partitions {
			s.code(p.ErrorCode)
			answers = append(answers, fmt.Sprintf("%s-%d %s", resp.Topics[i].Topic, p.Partition, s.answer))
		}
	}
	s.answer = strings.Join(answers, ", ")
	return records
}

// reassign a-0 2,3|none [same-factor]
func (s *stage) doReassign(a args) []Record {
	t, p := s.named(a[0])
	req := kmsg.NewPtrAlterPartitionAssignmentsRequest()
	want := kmsg.NewAlterPartitionAssignmentsRequestTopicPartition()
	if want.Partition = p.Index; a[1] != "none" {
		want.Replicas = ids(a[1])
	}
	topic := kmsg.NewAlterPartitionAssignmentsRequestTopic()
	topic.Topic, topic.Partitions = t.Name, append(topic.Partitions, want)
	req.Version, req.Topics, req.AllowReplicationFactorChange = 1, append(req.Topics, topic), !a.has("same-factor")
	records, resp := s.c.AlterPartitionReassignments(req)
	s.code(resp.Topics[0].Partitions[0].ErrorCode)
	return records
}

func (s *stage) doList(args) []Record {
	var lines []string
	for _, t := range s.c.ListPartitionReassignments(kmsg.NewPtrListPartitionReassignmentsRequest()).Topics {
		for _, p := range t.Partitions {
			lines = append(lines, fmt.Sprintf("%s-%d %v adding %v removing %v", t.Topic, p.Partition, p.Replicas, p.AddingReplicas, p.RemovingReplicas))
		}
	}
	if s.answer = strings.Join(lines, ", "); lines == nil {
		s.answer = "nothing"
	}
	return nil
}

// lost 1 a-0 [epoch=7]
func (s *stage) doLost(a args) []Record {
	t, p := s.named(a[1])
	records, why := s.c.ReplicaLost(a.num(0), a.or("epoch", s.im.Broker(a.num(0)).Epoch), t.ID, p.Index)
	if s.answer = "ok"; why != nil {
		s.answer = why.Message
	}
	return records
}

func (s *stage) doUnregister(a args) []Record {
	req := kmsg.NewPtrUnregisterBrokerRequest()
	req.BrokerID = a.num(0)
	records, resp := s.c.UnregisterBroker(req)
	s.code(resp.ErrorCode)
	return records
}

// config a name value; topic * is the whole cluster
func (s *stage) doConfig(a args) []Record {
	req := set(ResourceTopic, a[0], a[1], a[2])
	if a[0] == "*" {
		req = set(ResourceBroker, "", a[1], a[2])
	}
	records, resp := s.c.IncrementalAlterConfigs(req)
	s.code(resp.Resources[0].ErrorCode)
	return records
}

// feature name level [safe|unsafe]
func (s *stage) doFeature(a args) []Record {
	req := kmsg.NewPtrUpdateFeaturesRequest()
	u := kmsg.NewUpdateFeaturesRequestFeatureUpdate()
	u.Feature, u.MaxVersionLevel, u.UpgradeType = a[0], int16(a.num(1)), upgrade
	if a.has("safe") {
		u.UpgradeType = safeDowngrade
	}
	if a.has("unsafe") {
		u.UpgradeType = unsafeDowngrade
	}
	req.Version, req.FeatureUpdates = 2, append(req.FeatureUpdates, u)
	records, resp := s.c.UpdateFeatures(req)
	s.code(resp.ErrorCode)
	return records
}

func (s *stage) doBalance(args) []Record {
	records, _ := s.c.Balance()
	unclean, _ := s.c.ElectUnclean()
	return append(records, unclean...)
}

// assign 1 a-0 2: the replica of broker 1 lies in its directory 2
func (s *stage) doAssign(a args) []Record {
	t, p := s.named(a[1])
	req := kmsg.NewPtrAssignReplicasToDirsRequest()
	dir := kmsg.NewAssignReplicasToDirsRequestDirectory()
	topic := kmsg.NewAssignReplicasToDirsRequestDirectoryTopic()
	part := kmsg.NewAssignReplicasToDirsRequestDirectoryTopicPartition()
	part.Partition, topic.TopicID, dir.ID = p.Index, t.ID, dirNamed(a.num(0), int64(a.num(2)))
	topic.Partitions = append(topic.Partitions, part)
	dir.Topics = append(dir.Topics, topic)
	req.BrokerID, req.BrokerEpoch, req.Directories = a.num(0), s.im.Broker(a.num(0)).Epoch, append(req.Directories, dir)
	records, resp := s.c.AssignReplicasToDirs(req)
	if s.code(resp.ErrorCode); resp.ErrorCode == 0 {
		s.code(resp.Directories[0].Topics[0].Partitions[0].ErrorCode)
	}
	return records
}
