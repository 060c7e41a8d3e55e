package checker

// This file is how a member of a group writes down what it does. One consumer:
//
//	InvokeAssign  OKAssign      JoinGroup ... SyncGroup, or ConsumerGroupHeartbeats: it owns t-0, t-1
//	InvokeCommitted OKCommitted OffsetFetch, a partition each: where to begin
//	InvokeFetch   OKFetch       with By and, at the beginning, Seek: records processed under that generation
//	InvokeHeartbeat OK          as often as is wished: it shows who is still a member
//	InvokeCommit  OK            OffsetCommit, a partition each
//	Released                    it gives partitions up, before it says so; all of them if it learns that it is out
//	InvokeLeave   OK            it leaves for good
//
// An answer that refuses (ILLEGAL_GENERATION, UNKNOWN_MEMBER_ID, FENCED_INSTANCE_ID,
// STALE_MEMBER_EPOCH, REBALANCE_IN_PROGRESS, ...) is Fail; a commit without an answer,
// or with one that leaves it open (REQUEST_TIMED_OUT; NOT_COORDINATOR, which is what
// those hear who wait while their coordinator is deposed), is Maybe. A commit is Fail
// only if no try of it can have taken effect.
//
// The mark GroupsSettled says that from here on all is quiet: members have
// their partitions, have read them to the end and committed; commits looked up
// after it must be at the end.

// InvokeCommit begins a commit of one partition's offset; OK ends it.
func (h *History) InvokeCommit(process int32, at int64, tp TP, c Commit) ID {
	r := h.invoke(CommitOp, process, at, tp)
	r.by, r.offset, r.extra, r.metadata = h.members.id(c.By), c.Offset, c.Node, h.texts.id(c.Metadata)
	return h.last()
}

// InvokeCommitted begins an OffsetFetch of one partition from a coordinator.
// The group of by is what counts; its member, if it has one, is shown.
func (h *History) InvokeCommitted(process int32, at int64, tp TP, by Membership, node int64) ID {
	r := h.member(CommittedOp, process, at, tp, by, node)
	r.offset = Unknown
	return h.last()
}

// OKCommitted ends an OffsetFetch; offset is Unknown if none is committed.
func (h *History) OKCommitted(id ID, at int64, offset int64, metadata string) {
	r := h.done(id, at, OK)
	r.offset, r.metadata = offset, h.texts.id(metadata)
}

// InvokeForget begins the deletion of a committed offset (OffsetDelete, or
// DeleteGroups: one for each partition); OK ends it.
func (h *History) InvokeForget(process int32, at int64, tp TP, group string) ID {
	h.invoke(ForgetOp, process, at, tp).by = h.members.id(Membership{Group: group, Generation: int32(Unknown)})
	return h.last()
}

// InvokeAssign begins what brings a member its next assignment. It begins with
// the first request that the member sends after the last one that was answered
// to it (a JoinGroup; a heartbeat of KIP-848), whatever it has to send again. Of
// by, Member may still be empty and Generation is what it had before.
func (h *History) InvokeAssign(process int32, at int64, by Membership, node int64) ID {
	h.member(AssignOp, process, at, TP{"", -1}, by, node)
	return h.last()
}

// OKAssign ends it with the assignment, whole: the member owns what is in it and
// nothing else. In the classic protocol the answer is that of SyncGroup.
func (h *History) OKAssign(id ID, at int64, a Assigned) {
	r := h.done(id, at, OK)
	by := h.members.list[r.by]
	by.Member, by.Generation = a.Member, a.Generation
	r.by = h.members.id(by)
	h.setOwned(r, a.Owned)
}

// InvokeHeartbeat begins a heartbeat; OK ends it if it was answered without an
// error and told no new assignment.
func (h *History) InvokeHeartbeat(process int32, at int64, by Membership, node int64) ID {
	h.member(HeartbeatOp, process, at, TP{"", -1}, by, node)
	return h.last()
}

// InvokeLeave begins to leave the group for good: from here on the member owns
// nothing. OK ends it. (A static member that will come back, with epoch -2, only
// has Released.)
func (h *History) InvokeLeave(process int32, at int64, by Membership, node int64) ID {
	h.member(LeaveOp, process, at, TP{"", -1}, by, node)
	return h.last()
}

// Released says that a member has stopped to process partitions: it was asked
// to revoke them, or rejoins eagerly. None named: all, since it is out (fenced,
// unknown, gone).
func (h *History) Released(process int32, at int64, by Membership, owned ...TP) ID {
	r := h.member(ReleaseOp, process, at, TP{"", -1}, by, 0)
	r.outcome = OK
	h.setOwned(r, owned)
	return h.last()
}

func (h *History) member(kind Kind, process int32, at int64, tp TP, by Membership, node int64) *row {
	r := h.invoke(kind, process, at, tp)
	r.by, r.extra = h.members.id(by), node
	return r
}

func (h *History) setOwned(r *row, owned []TP) {
	r.first, r.count = len(h.owned), int32(len(owned))
	for _, tp := range owned {
		h.owned = append(h.owned, h.tps.id(tp))
	}
}
