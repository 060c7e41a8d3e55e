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
package meta
