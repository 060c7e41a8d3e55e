package broker

// OffsetFetch, key 9, versions 1 to 10; several groups from 8 on, each answered by
// its coordinator, and then by itself: one may be refused and another not.

import "github.com/twmb/franz-go/pkg/kmsg"

func (s *shard) offsetFetch(k *call, req *kmsg.OffsetFetchRequest) {
	if req.Version < 8 {
		s.groupAPI(k, req.Group)
		return
	}
	ids := make([]string, len(req.Groups))
	for i := range req.Groups {
		ids[i] = req.Groups[i].Group
	}
	question := func(i int) kmsg.Request {
		one := *req
		one.Groups = req.Groups[i : i+1 : i+1]
		return &one
	}
	s.askGroups(k, ids, question, func(answers []kmsg.Response) {
		resp := kmsg.NewPtrOffsetFetchResponse()
		for _, a := range answers {
			resp.Groups = append(resp.Groups, a.(*kmsg.OffsetFetchResponse).Groups...)
		}
		k.reply(resp)
	})
}
