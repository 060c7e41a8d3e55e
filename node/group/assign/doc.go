// Package assign holds the server-side assignors of consumer groups (KIP-848):
// pure functions from who subscribes to what, and who has what, to who shall have
// what.
//
//	members: subscriptions, present targets --+
//	                                          +--> range | uniform --> one target each
//	topics: how many partitions --------------+
//
// Every partition of a topic that somebody subscribes to has exactly one owner,
// who subscribes to it. The answer depends on the set of members, not on the order
// in which they are given, and is the same for the same input.
//
// The behaviour is that of Kafka's RangeAssignor and UniformAssignor
// (org.apache.kafka.coordinator.group.assignor); where theirs depends on the order
// of a hash map, ours is that of the ids. Neither looks at racks, and nor do Kafka's:
// in 4.4.0 none of them asks SubscribedTopicDescriber.racksForPartition.
package assign
