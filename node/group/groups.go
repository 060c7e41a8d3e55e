package group

import (
	"slices"
	"strings"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// list answers ListGroups v0..v5 with the groups of this coordinator. Filters take
// any case of letters; what does not exist matches nothing.
func (c *Coordinator) list(k call, req *kmsg.ListGroupsRequest) {
	resp := req.ResponseKind().(*kmsg.ListGroupsResponse)
	for _, id := range c.ids() {
		g := c.groups[id]
		if passes(req.StatesFilter, g.state()) && passes(req.TypesFilter, g.kind()) {
			resp.Groups = append(resp.Groups, kmsg.ListGroupsResponseGroup{
				Group: id, ProtocolType: g.protocolType(), GroupState: g.state(), GroupType: g.kind()})
		}
	}
	c.out.reply(k.token, resp)
}

func passes(filter []string, value string) bool {
	return len(filter) == 0 || slices.ContainsFunc(filter, func(f string) bool { return strings.EqualFold(f, value) })
}

// everything is what may be done with a group, as bits of AclOperation: read,
// delete, describe, and describe and alter its configs.
const everything = 1<<3 | 1<<6 | 1<<8 | 1<<10 | 1<<11

// describe answers DescribeGroups v0..v6. A group that is not there is dead, and
// from v6 on an error.
func (c *Coordinator) describe(k call, req *kmsg.DescribeGroupsRequest) {
	resp := req.ResponseKind().(*kmsg.DescribeGroupsResponse)
	for _, id := range req.Groups {
		row := c.describeOne(id, req.Version)
		if req.IncludeAuthorizedOperations {
			row.AuthorizedOperations = everything
		}
		resp.Groups = append(resp.Groups, row)
	}
	c.out.reply(k.token, resp)
}

func (c *Coordinator) describeOne(id string, version int16) kmsg.DescribeGroupsResponseGroup {
	row := kmsg.NewDescribeGroupsResponseGroup()
	row.Group, row.State = id, "Dead"
	text := "there is no group " + id
	if g := c.groups[id]; g != nil {
		if g, ok := g.(*classic); ok {
			return g.describe()
		}
		text = "group " + id + " is of another protocol: ask for it as one of its own kind"
	}
	if version >= 6 {
		row.ErrorCode, row.ErrorMessage = kerr.GroupIDNotFound.Code, &text
	}
	return row
}

// deleteGroups answers DeleteGroups v0..v3: empty groups go with all their
// offsets. A group that is named twice is one.
func (c *Coordinator) deleteGroups(k call, req *kmsg.DeleteGroupsRequest) {
	resp := req.ResponseKind().(*kmsg.DeleteGroupsResponse)
	seen := map[string]bool{}
	for _, id := range req.Groups {
		if seen[id] {
			continue
		}
		seen[id] = true
		row := kmsg.DeleteGroupsResponseGroup{Group: id}
		if err := c.deleteGroup(id); err != nil {
			row.ErrorCode = err.Code
		}
		resp.Groups = append(resp.Groups, row)
	}
	c.out.reply(k.token, resp)
}

func (c *Coordinator) deleteGroup(id string) *kerr.Error {
	g := c.groups[id]
	if g == nil {
		return kerr.GroupIDNotFound
	}
	if err := g.mayBeDeleted(); err != nil {
		return err
	}
	var records []Record
	for at := range c.offsets.all(id) {
		records = append(records, Record{Key: offsetKey(id, at)})
	}
	records = append(records, g.tombstones()...)
	if !c.fits(records) {
		return kerr.UnknownServerError
	}
	for _, r := range records {
		c.write(r)
	}
	return nil
}

// bury writes the tombstones of a group; false: the batch has no room.
func (c *Coordinator) bury(id string) bool {
	records := c.groups[id].tombstones()
	if !c.fits(records) {
		return false
	}
	for _, r := range records {
		c.write(r)
	}
	return true
}
