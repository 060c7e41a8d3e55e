package group

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kmsg"
)

// memberSays is ConsumerGroupMemberMetadata, what a member says of itself:
//
//	| int16 0 | string? instance | string? rack | string client | string host |
//	| array: string topic | string? regex | int32 rebalance timeout, ms |
//	| string? assignor | tags: 0: of one who speaks the classic protocol:
//	    ( int8 1 | int32 session timeout, ms | array: ( string name | bytes | tags ) | tags ) |
type memberSays struct {
	instance  *string
	rack      *string
	from      Caller
	topics    []string // sorted, each once
	regex     string   // "": none
	rebalance int32    // ms
	assignor  *string
	classic   *classicSays
}

// classicSays is what a member that speaks the classic protocol says beside it.
type classicSays struct {
	session   int32 // ms
	protocols []kmsg.JoinGroupRequestProtocol
}

func (v *memberSays) record(group, member string) Record {
	p := packer{to: []byte{0, 0}}
	p.nullable(v.instance)
	p.nullable(v.rack)
	p.string(v.from.ClientID)
	p.string(v.from.Host)
	p.count(len(v.topics))
	for _, t := range v.topics {
		p.string(t)
	}
	p.string(v.regex)
	p.int32(v.rebalance)
	p.nullable(v.assignor)
	p.tag(0, v.classic.field())
	return Record{consumerPartKey(keyConsumerMember, group, member), p.to}
}

func (v *classicSays) field() []byte {
	if v == nil {
		return nil
	}
	p := packer{}
	p.int8(1) // it is there
	p.int32(v.session)
	p.count(len(v.protocols))
	for _, one := range v.protocols {
		p.string(one.Name)
		p.bytes(one.Metadata)
		p.tag(0, nil)
	}
	p.tag(0, nil)
	return p.to
}

func readMemberSays(value []byte) (v memberSays, err error) {
	u := unpacker{from: value}
	u.version()
	v.instance, v.rack = u.nullable(), u.nullable()
	v.from = Caller{u.string(), u.string()}
	for range u.count() {
		v.topics = append(v.topics, u.string())
	}
	if regex := u.nullable(); regex != nil {
		v.regex = *regex
	}
	v.rebalance = u.int32()
	v.assignor = u.nullable()
	u.tags(0, func(f *unpacker) { v.classic = readClassicSays(f) })
	v.topics = sortedOnce(v.topics)
	return v, u.err
}

func readClassicSays(u *unpacker) *classicSays {
	if u.int8() < 0 {
		return nil
	}
	v := &classicSays{session: u.int32()}
	for range u.count() {
		v.protocols = append(v.protocols, kmsg.JoinGroupRequestProtocol{Name: u.string(), Metadata: u.bytes()})
		u.noTags()
	}
	u.noTags()
	return v
}

func sortedOnce(names []string) []string {
	if len(names) == 0 {
		return nil
	}
	names = slices.Clone(names)
	slices.Sort(names)
	return slices.Compact(names)
}

// memberHas is ConsumerGroupCurrentMemberAssignment, what a member has:
//
//	| int16 0 | int32 epoch | int32 previous epoch | int8 phase |
//	| array assigned | array to be revoked | tags |
//	each array: ( uuid topic | array: int32 partition | tags: 0: array: int32 epoch )
//
// A partition whose epoch is not written was assigned in the member's.
type memberHas struct {
	epoch    int32
	previous int32
	phase    memberPhase
	assigned holding
	revoking holding // it shall let go of these
}

func (v memberHas) equal(o memberHas) bool {
	return v.epoch == o.epoch && v.previous == o.previous && v.phase == o.phase &&
		slices.Equal(v.assigned, o.assigned) && slices.Equal(v.revoking, o.revoking)
}

// memberPhase is where a member is on the way to its target.
type memberPhase int8

const (
	reconciled memberPhase = 0 // it has its target, or is not asked to change yet
	unrevoked  memberPhase = 1 // it shall let go of something first
	unreleased memberPhase = 2 // others have not let go yet of what it shall get
)

func (v *memberHas) record(group, member string) Record {
	p := packer{to: []byte{0, 0}}
	p.int32(v.epoch)
	p.int32(v.previous)
	p.int8(int8(v.phase))
	p.holding(v.assigned)
	p.holding(v.revoking)
	p.tag(0, nil)
	return Record{consumerPartKey(keyCurrentMember, group, member), p.to}
}

func (p *packer) holding(h holding) {
	rows := h.byTopic()
	p.count(len(rows))
	for _, row := range rows {
		p.uuid(row[0].topic)
		p.count(len(row))
		epochs := packer{}
		epochs.count(len(row))
		for _, x := range row {
			p.int32(x.partition)
			epochs.int32(x.since)
		}
		p.tag(0, epochs.to)
	}
}

func readMemberHas(value []byte) (v memberHas, err error) {
	u := unpacker{from: value}
	u.version()
	v.epoch, v.previous, v.phase = u.int32(), u.int32(), memberPhase(u.int8())
	v.assigned, v.revoking = u.holding(v.epoch), u.holding(v.epoch)
	u.noTags()
	return v, u.err
}

func (u *unpacker) holding(epoch int32) (h holding) {
	for range u.count() {
		topic := u.uuid()
		first := len(h)
		for range u.count() {
			h = append(h, held{spot{topic, u.int32()}, epoch})
		}
		u.tags(0, func(f *unpacker) {
			for i := range f.count() {
				if since := f.int32(); first+i < len(h) {
					h[first+i].since = since
				}
			}
		})
	}
	return holding{}.with(h)
}
