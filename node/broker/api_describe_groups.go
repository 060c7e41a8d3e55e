package broker

// DescribeGroups, key 15, versions 0 to 6; DeleteGroups, key 42, 0 to 3;
// ConsumerGroupDescribe, key 69, 0 to 1: any number of groups, each answered by
// its coordinator.

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/group"
)

// groupOperations are Kafka's authorized operations of a group when nothing is
// forbidden: read, delete, describe, describe and alter configs.
const groupOperations = 1<<3 | 1<<6 | 1<<8 | 1<<10 | 1<<11

func (s *shard) describeGroups(k *call, req *kmsg.DescribeGroupsRequest) {
	question := func(i int) kmsg.Request {
		one := *req
		one.Groups = req.Groups[i : i+1 : i+1]
		return &one
	}
	s.askGroups(k, req.Groups, question, func(answers []kmsg.Response) {
		resp := kmsg.NewPtrDescribeGroupsResponse()
		for _, a := range answers {
			resp.Groups = append(resp.Groups, a.(*kmsg.DescribeGroupsResponse).Groups...)
		}
		for i := range resp.Groups {
			if g := &resp.Groups[i]; req.IncludeAuthorizedOperations && g.ErrorCode == 0 {
				g.AuthorizedOperations = groupOperations
			}
		}
		k.reply(resp)
	})
}

func (s *shard) consumerGroupDescribe(k *call, req *kmsg.ConsumerGroupDescribeRequest) {
	if !s.knowsConsumerGroups() {
		k.reply(group.Refuse(req, kerr.UnsupportedVersion.Code))
		return
	}
	question := func(i int) kmsg.Request {
		one := *req
		one.Groups = req.Groups[i : i+1 : i+1]
		return &one
	}
	s.askGroups(k, req.Groups, question, func(answers []kmsg.Response) {
		resp := kmsg.NewPtrConsumerGroupDescribeResponse()
		for _, a := range answers {
			resp.Groups = append(resp.Groups, a.(*kmsg.ConsumerGroupDescribeResponse).Groups...)
		}
		for i := range resp.Groups {
			if g := &resp.Groups[i]; req.IncludeAuthorizedOperations && g.ErrorCode == 0 {
				g.AuthorizedOperations = groupOperations
			}
		}
		k.reply(resp)
	})
}

func (s *shard) deleteGroups(k *call, req *kmsg.DeleteGroupsRequest) {
	var names []string // one that is named twice is answered once
	named := map[string]bool{}
	for _, g := range req.Groups {
		if !named[g] {
			named[g], names = true, append(names, g)
		}
	}
	question := func(i int) kmsg.Request {
		one := *req
		one.Groups = names[i : i+1 : i+1]
		return &one
	}
	s.askGroups(k, names, question, func(answers []kmsg.Response) {
		resp := kmsg.NewPtrDeleteGroupsResponse()
		for _, a := range answers {
			resp.Groups = append(resp.Groups, a.(*kmsg.DeleteGroupsResponse).Groups...)
		}
		k.reply(resp)
	})
}
