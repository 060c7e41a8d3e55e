// Package models holds sequential specifications: what one client, alone,
// would see. A checker asks whether a concurrent history can be explained by
// some order of its operations that such a specification accepts and that
// keeps every operation between its invocation and its return.
//
// The models are written from what Apache Kafka documents of its log (the
// Produce, Fetch and ListOffsets requests; KIP-98 for the producer's side) and of
// its groups (OffsetCommit, OffsetFetch), and import nothing of the broker, so that
// they cannot share its mistakes.
package models
