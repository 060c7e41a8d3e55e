package group

import (
	"fmt"
	"reflect"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
	"pgregory.net/rapid"

	"odradek/models"
)

// client is what one client knows of itself.
type client struct {
	name   string // a static one's instance
	static bool
	said   int // how often it changed what it says of itself

	id         string
	generation int32
	protocol   *string
	members    []string // if it shall assign
	synced     bool
	rejoin     bool

	busy, gone bool
}

func newClient(name string, static bool) *client {
	return &client{name: name, static: static, generation: -1}
}

// next names the client that comes after this one: to the group it is another one,
// unless it is static.
func (who *client) next() string {
	if who.static {
		return who.name
	}
	return who.name + "'"
}

func (who *client) instance() *string {
	if who.static {
		return &who.name
	}
	return nil
}

// expelled is a client that has to begin anew.
func (who *client) expelled() { who.id, who.generation, who.synced = "", -1, false }

// act does what a good client would.
func (c *crowd) act(who *client, version int16) {
	switch {
	case who.generation < 0 || who.rejoin:
		c.joins(who, version, false)
	case !who.synced:
		c.syncs(who)
	default:
		c.beats(who, 0)
	}
}

func (c *crowd) joins(who *client, version int16, news bool) {
	if news {
		who.said++
	}
	req := kmsg.NewPtrJoinGroupRequest()
	req.Version, req.Group, req.MemberID, req.ProtocolType = version, theGroup, who.id, "consumer"
	req.SessionTimeoutMillis, req.RebalanceTimeoutMillis, req.InstanceID = 10_000, 20_000, who.instance()
	req.Protocols = []kmsg.JoinGroupRequestProtocol{protocolOf("range", reads(fmt.Sprint(who.name, who.said))...)}
	c.request(who, req, func(resp kmsg.Response) { c.joined(who, resp.(*kmsg.JoinGroupResponse)) })
}

func (c *crowd) joined(who *client, resp *kmsg.JoinGroupResponse) {
	who.rejoin = false
	if resp.ErrorCode != 0 {
		who.expelled()
		if resp.ErrorCode == kerr.MemberIDRequired.Code {
			who.id = resp.MemberID
		}
		return
	}
	c.hold(c.model.Joined(models.Joined{Member: who.name, Leader: c.nameOf[resp.LeaderID], Protocol: *resp.Protocol,
		Generation: resp.Generation, Members: len(resp.Members)}))
	who.id, who.generation, who.protocol, who.synced, who.members = resp.MemberID, resp.Generation, resp.Protocol, false, nil
	for _, m := range resp.Members {
		if !resp.SkipAssignment {
			who.members = append(who.members, m.MemberID)
		}
	}
}

// syncs offers each member something of its own, if the client leads.
func (c *crowd) syncs(who *client) {
	if who.busy || who.generation < 0 {
		return
	}
	req := kmsg.NewPtrSyncGroupRequest()
	req.Version, req.Group, req.Generation, req.MemberID = 3, theGroup, who.generation, who.id
	req.InstanceID = who.instance()
	offer := map[string]string{}
	for i, id := range who.members {
		work := fmt.Sprintf("%d of %d by %s", i, who.generation, id)
		req.GroupAssignment = append(req.GroupAssignment, kmsg.SyncGroupRequestGroupAssignment{
			MemberID: id, MemberAssignment: []byte(work)})
		offer[c.nameOf[id]] = work
	}
	c.model.Offered(who.name, who.generation, offer)
	c.request(who, req, func(resp kmsg.Response) { c.isSynced(who, req.Generation, resp.(*kmsg.SyncGroupResponse)) })
}

func (c *crowd) isSynced(who *client, generation int32, resp *kmsg.SyncGroupResponse) {
	if resp.ErrorCode == 0 {
		c.hold(c.model.Synced(who.name, generation, string(resp.MemberAssignment)))
		who.synced = true
		return
	}
	c.told(who, resp.ErrorCode)
}

// told takes an error to heart.
func (c *crowd) told(who *client, code int16) {
	switch code {
	case kerr.UnknownMemberID.Code, kerr.FencedInstanceID.Code, kerr.IllegalGeneration.Code:
		who.expelled()
	case kerr.RebalanceInProgress.Code:
		who.rejoin = true
	}
}

// beats sends a heartbeat, of this generation or an older one. Nobody's place in
// the group changes by it.
func (c *crowd) beats(who *client, age int32) {
	if who.busy || who.generation < 0 {
		return
	}
	req := kmsg.NewPtrHeartbeatRequest()
	req.Version, req.Group, req.Generation, req.MemberID = 4, theGroup, who.generation-age, who.id
	req.InstanceID = who.instance()
	before := c.seen()
	c.request(who, req, func(resp kmsg.Response) {
		if age == 0 {
			c.told(who, resp.(*kmsg.HeartbeatResponse).ErrorCode)
		}
	})
	if after := c.seen(); !reflect.DeepEqual(before, after) {
		c.rt.Fatalf("a heartbeat changes %+v to %+v", before, after)
	}
}

func (c *crowd) seen() kmsg.DescribeGroupsResponseGroup { return c.c.describeOne(theGroup, 5) }

// commit commits an offset: in the client's generation, in the one before, or as
// nobody.
func (c *crowd) commit(t *rapid.T) {
	who := c.one(t)
	commit := models.Commit{Member: who.name, Generation: who.generation - int32(rapid.IntRange(0, 1).Draw(t, "age")),
		Of: models.Partition{Topic: "t", Index: int32(rapid.IntRange(0, 1).Draw(t, "partition"))}, Offset: rapid.Int64Range(1, 100).Draw(t, "offset")}
	req := kmsg.NewPtrOffsetCommitRequest()
	req.Version, req.Group, req.MemberID, req.InstanceID = 9, theGroup, who.id, who.instance()
	if rapid.IntRange(0, 4).Draw(t, "nobody") == 0 || who.generation < 0 {
		commit.Member, commit.Generation = "", -1
		req.MemberID, req.InstanceID = "", nil
	}
	req.Generation = commit.Generation
	req.Topics = []kmsg.OffsetCommitRequestTopic{{Topic: "t", Partitions: []kmsg.OffsetCommitRequestTopicPartition{{
		Partition: commit.Of.Index, Offset: commit.Offset, LeaderEpoch: -1}}}}
	c.request(who, req, func(resp kmsg.Response) {
		if code := resp.(*kmsg.OffsetCommitResponse).Topics[0].Partitions[0].ErrorCode; code == 0 {
			c.hold(c.model.Committed(commit))
		}
	})
}

func (c *crowd) leaves(who *client) {
	if who.busy || who.id == "" {
		return
	}
	req := kmsg.NewPtrLeaveGroupRequest()
	req.Version, req.Group = 5, theGroup
	req.Members = []kmsg.LeaveGroupRequestMember{{MemberID: who.id, InstanceID: who.instance(), Reason: &who.name}}
	c.request(who, req, func(kmsg.Response) { who.expelled() })
}
