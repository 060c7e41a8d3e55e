package group

import (
	"unicode/utf16"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// commitOffsets answers OffsetCommit v2..v10 (from v10 on topics are ids). What is
// in no topic is refused row by row; the rest is committed as one batch, or not at
// all.
func (c *Coordinator) commitOffsets(k call, req *kmsg.OffsetCommitRequest) {
	resp := req.ResponseKind().(*kmsg.OffsetCommitResponse)
	refused, rows := c.knownRows(req)
	if len(rows) > 0 {
		rows, records := c.commitRows(req, rows)
		for _, r := range records {
			c.write(r)
		}
		resp.Topics = joinRows(refused, rows)
	} else {
		resp.Topics = refused
	}
	c.out.reply(k.token, resp)
}

// commitRow is one partition to commit, of a topic that exists.
type commitRow struct {
	topicID
	request kmsg.OffsetCommitRequestTopicPartition
	err     int16
}

// commitTopic is a row of the request without what does not exist.
type commitTopic struct {
	topicID
	rows []commitRow
}

// knownRows splits the request into the partitions that exist and the answers of
// those that do not. Topics without partitions are in neither.
func (c *Coordinator) knownRows(req *kmsg.OffsetCommitRequest) (refused []kmsg.OffsetCommitResponseTopic, known []commitTopic) {
	for _, t := range req.Topics {
		topic, absent := c.topicOf(req.Version >= 10, t.Topic, t.TopicID)
		no := kmsg.OffsetCommitResponseTopic{Topic: topic.name, TopicID: topic.id}
		for _, p := range t.Partitions {
			if p.Partition < 0 || p.Partition >= c.topics.Partitions(topic.id) {
				no.Partitions = append(no.Partitions, kmsg.OffsetCommitResponseTopicPartition{Partition: p.Partition, ErrorCode: absent.Code})
				continue
			}
			topic.rows = append(topic.rows, commitRow{topic.topicID, p, 0})
		}
		if len(no.Partitions) > 0 {
			refused = append(refused, no)
		}
		if len(topic.rows) > 0 {
			known = append(known, topic)
		}
	}
	return refused, known
}

// topicOf finds a topic by what the request's version says, and tells how a
// partition that is not there is called.
func (c *Coordinator) topicOf(byID bool, name string, id env.UUID) (found commitTopic, absent *kerr.Error) {
	if !byID {
		id, _ = c.topics.ID(name)
		return commitTopic{topicID: topicID{name, id}}, kerr.UnknownTopicOrPartition
	}
	name, ok := c.topics.Name(id)
	if !ok {
		return commitTopic{topicID: topicID{id: id}}, kerr.UnknownTopicID
	}
	return commitTopic{topicID: topicID{name, id}}, kerr.UnknownTopicOrPartition
}

// commitRows decides on partitions that exist, and tells the records of those that
// are committed.
func (c *Coordinator) commitRows(req *kmsg.OffsetCommitRequest, topics []commitTopic) ([]commitTopic, []Record) {
	who := committer{Member: req.MemberID, Instance: req.InstanceID, Generation: req.Generation, Version: req.Version}
	check, err := c.mayCommit(req.Group, who)
	if err != nil {
		return refuseRows(topics, err), nil
	}
	var records []Record
	for _, t := range topics {
		for i := range t.rows {
			r := &t.rows[i]
			if err := c.commitRow(r, check); err != nil {
				r.err = err.Code
				continue
			}
			records = append(records, c.newOffset(r, req).record(req.Group, place{t.name, r.request.Partition}))
		}
	}
	if !c.fits(records) {
		return refuseRows(topics, kerr.UnknownServerError), nil
	}
	if g := c.groups[req.Group]; g != nil {
		g.committed(who)
	}
	return topics, records
}

// mayCommit asks the group. One that is not there takes commits of nobody.
func (c *Coordinator) mayCommit(group string, who committer) (commitCheck, *kerr.Error) {
	g := c.groups[group]
	switch {
	case g != nil:
		return g.mayCommit(who)
	case who.Generation < 0:
		return nil, nil
	case who.Version >= 9:
		return nil, kerr.GroupIDNotFound
	}
	return nil, kerr.IllegalGeneration
}

// commitRow tells why one partition is not committed. Kafka counts the metadata in
// units of UTF-16.
func (c *Coordinator) commitRow(r *commitRow, check commitCheck) *kerr.Error {
	if m := r.request.Metadata; m != nil && len(*m) > c.config.MaxMetadataBytes &&
		len(utf16.Encode([]rune(*m))) > c.config.MaxMetadataBytes {
		return kerr.OffsetMetadataTooLarge
	}
	if check != nil {
		return check(r.id, r.request.Partition)
	}
	return nil
}

func (c *Coordinator) newOffset(r *commitRow, req *kmsg.OffsetCommitRequest) offset {
	o := offset{at: r.request.Offset, leaderEpoch: noLeaderEpoch, committed: c.now.Wall, expires: noExpiry, topicID: r.id}
	if r.request.Metadata != nil {
		o.metadata = *r.request.Metadata
	}
	if req.Version >= 6 {
		o.leaderEpoch = r.request.LeaderEpoch
	}
	if req.Version >= 2 && req.Version <= 4 && req.RetentionTimeMillis != -1 {
		o.expires = c.now.Wall + req.RetentionTimeMillis
	}
	return o
}

func refuseRows(topics []commitTopic, err *kerr.Error) []commitTopic {
	for _, t := range topics {
		for i := range t.rows {
			t.rows[i].err = err.Code
		}
	}
	return topics
}

// joinRows puts the answers together as Kafka does: what was refused comes first,
// and a topic of which some was refused is one row.
func joinRows(refused []kmsg.OffsetCommitResponseTopic, topics []commitTopic) []kmsg.OffsetCommitResponseTopic {
	rowOf := map[topicID]int{}
	for i, t := range refused {
		rowOf[topicID{t.Topic, t.TopicID}] = i
	}
	for _, t := range topics {
		at, both := rowOf[t.topicID]
		if !both {
			at = len(refused)
			refused = append(refused, kmsg.OffsetCommitResponseTopic{Topic: t.name, TopicID: t.id})
		}
		for _, r := range t.rows {
			refused[at].Partitions = append(refused[at].Partitions,
				kmsg.OffsetCommitResponseTopicPartition{Partition: r.request.Partition, ErrorCode: r.err})
		}
	}
	return refused
}
