package broker

// DescribeLogDirs, key 35, versions 1 to 5: every log directory with the sizes
// of the partitions in it. The disk's own sizes are not known here (-1).

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// dirsQuestion asks a shard for the sizes of those of its partitions that are wanted;
// answered with []dirEntry.
type dirsQuestion struct{ Wanted func(dirEntry) bool }

type dirEntry struct {
	Dir   string
	Topic string
	Index int32
	Size  int64
}

func (s *shard) describeDirs(q dirsQuestion, done func(any)) {
	var all []dirEntry
	left := 1
	finish := func() {
		if left--; left == 0 {
			done(all)
		}
	}
	for _, r := range s.sortedReplicas() {
		e := dirEntry{Dir: r.dir.path, Topic: r.topic.name, Index: r.key.Index}
		if !q.Wanted(e) {
			continue
		}
		left++
		s.withReplica(r.key, func(*replica, error) {
			if r.log != nil {
				e.Size = r.log.Size()
			}
			all = append(all, e)
			finish()
		})
	}
	finish()
}

func (s *shard) describeLogDirs(k *call, req *kmsg.DescribeLogDirsRequest) {
	var all []dirEntry
	left := s.node.shards
	for i := range s.node.shards {
		s.askShard(i+1, dirsQuestion{wantedPartitions(req)}, func(body any) {
			all = append(all, body.([]dirEntry)...)
			if left--; left == 0 {
				k.reply(s.dirsResponse(all))
			}
		})
	}
}

func (s *shard) dirsResponse(all []dirEntry) *kmsg.DescribeLogDirsResponse {
	resp := kmsg.NewPtrDescribeLogDirsResponse()
	for _, d := range s.dirs {
		x := kmsg.NewDescribeLogDirsResponseDir()
		x.Dir, x.TotalBytes, x.UsableBytes = d.path, -1, -1
		if s.offline[d.path] {
			x.ErrorCode = kerr.KafkaStorageError.Code
		} else {
			for _, e := range all {
				if e.Dir == d.path {
					addDirEntry(&x, e)
				}
			}
		}
		resp.Dirs = append(resp.Dirs, x)
	}
	return resp
}

// wantedPartitions tells which partitions were asked for: all if topics is null.
func wantedPartitions(req *kmsg.DescribeLogDirsRequest) func(dirEntry) bool {
	type key struct {
		topic string
		index int32
	}
	asked := map[key]bool{}
	for i := range req.Topics {
		for _, p := range req.Topics[i].Partitions {
			asked[key{req.Topics[i].Topic, p}] = true
		}
	}
	return func(e dirEntry) bool { return req.Topics == nil || asked[key{e.Topic, e.Index}] }
}

func addDirEntry(x *kmsg.DescribeLogDirsResponseDir, e dirEntry) {
	p := kmsg.NewDescribeLogDirsResponseDirTopicPartition()
	p.Partition, p.Size = e.Index, e.Size
	for i := range x.Topics {
		if x.Topics[i].Topic == e.Topic {
			x.Topics[i].Partitions = append(x.Topics[i].Partitions, p)
			return
		}
	}
	t := kmsg.NewDescribeLogDirsResponseDirTopic()
	t.Topic = e.Topic
	t.Partitions = append(t.Partitions, p)
	x.Topics = append(x.Topics, t)
}
