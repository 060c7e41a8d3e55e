// Package groups looks at consumer groups and moves their offsets, in the shapes
// of Kafka's kafka-consumer-groups tool:
//
//	look.go     what a group is: members, state, offsets and lag
//	show.go     the tables that show it
//	targets.go  the partitions that a reset is about
//	reset.go    where a reset puts their offsets
package groups
