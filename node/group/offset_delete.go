package group

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// deleteOffsets answers OffsetDelete v0: offsets of topics that no member reads.
func (c *Coordinator) deleteOffsets(k call, req *kmsg.OffsetDeleteRequest) {
	resp := req.ResponseKind().(*kmsg.OffsetDeleteResponse)
	known, refused := c.knownToDelete(req)
	resp.Topics = refused
	if len(known) == 0 {
		c.out.reply(k.token, resp)
		return
	}
	g := c.groups[req.Group]
	if err := mayLoseOffsets(req.Group, g); err != nil {
		resp.ErrorCode, resp.Topics = err.Code, nil
		c.out.reply(k.token, resp)
		return
	}
	gone, records := c.deleteRows(req.Group, g, known)
	if !c.fits(records) {
		resp.ErrorCode, resp.Topics = kerr.UnknownServerError.Code, nil
		c.out.reply(k.token, resp)
		return
	}
	for _, r := range records {
		c.write(r)
	}
	resp.Topics = joinDeleted(refused, gone)
	c.out.reply(k.token, resp)
}

func mayLoseOffsets(id string, g group) *kerr.Error {
	switch {
	case id == "":
		return kerr.InvalidGroupID
	case g == nil:
		return kerr.GroupIDNotFound
	}
	return g.mayLoseOffsets()
}

// knownToDelete splits the request into partitions that exist and the answers of
// those that do not.
func (c *Coordinator) knownToDelete(req *kmsg.OffsetDeleteRequest) (known []kmsg.OffsetDeleteRequestTopic, refused []kmsg.OffsetDeleteResponseTopic) {
	for _, t := range req.Topics {
		id, _ := c.topics.ID(t.Topic)
		there, not := kmsg.OffsetDeleteRequestTopic{Topic: t.Topic}, kmsg.OffsetDeleteResponseTopic{Topic: t.Topic}
		for _, p := range t.Partitions {
			if p.Partition >= 0 && p.Partition < c.topics.Partitions(id) {
				there.Partitions = append(there.Partitions, p)
				continue
			}
			not.Partitions = append(not.Partitions, kmsg.OffsetDeleteResponseTopicPartition{
				Partition: p.Partition, ErrorCode: kerr.UnknownTopicOrPartition.Code})
		}
		if len(there.Partitions) > 0 {
			known = append(known, there)
		}
		if len(not.Partitions) > 0 {
			refused = append(refused, not)
		}
	}
	return known, refused
}

// deleteRows decides on partitions that exist. What was never committed counts as
// deleted.
func (c *Coordinator) deleteRows(id string, g group, topics []kmsg.OffsetDeleteRequestTopic) (rows []kmsg.OffsetDeleteResponseTopic, records []Record) {
	for _, t := range topics {
		row := kmsg.OffsetDeleteResponseTopic{Topic: t.Topic}
		kept := g.subscribed(t.Topic)
		for _, p := range t.Partitions {
			answer := kmsg.OffsetDeleteResponseTopicPartition{Partition: p.Partition}
			if kept {
				answer.ErrorCode = kerr.GroupSubscribedToTopic.Code
			} else if _, there := c.offsets.get(id, place{t.Topic, p.Partition}); there {
				records = append(records, Record{Key: offsetKey(id, place{t.Topic, p.Partition})})
			}
			row.Partitions = append(row.Partitions, answer)
		}
		rows = append(rows, row)
	}
	return rows, records
}

// joinDeleted puts the answers together: a topic is one row, what was refused
// comes first.
func joinDeleted(refused, gone []kmsg.OffsetDeleteResponseTopic) []kmsg.OffsetDeleteResponseTopic {
	rowOf := map[string]int{}
	var rows []kmsg.OffsetDeleteResponseTopic
	for _, t := range slices.Concat(refused, gone) {
		at, there := rowOf[t.Topic]
		if !there {
			at = len(rows)
			rowOf[t.Topic] = at
			rows = append(rows, kmsg.OffsetDeleteResponseTopic{Topic: t.Topic})
		}
		rows[at].Partitions = append(rows[at].Partitions, t.Partitions...)
	}
	return rows
}
