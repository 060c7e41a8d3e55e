// Package group is the group coordinator of one partition of __consumer_offsets:
// classic groups, consumer groups (KIP-848) and their committed offsets.
//
//	request --> Handle --> decide --> records --> Replay (this state, at once)
//	                         |           |
//	                         |           +--> appended by the owner as one batch
//	                         +--> replies, given out when those records, and all
//	                              before them, are committed
//
// What a group durably is, only Replay changes: a coordinator that loads the log
// gets the same state. If an append fails, or leadership is lost, the owner
// throws the coordinator away and, should it still lead, loads another one: no
// state is ever taken back. What only lives here (sessions, joins under way,
// requests that wait) is begun anew by Loaded. A classic group between two complete
// generations is of that kind: its record is a picture of the last complete one,
// which the group was when it was written (Replay does not change it then).
//
// A coordinator owns no clock, log or connection: time is an argument, timers are
// asked about (Next) and fired (Fire), and requests are known by their Token.
//
// A classic group's members agree among themselves (classic*.go); a consumer
// group's are told (consumer*.go); a group moves from the one kind to the other
// while it works (migrate*.go).
//
// The behaviour is that of Kafka's GroupMetadataManager and OffsetMetadataManager
// (group-coordinator), its log formats those of its message schemas.
package group
