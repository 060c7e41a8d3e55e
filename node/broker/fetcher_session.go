package broker

import (
	"maps"
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/partition"
)

// following is the fetch session (KIP-227) that a fetcher has with its leader:
//
//	all partitions, epoch 0 -> id -> what changed, epoch 1 -> what changed, epoch 2 ...
//	      ^                                                        |
//	      +------ the connection broke, or the leader forgot ------+
//
// A partition of the session that a request does not name is fetched as it was
// named last, which acknowledges as much again. So one that must not be fetched
// now is taken out.
type following struct {
	id    int32 // 0: there is none
	epoch int32 // of the next request
	parts map[partitionKey]wanted
}

func (f *following) forget() { *f = following{} }

// ask puts into a request what the session does not have yet, and takes out what
// it is not to have.
func (f *following) ask(req *kmsg.FetchRequest, now []wanted, most int32) {
	req.SessionID, req.SessionEpoch = f.id, f.epoch
	asked := make(map[partitionKey]wanted, len(now))
	for _, w := range now {
		was, known := f.parts[w.r.key]
		if f.id == noSession || !known || was.r != w.r || !was.f.Same(w.f) {
			addWanted(req, w, most)
		}
		asked[w.r.key] = w
	}
	if f.id != noSession && (len(asked) < len(f.parts) || len(req.Topics) > 0) {
		f.leave(req, asked)
	}
	f.parts = asked
}

func (f *following) leave(req *kmsg.FetchRequest, asked map[partitionKey]wanted) {
	for _, key := range slices.SortedFunc(maps.Keys(f.parts), partitionKey.compare) {
		if _, stays := asked[key]; stays {
			continue
		}
		n := len(req.ForgottenTopics)
		if n == 0 || req.ForgottenTopics[n-1].TopicID != key.Topic {
			t := kmsg.NewFetchRequestForgottenTopic()
			t.TopicID = key.Topic
			req.ForgottenTopics = append(req.ForgottenTopics, t)
			n++
		}
		t := &req.ForgottenTopics[n-1]
		t.Partitions = append(t.Partitions, key.Index)
	}
}

func addWanted(req *kmsg.FetchRequest, w wanted, most int32) {
	p := kmsg.NewFetchRequestTopicPartition()
	p.Partition, p.CurrentLeaderEpoch = w.r.key.Index, w.f.LeaderEpoch
	p.FetchOffset, p.LastFetchedEpoch, p.LogStartOffset = w.f.Offset, w.f.LastEpoch, w.f.LogStart
	p.PartitionMaxBytes = most
	if n := len(req.Topics); n > 0 && req.Topics[n-1].TopicID == w.r.key.Topic {
		req.Topics[n-1].Partitions = append(req.Topics[n-1].Partitions, p)
		return
	}
	t := kmsg.NewFetchRequestTopic()
	t.TopicID = w.r.key.Topic
	t.Partitions = append(t.Partitions, p)
	req.Topics = append(req.Topics, t)
}

// answered follows a response. false: the leader does not know the session, and
// the next request begins another.
func (f *following) answered(resp *kmsg.FetchResponse) bool {
	switch resp.ErrorCode {
	case kerr.FetchSessionIDNotFound.Code, kerr.InvalidFetchSessionEpoch.Code, kerr.FetchSessionTopicIDError.Code:
		f.forget()
		return false
	}
	if resp.SessionID == noSession { // it has no room: all is asked each time
		parts := f.parts
		f.forget()
		f.parts = parts // for this response
		return true
	}
	f.id = resp.SessionID
	if f.epoch++; f.epoch < 0 {
		f.epoch = 1
	}
	return true
}

// wanted is one partition in a fetch under way.
type wanted struct {
	r *replica
	f partition.Fetch
}
