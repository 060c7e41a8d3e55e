// Package quorum is one voter's replica of the metadata log: raft decides what
// is in it (go.etcd.io/raft, its RawNode only), Kafka's files hold it. Records
// are opaque bytes here.
//
//	       Propose            Committed, Leading, Following, LoadSnapshot
//	owner ---------> Quorum ---------------------------------------------> owner
//	                 |    ^
//	            Send |    | Receive, Tick, disk completions
//	                 v    |
//	            other voters (frames, see envelope.go)
//
// On disk, in <log dir>/__cluster_metadata-0/:
//
//	00000000000000000000.log ...                the log, a storage.Log: one raft entry, one batch
//	quorum-state                                term and vote, Kafka's JSON
//	00000000000000000123-0000000004.checkpoint  the state below offset 123, whose last epoch is 4
//
// A batch's partition leader epoch is its entry's term. The index of an entry is
// a count of batches, and is not on disk: the checkpoint says which index its
// end has (in a tag that Kafka's tools skip), and each batch after it is one
// more. Entries since the last checkpoint are also kept in memory, where raft
// and pullers read them: the owner bounds them by taking snapshots.
//
// A voter's raft id is made of its node id and its directory id: who lost its
// storage has another id and cannot vote again as who it was.
package quorum
