package checker

// as is a member of group g with the classic protocol; its process is the
// digit at the end of its name.
func as(member string, generation int32) Membership {
	return Membership{Group: "g", Member: member, Generation: generation}
}

func epoch(member string, generation int32) Membership {
	by := as(member, generation)
	by.PerMember = true
	return by
}

func static(member, instance string, generation int32) Membership {
	by := as(member, generation)
	by.Instance = instance
	return by
}

var nobody = Membership{Group: "g", Generation: -1}

func processOf(by Membership) int32 {
	if by.Member == "" {
		return 9
	}
	return int32(by.Member[len(by.Member)-1] - '0')
}

func (t tale) joins(from, to int64, by Membership, owned ...TP) {
	id := t.InvokeAssign(processOf(by), from, by, 1)
	t.OKAssign(id, to, Assigned{by.Member, by.Generation, owned})
}

func (t tale) commits(from, to int64, by Membership, offset int64, metadata string) ID {
	return t.commitsAt(1, from, to, by, offset, metadata)
}

func (t tale) commitsAt(node, from, to int64, by Membership, offset int64, metadata string) ID {
	id := t.InvokeCommit(processOf(by), from, tp, Commit{by, node, offset, metadata})
	t.OK(id, to)
	return id
}

func (t tale) mayCommit(from, to int64, by Membership, offset int64, metadata string) {
	t.Maybe(t.InvokeCommit(processOf(by), from, tp, Commit{by, 1, offset, metadata}), to, "timeout")
}

func (t tale) refused(from, to int64, by Membership, offset int64, metadata string) {
	t.Fail(t.InvokeCommit(processOf(by), from, tp, Commit{by, 1, offset, metadata}), to, "ILLEGAL_GENERATION")
}

func (t tale) committed(from, to, offset int64, metadata string) {
	t.committedAt(1, from, to, offset, metadata)
}

func (t tale) committedAt(node, from, to, offset int64, metadata string) {
	t.OKCommitted(t.InvokeCommitted(8, from, tp, nobody, node), to, offset, metadata)
}

func (t tale) beats(from, to int64, by Membership) {
	t.OK(t.InvokeHeartbeat(processOf(by), from, by, 1), to)
}

// processes is a fetch of values that lie from an offset on; the log ends there.
func (t tale) processes(from, to int64, by Membership, offset int64, values ...Value) {
	t.got(processOf(by), from, to, Fetch{From: offset, Seek: true, By: by}, Fetched{Records: at(offset, values...), HighWatermark: Unknown, LogStart: Unknown})
}

// commitCases are about one committed offset.
func commitCases() []anomalyCase {
	return []anomalyCase{{
		name: "lost-commit",
		wrong: func(t tale) {
			t.commits(0, 1, nobody, 5, "a")
			t.commits(2, 3, nobody, 7, "b")
			t.committed(4, 5, 5, "a")
		},
		fine: func(t tale) {
			t.commits(0, 1, nobody, 5, "a")
			t.commits(2, 4, nobody, 7, "b")
			t.committed(4, 5, 5, "a")
		},
	}, {
		name: "lost-commit", // the same offset, committed twice
		wrong: func(t tale) {
			t.commits(0, 1, nobody, 5, "a")
			t.commits(2, 3, nobody, 5, "b")
			t.committed(4, 5, 5, "a")
		},
		fine: func(t tale) {
			t.commits(0, 1, nobody, 5, "a")
			t.commits(2, 3, nobody, 5, "a")
			t.committed(4, 5, 5, "a")
		},
	}, {
		name: "lost-commit", // seen, gone, and back: it was between
		wrong: func(t tale) {
			t.commits(0, 1, nobody, 5, "a")
			t.commits(2, 3, nobody, 7, "b")
			t.commits(4, 5, nobody, 9, "c")
			t.committed(6, 7, 7, "b")
		},
		fine: func(t tale) {
			t.commits(0, 1, nobody, 5, "a")
			t.commits(2, 5, nobody, 7, "b")
			t.commits(4, 5, nobody, 9, "c")
			t.committed(6, 7, 7, "b")
		},
	}, {
		name: "lost-commit", // by the node that had acknowledged it itself
		o:    Options{CoordinatorMayBeDeposed: true},
		wrong: func(t tale) {
			t.commitsAt(1, 0, 1, nobody, 5, "a")
			t.commitsAt(2, 2, 3, nobody, 7, "b")
			t.committedAt(2, 4, 5, 5, "a")
		},
		fine: func(t tale) {
			t.commitsAt(1, 0, 1, nobody, 5, "a")
			t.commitsAt(2, 2, 3, nobody, 7, "b")
			t.committedAt(1, 4, 5, 5, "a")
		},
	}, {
		name: "lost-commit", // by a node that has let in a generation that began after it
		o:    Options{CoordinatorMayBeDeposed: true},
		wrong: func(t tale) {
			t.commitsAt(2, 0, 1, nobody, 5, "a")
			t.commitsAt(2, 2, 3, nobody, 7, "b")
			t.joins(4, 5, as("m1", 1), tp)
			t.committedAt(1, 6, 7, 5, "a")
		},
		fine: func(t tale) {
			t.commitsAt(2, 0, 1, nobody, 5, "a")
			t.commitsAt(2, 2, 3, nobody, 7, "b")
			t.joins(3, 5, as("m1", 1), tp)
			t.committedAt(1, 6, 7, 5, "a")
		},
	}, {
		name: "lost-commit", // nobody is deposed after all is quiet
		o:    Options{CoordinatorMayBeDeposed: true},
		wrong: func(t tale) {
			t.commitsAt(1, 0, 1, nobody, 5, "a")
			t.commitsAt(2, 2, 3, nobody, 7, "b")
			t.Mark(4, GroupsSettled, "")
			t.committedAt(1, 5, 6, 5, "a")
		},
		fine: func(t tale) {
			t.commitsAt(1, 0, 1, nobody, 5, "a")
			t.commitsAt(2, 2, 3, nobody, 7, "b")
			t.committedAt(1, 3, 6, 5, "a")
			t.Mark(4, GroupsSettled, "")
		},
	}, {
		name: "committed-went-back",
		wrong: func(t tale) {
			t.commits(0, 1, nobody, 5, "a")
			t.mayCommit(2, 9, nobody, 7, "b")
			t.committed(3, 4, 7, "b")
			t.committed(5, 6, 5, "a")
		},
		fine: func(t tale) {
			t.commits(0, 1, nobody, 5, "a")
			t.mayCommit(2, 9, nobody, 7, "b")
			t.committed(3, 5, 7, "b")
			t.committed(5, 6, 5, "a")
		},
	}, {
		name:  "committed-vanished",
		wrong: func(t tale) { t.commits(0, 1, nobody, 5, "a"); t.committed(2, 3, Unknown, "") },
		fine:  func(t tale) { t.commits(0, 2, nobody, 5, "a"); t.committed(2, 3, Unknown, "") },
	}, {
		name: "committed-vanished", // unless somebody deleted it
		wrong: func(t tale) {
			t.mayCommit(0, 1, nobody, 5, "a")
			t.committed(2, 3, 5, "a")
			t.committed(4, 5, Unknown, "")
		},
		fine: func(t tale) {
			t.commits(0, 1, nobody, 5, "a")
			t.Maybe(t.InvokeForget(1, 2, tp, "g"), 3, "timeout")
			t.committed(4, 5, Unknown, "")
		},
	}, {
		name:  "phantom-commit", // it came back as zero
		wrong: func(t tale) { t.commits(0, 1, nobody, 5, "a"); t.committed(2, 3, 0, "") },
		fine:  func(t tale) { t.commits(0, 1, nobody, 5, "a"); t.committed(2, 3, 5, "a") },
	}, {
		name:  "phantom-commit", // sooner than it was committed
		wrong: func(t tale) { t.committed(0, 1, 5, "a"); t.commits(2, 3, nobody, 5, "a") },
		fine:  func(t tale) { t.committed(0, 2, 5, "a"); t.commits(2, 3, nobody, 5, "a") },
	}, {
		name:  "refused-commit-read",
		wrong: func(t tale) { t.refused(0, 1, nobody, 5, "a"); t.committed(2, 3, 5, "a") },
		fine:  func(t tale) { t.mayCommit(0, 1, nobody, 5, "a"); t.committed(2, 3, 5, "a") },
	}, {
		name: "committed-beyond-end",
		wrong: func(t tale) {
			t.wrote(3, 0, 1, 0, 10)
			t.commits(2, 3, as("m1", 1), 2, "a")
			t.read(4, 4, 5, 0, 1, 10)
		},
		fine: func(t tale) {
			t.wrote(3, 0, 1, 0, 10)
			t.commits(2, 3, as("m1", 1), 1, "a")
			t.read(4, 4, 5, 0, 1, 10)
		},
	}}
}

// memberCases are about who is a member, and who owns what.
func memberCases() []anomalyCase {
	return []anomalyCase{{
		name: "fenced-commit",
		wrong: func(t tale) {
			t.joins(0, 1, as("m1", 1), tp)
			t.joins(2, 3, as("m2", 2), tp)
			t.commits(4, 5, as("m1", 1), 5, "a")
		},
		fine: func(t tale) {
			t.joins(0, 1, as("m1", 1), tp)
			t.joins(2, 4, as("m2", 2), tp)
			t.commits(4, 5, as("m1", 1), 5, "a")
		},
	}, {
		name: "fenced-commit", // nobody knew whether it was accepted, but it was
		wrong: func(t tale) {
			t.joins(0, 1, as("m1", 1), tp)
			t.joins(2, 3, as("m2", 2), tp)
			t.mayCommit(4, 5, as("m1", 1), 5, "a")
			t.committed(6, 7, 5, "a")
		},
		fine: func(t tale) {
			t.joins(0, 1, as("m1", 1), tp)
			t.joins(2, 3, as("m2", 2), tp)
			t.mayCommit(4, 5, as("m1", 1), 5, "a")
			t.committed(6, 7, Unknown, "")
		},
	}, {
		name: "fenced-commit", // member epochs differ, but the partition has a new owner
		wrong: func(t tale) {
			t.joins(0, 1, epoch("m1", 1), tp)
			t.joins(2, 3, epoch("m2", 2), tp)
			t.commits(4, 5, epoch("m1", 1), 5, "a")
		},
		fine: func(t tale) {
			t.joins(0, 1, epoch("m1", 1), tp)
			t.joins(2, 3, epoch("m2", 2), TP{"t", 1})
			t.commits(4, 5, epoch("m1", 1), 5, "a")
		},
	}, {
		name: "fenced-commit", // of an epoch before the one in which the member gave the partition up
		wrong: func(t tale) {
			t.joins(0, 1, epoch("m1", 1), tp)
			t.joins(2, 3, epoch("m1", 2), TP{"t", 1})
			t.commits(4, 5, epoch("m1", 1), 5, "a")
		},
		fine: func(t tale) {
			t.joins(0, 1, epoch("m1", 1), tp)
			t.joins(2, 3, epoch("m1", 2), tp)
			t.commits(4, 5, epoch("m1", 1), 5, "a")
		},
	}, {
		name: "fenced-commit", // all had left between, and the group begins anew
		wrong: func(t tale) {
			t.joins(0, 1, epoch("m1", 1), tp)
			t.joins(2, 3, epoch("m2", 2), tp)
			t.commits(4, 5, epoch("m1", 1), 5, "a")
		},
		fine: func(t tale) {
			t.joins(0, 1, epoch("m2", 2), tp)
			t.joins(2, 3, epoch("m1", 1), tp)
			t.commits(4, 5, epoch("m1", 1), 5, "a")
		},
	}, {
		name: "fenced-commit", // of a static member's former life
		wrong: func(t tale) {
			t.joins(0, 1, static("m1", "i", 1), tp)
			t.joins(2, 3, static("m2", "i", 1), tp)
			t.commits(4, 5, static("m1", "i", 1), 5, "a")
		},
		fine: func(t tale) {
			t.joins(0, 1, static("m1", "i", 1), tp)
			t.joins(2, 3, static("m2", "i", 1), tp)
			t.commits(4, 5, static("m2", "i", 1), 5, "a")
		},
	}, {
		name: "fenced-heartbeat",
		wrong: func(t tale) {
			t.joins(0, 1, as("m1", 1), tp)
			t.joins(2, 3, as("m2", 2), tp)
			t.beats(4, 5, as("m1", 1))
		},
		fine: func(t tale) {
			t.joins(0, 1, as("m1", 1), tp)
			t.joins(2, 4, as("m2", 2), tp)
			t.beats(4, 5, as("m1", 1))
		},
	}, {
		name: "fenced-commit", // a commit is never accepted blindly
		o:    Options{HeartbeatsMayBeBlind: true},
		wrong: func(t tale) {
			t.joins(0, 1, as("m1", 1), tp)
			t.joins(2, 3, as("m2", 2), tp)
			t.commits(4, 5, as("m1", 1), 5, "a")
		},
		fine: func(t tale) {
			t.joins(0, 1, as("m1", 1), tp)
			t.joins(2, 3, as("m2", 2), tp)
			t.beats(4, 5, as("m1", 1))
		},
	}, {
		name: "outsider-commit",
		wrong: func(t tale) {
			t.joins(0, 1, as("m1", 1), tp)
			t.commits(2, 3, nobody, 5, "a")
			t.commits(4, 5, as("m1", 1), 6, "b")
		},
		fine: func(t tale) {
			t.joins(0, 2, as("m1", 1), tp)
			t.commits(2, 3, nobody, 5, "a")
			t.commits(4, 5, as("m1", 1), 6, "b")
		},
	}, {
		name: "two-owners",
		wrong: func(t tale) {
			t.joins(0, 1, as("m1", 1), tp)
			t.joins(0, 1, as("m2", 1), tp)
			t.beats(2, 3, as("m1", 1))
		},
		fine: func(t tale) {
			t.joins(0, 1, static("m1", "i", 1), tp)
			t.joins(0, 1, static("m2", "i", 1), tp)
			t.beats(2, 3, static("m1", "i", 1))
		},
	}, {
		name: "two-owners", // of a group that was not forgotten between
		wrong: func(t tale) {
			t.joins(0, 1, as("m1", 1), tp)
			t.commits(2, 3, as("m1", 1), 0, "a")
			t.joins(4, 5, as("m2", 1), tp)
		},
		fine: func(t tale) { t.joins(0, 1, as("m1", 1), tp); t.joins(4, 5, as("m2", 1), tp) },
	}, {
		name: "two-owners", // of one group, and not of another in which the first is again
		wrong: func(t tale) {
			t.joins(0, 1, epoch("m1", 1), tp)
			t.joins(2, 3, epoch("m2", 1), tp)
			t.beats(4, 5, epoch("m1", 1))
			t.Released(1, 5, epoch("m1", 1))
		},
		fine: func(t tale) {
			t.joins(0, 1, epoch("m1", 1), tp)
			t.Released(1, 1, epoch("m1", 1))
			t.joins(2, 3, epoch("m2", 1), tp)
			t.joins(2, 3, epoch("m1", 1))
			t.beats(4, 5, epoch("m1", 1))
		},
	}, {
		name: "two-owners", // and not of another, which the first joined after it had been dropped
		wrong: func(t tale) {
			t.joins(0, 1, epoch("m1", 1), tp)
			t.joins(2, 3, epoch("m2", 1), tp)
			t.beats(4, 5, epoch("m1", 1))
			t.joins(6, 7, epoch("m1", 1))
		},
		fine: func(t tale) {
			t.joins(0, 1, epoch("m1", 1), tp)
			t.joins(2, 3, epoch("m2", 1), tp)
			t.joins(4, 5, epoch("m1", 1))
			t.beats(6, 7, epoch("m1", 1))
		},
	}, {
		name: "two-owners", // before the first had given it up
		wrong: func(t tale) {
			t.joins(0, 1, epoch("m1", 1), tp)
			t.joins(2, 3, epoch("m2", 2), tp)
			t.beats(4, 5, epoch("m1", 1))
		},
		fine: func(t tale) {
			t.joins(0, 1, epoch("m1", 1), tp)
			t.Released(1, 2, epoch("m1", 1), tp)
			t.joins(2, 3, epoch("m2", 2), tp)
			t.beats(4, 5, epoch("m1", 1))
		},
	}, {
		name: "two-owners", // when it had been told to give it up, and had not yet
		wrong: func(t tale) {
			t.joins(0, 1, epoch("m1", 1), tp)
			t.joins(2, 3, epoch("m1", 1))
			t.joins(2, 4, epoch("m2", 2), tp)
			t.Released(1, 5, epoch("m1", 1), tp)
			t.beats(6, 7, epoch("m1", 1))
		},
		fine: func(t tale) {
			t.joins(0, 1, epoch("m1", 1), tp)
			t.joins(2, 3, epoch("m1", 1))
			t.joins(2, 4, epoch("m2", 2), tp)
			t.Released(1, 4, epoch("m1", 1), tp)
			t.beats(6, 7, epoch("m1", 1))
		},
	}, {
		name: "generation-went-back",
		wrong: func(t tale) {
			t.joins(0, 1, as("m1", 2))
			t.commits(1, 2, as("m1", 2), 0, "a")
			t.joins(3, 4, as("m2", 1))
		},
		fine: func(t tale) {
			t.joins(0, 4, as("m1", 2))
			t.commits(1, 2, as("m1", 2), 0, "a")
			t.joins(3, 4, as("m2", 1))
		},
	}, {
		name:  "generation-went-back", // a group without offsets may be forgotten once it is empty
		wrong: func(t tale) { t.joins(0, 1, as("m2", 1)); t.joins(2, 3, as("m1", 2)); t.joins(4, 5, as("m2", 1)) },
		fine:  func(t tale) { t.joins(2, 3, as("m1", 2)); t.joins(4, 5, as("m2", 1)) },
	}, {
		name:  "generation-went-back", // an epoch is the member's own
		wrong: func(t tale) { t.joins(0, 1, epoch("m1", 2)); t.joins(2, 3, epoch("m1", 1)) },
		fine:  func(t tale) { t.joins(0, 1, epoch("m1", 2)); t.joins(2, 3, epoch("m2", 1)) },
	}}
}

// groupEndCases are about what was processed, and what in the end.
func groupEndCases() []anomalyCase {
	log := func(t tale) { t.wrote(5, 0, 1, 0, 10, 11, 12) }
	one := func(t tale) { log(t); t.joins(0, 1, as("m1", 1), tp); t.processes(2, 3, as("m1", 1), 0, 10, 11) }
	return []anomalyCase{{
		name: "skipped-records",
		wrong: func(t tale) {
			one(t)
			t.joins(4, 5, as("m2", 2), tp)
			t.processes(6, 7, as("m2", 2), 3, 13)
			t.sent(5, 0, 1, 13)
		},
		fine: func(t tale) { one(t); t.joins(4, 5, as("m2", 2), tp); t.processes(6, 7, as("m2", 2), 2, 12) },
	}, {
		name:  "skipped-records", // committed, though nobody has read it
		wrong: func(t tale) { one(t); t.commits(4, 5, as("m1", 1), 3, "a") },
		fine:  func(t tale) { one(t); t.commits(4, 5, as("m1", 1), 2, "a") },
	}, {
		name:  "consumed-by-stranger",
		wrong: func(t tale) { one(t); t.processes(4, 5, as("m2", 1), 2, 12) },
		fine:  func(t tale) { one(t); t.processes(4, 5, as("m1", 1), 2, 12) },
	}, {
		name: "assignment-incomplete",
		wrong: func(t tale) {
			t.joins(0, 1, as("m1", 1), tp, TP{"t", 1})
			t.joins(2, 3, as("m2", 2), tp)
			t.Mark(4, GroupsSettled, "")
		},
		fine: func(t tale) {
			t.joins(0, 1, as("m1", 1), tp, TP{"t", 1})
			t.joins(2, 3, as("m1", 2), TP{"t", 1})
			t.joins(2, 3, as("m2", 2), tp)
			t.Mark(4, GroupsSettled, "")
		},
	}, {
		name:  "unprocessed-records",
		wrong: func(t tale) { one(t); t.Mark(4, GroupsSettled, "") },
		fine:  func(t tale) { one(t); t.processes(4, 5, as("m1", 1), 2, 12); t.Mark(6, GroupsSettled, "") },
	}, {
		name:  "unprocessed-records", // but what was deleted after it had been written
		wrong: func(t tale) { one(t); t.trimmed(5, 4, 5, 2, 2); t.Mark(6, GroupsSettled, "") },
		fine:  func(t tale) { one(t); t.trimmed(5, 4, 5, 3, 3); t.Mark(6, GroupsSettled, "") },
	}, {
		name: "uncommitted-records",
		wrong: func(t tale) {
			one(t)
			t.commits(4, 5, as("m1", 1), 2, "a")
			t.processes(6, 7, as("m1", 1), 2, 12)
			t.Mark(8, GroupsSettled, "")
			t.committed(9, 10, 2, "a")
		},
		fine: func(t tale) {
			one(t)
			t.processes(4, 5, as("m1", 1), 2, 12)
			t.commits(6, 7, as("m1", 1), 3, "a")
			t.Mark(8, GroupsSettled, "")
			t.committed(9, 10, 3, "a")
		},
	}}
}
