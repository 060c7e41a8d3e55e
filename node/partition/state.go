package partition

// State is what the metadata says of a partition, as last replayed.
type State struct {
	Leader         int32 // -1: none
	LeaderEpoch    int32
	PartitionEpoch int32 // counts every change; that of the leader epoch is another matter
	Replicas       []int32
	ISR            []int32
	ELR            []int32 // who may be elected beside the ISR
	MinISR         int     // min.insync.replicas in force

	// Brokers tells of a broker its epoch and whether it is neither fenced nor
	// shutting down. It is asked whenever that matters, and answers from the
	// metadata replayed until then. nil: nothing is known of any.
	Brokers func(id int32) (epoch int64, active bool)
}

// Owner is how a replica reaches others. It must not call the replica back
// before it returns.
type Owner interface {
	// AlterPartition asks the controller for another ISR (KIP-497). Each proposal
	// is to be answered by Answered once.
	AlterPartition(Proposal)
	// MayFetch says that Fetch, which said no, would say yes now.
	MayFetch()
}

// Proposal is an ISR that a leader wants.
type Proposal struct {
	Attempt        uint64 // names it
	LeaderEpoch    int32
	PartitionEpoch int32    // it is meant to follow
	ISR            []Member // the leader included
}

// Member is a broker in a proposed ISR.
type Member struct {
	ID    int32
	Epoch int64 // broker epoch of the fetch that shows it caught up (KIP-903); -1: not known
}

// Ids are the members without their epochs.
func (p Proposal) Ids() []int32 {
	ids := make([]int32, len(p.ISR))
	for i, m := range p.ISR {
		ids[i] = m.ID
	}
	return ids
}

func (s *State) broker(id int32) (epoch int64, active bool) {
	if s.Brokers == nil {
		return -1, false
	}
	return s.Brokers(id)
}
