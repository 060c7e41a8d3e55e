package main

// groupCmd are the commands on consumer groups, as those of Kafka's
// kafka-consumer-groups.
type groupCmd struct {
	List         groupListCmd         `cmd:"" help:"List the groups."`
	Describe     groupDescribeCmd     `cmd:"" help:"Show a group's offsets and lag, its members, or its state."`
	ResetOffsets groupResetOffsetsCmd `cmd:"" help:"Move the committed offsets of a group without members."`
	Delete       groupDeleteCmd       `cmd:"" help:"Delete groups without members, with their offsets."`
}
