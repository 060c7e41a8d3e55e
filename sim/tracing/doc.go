// Package tracing writes what the partitions of a simulated cluster do in the words of
// tla/IsrReplication.tla, so that TLC can say whether that specification allows it:
//
//	step of machine 0 --> decisions that it tells its shards -> Fence Register Commit ...  --+
//	step of a shard ----> its replicas: before, after --------> Write Sync AdvanceHW ...   --+--> Trace
//	end of a process ---> what the next one finds on its disk -> Crash, LoseStorage        --+
//
// A line of a trace has the actions of one step and the state after it. The state is
// read from the nodes: logs from their disks as processes see them, the rest from
// broker.ReplicaState and from the records of the metadata log. Which actions lie
// between two states is told from their difference. That is a hint, which makes TLC's
// search short, and can make no wrong step right: each is an action of the
// specification, and the state after it is compared.
//
// What a process leaves on its disk is known when the next one has opened it, and what
// a batch is when it is written: lines are finished when the run is over.
package tracing
