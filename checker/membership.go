package checker

// Membership says as whom a client acts in a group. A group that was deleted
// or forgotten and is born again is another group: write name#2 for it.
//
// Generation is that of the classic protocol, which counts for the whole group;
// with PerMember it is the member epoch of KIP-848, which counts for the member
// alone. Classic members of a group that may be converted (online migration) are
// PerMember, too. Generation is Unknown, and Member empty, for a client that
// commits without being a member: a tool, or a consumer with its own assignment.
type Membership struct {
	Group      string
	Member     string
	Instance   string // group.instance.id of a static member
	Generation int32
	PerMember  bool
}

// groupWide tells whether the generation can be compared with those of others.
func (m *Membership) groupWide() bool { return m.Member != "" && m.Generation >= 0 && !m.PerMember }

// owner is who owns what a member is assigned: a static member that comes back
// is the same owner under another member id.
func (m *Membership) owner() string {
	if m.Instance != "" {
		return "static " + m.Instance
	}
	return m.Member
}

// Commit is one partition of an OffsetCommit, sent to the coordinator Node
// (Unknown: not told). Metadata travels with the offset; where it differs from
// commit to commit, every answer tells which commit it shows, and the check is
// exact.
type Commit struct {
	By       Membership
	Node     int64
	Offset   int64
	Metadata string
}

// Assigned is what a member was told that it owns, all of it.
type Assigned struct {
	Member     string
	Generation int32
	Owned      []TP
}
