package broker

// ListGroups, key 16, versions 0 to 5: the groups of all coordinators of this
// node, by states from 4 and types from 5 on. While one of them loads there is no
// answer but COORDINATOR_LOAD_IN_PROGRESS.

import (
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/group"
)

// listQuestion asks a shard for the groups of its coordinators; answered with a
// *kmsg.ListGroupsResponse.
type listQuestion struct {
	ID     uint64
	Caller group.Caller
	Req    *kmsg.ListGroupsRequest
}

func (s *shard) listGroups(k *call, req *kmsg.ListGroupsRequest) {
	answers, left := make([]*kmsg.ListGroupsResponse, s.node.shards), s.node.shards
	for i := range answers {
		s.lastQuestion++
		s.askShard(i+1, listQuestion{s.lastQuestion, k.caller(), req}, func(body any) {
			answers[i] = body.(*kmsg.ListGroupsResponse)
			if left--; left == 0 {
				k.reply(joinLists(answers))
			}
		})
	}
}

func joinLists(all []*kmsg.ListGroupsResponse) *kmsg.ListGroupsResponse {
	resp := kmsg.NewPtrListGroupsResponse()
	for _, a := range all {
		if a.ErrorCode != 0 {
			return a
		}
		resp.Groups = append(resp.Groups, a.Groups...)
	}
	return resp
}

// listHere asks all coordinators of this shard.
func (s *shard) listHere(from int, q listQuestion, done func(any)) {
	var keys []partitionKey
	for _, r := range s.sortedReplicas() {
		if r.coordinates() {
			keys = append(keys, r.key)
		}
	}
	answers, left := make([]*kmsg.ListGroupsResponse, len(keys)), len(keys)
	if left == 0 {
		done(joinLists(nil))
	}
	for i, key := range keys {
		s.askCoordinator(from, groupQuestion{Key: key, ID: q.ID, Caller: q.Caller, Req: q.Req}, func(body any) {
			answers[i] = body.(*kmsg.ListGroupsResponse)
			if left--; left == 0 {
				done(joinLists(answers))
			}
		})
	}
}
