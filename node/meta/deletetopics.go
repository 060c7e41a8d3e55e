package meta

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// DeleteTopics decides on the removal of topics by name or, from v6 on, by id
// (API key 20, v1 to v6; KIP-516, Kafka's ControllerApis). What is named twice
// is refused once, and stays.
func (c *Controller) DeleteTopics(req *kmsg.DeleteTopicsRequest) ([]Record, *kmsg.DeleteTopicsResponse) {
	d := deletion{
		c: c, resp: req.ResponseKind().(*kmsg.DeleteTopicsResponse),
		twice: map[env.UUID]bool{}, at: map[*Topic]int{},
	}
	d.resp.Topics = []kmsg.DeleteTopicsResponseTopic{}
	asked := req.Topics
	for i := range req.TopicNames {
		asked = append(asked, kmsg.DeleteTopicsRequestTopic{Topic: &req.TopicNames[i]})
	}
	if !c.config.DeleteTopics {
		d.disabled(asked)
		return nil, d.resp
	}
	for _, by := range d.distinct(asked) {
		d.resolve(by)
	}
	return d.finish(), d.resp
}

// deletion gathers what one request is answered.
type deletion struct {
	c      *Controller
	resp   *kmsg.DeleteTopicsResponse
	twice  map[env.UUID]bool // ids that were given more than once
	chosen []doomed
	at     map[*Topic]int // in chosen
}

// doomed is a topic to be deleted, unless the request means it twice.
type doomed struct {
	topic *Topic
	again bool
}

// reference is how a request means a topic: by name, or with nil by id.
type reference struct {
	name *string
	id   env.UUID
}

// key is the same for references in the same words.
func (r reference) key() (k struct {
	name string
	id   env.UUID
}) {
	if k.id = r.id; r.name != nil {
		k.name = *r.name
	}
	return k
}

func (d *deletion) answer(name *string, id env.UUID, why *refusal) {
	t := kmsg.NewDeleteTopicsResponseTopic()
	t.Topic, t.TopicID = name, id
	why.fill(&t.ErrorCode, &t.ErrorMessage)
	d.resp.Topics = append(d.resp.Topics, t)
}

// disabled refuses all, with a code that old clients know before v3.
func (d *deletion) disabled(asked []kmsg.DeleteTopicsRequestTopic) {
	why := &refusal{code: kerr.TopicDeletionDisabled}
	if d.resp.Version < 3 {
		why.code = kerr.InvalidRequest
	}
	for i := range asked {
		d.answer(asked[i].Topic, asked[i].TopicID, why)
	}
}

// distinct leaves the references that are well formed and given once, and
// answers the others.
func (d *deletion) distinct(asked []kmsg.DeleteTopicsRequestTopic) []reference {
	count := map[any]int{}
	var list []reference
	for i := range asked {
		r := reference{asked[i].Topic, asked[i].TopicID}
		switch {
		case r.name == nil && r.id.IsZero():
			d.answer(nil, r.id, refuse(kerr.InvalidRequest, "a topic has neither name nor id"))
		case r.name != nil && !r.id.IsZero():
			d.answer(r.name, r.id, refuse(kerr.InvalidRequest, "a topic has both name and id"))
		default:
			if count[r.key()]++; count[r.key()] == 1 {
				list = append(list, r)
			}
		}
	}
	once := list[:0]
	for _, r := range list {
		if count[r.key()] == 1 {
			once = append(once, r)
			continue
		}
		d.twice[r.id] = r.name == nil
		d.answer(r.name, r.id, refuse(kerr.InvalidRequest, "a topic is given more than once"))
	}
	return once
}

// resolve finds the topic that is meant.
func (d *deletion) resolve(r reference) {
	t := d.c.image.TopicByID(r.id)
	if r.name != nil {
		t = d.c.image.Topic(*r.name)
	}
	switch {
	case t == nil && r.name != nil:
		d.answer(r.name, r.id, refuse(kerr.UnknownTopicOrPartition, "there is no topic %q", *r.name))
	case t == nil:
		d.answer(nil, r.id, refuse(kerr.UnknownTopicID, "there is no topic %v", r.id))
	default:
		d.choose(t)
	}
}

func (d *deletion) choose(t *Topic) {
	if at, ok := d.at[t]; ok {
		d.chosen[at].again = true
		return
	}
	d.at[t] = len(d.chosen)
	d.chosen = append(d.chosen, doomed{t, d.twice[t.ID]})
}

// finish removes what was meant once; what was meant by both its name and its
// id is refused.
func (d *deletion) finish() (records []Record) {
	for _, m := range d.chosen {
		if m.again {
			d.answer(&m.topic.Name, m.topic.ID, refuse(kerr.InvalidRequest, "a topic is given by name and by id"))
			continue
		}
		records = append(records, &RemoveTopicRecord{TopicID: m.topic.ID})
		d.answer(&m.topic.Name, m.topic.ID, nil)
	}
	return records
}
