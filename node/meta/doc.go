// Package meta holds what a cluster knows of itself, and what its controller
// decides about it.
//
//	request --> Controller.CreateTopics ... --> records + response
//	                 | reads                       |
//	                 v                             v  appended to __cluster_metadata-0, durable
//	               Image <------ Replay ------- records ----> Image of every other shard
//
// The image changes by Replay alone. A decision reads it, changes nothing, and
// returns the records that would make its response true; the response is sent
// once they are durable and replayed. Records have Kafka's own formats, so that
// Kafka's tools read the log.
//
// A decision about brokers writes several records, of which each must know those
// before it: it is made on a draft of the image. Whatever has happened, a
// partition is given a shape, and what follows from that follows in one place:
//
//	registration, heartbeat, expiry, shutdown,      AlterPartition, reassignment,
//	unregistration, directories offline             election by hand, balance
//	         | who is ready?                                 |
//	         v                                               v
//	       sweep --------------------> shape: ISR, replicas, ...
//	                                     |
//	                                     v
//	              reassignment complete? -> ELR -> leader -> PartitionChangeRecord
//
// All keep one law: every member of ISR and ELR holds all committed records, and
// none is dropped from both while that would leave fewer than it takes to commit,
// unless it cannot show its storage.
package meta
