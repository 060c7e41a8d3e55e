package meta

import (
	"slices"

	"odradek/node/env"
	"odradek/node/mutant"
)

// afterReturn is how a partition changes when one of its brokers has come back
// as another process; nil if it does not.
func (c *Controller) afterReturn(t *Topic, p *Partition, reg *RegisterBrokerRecord) *PartitionChangeRecord {
	id := reg.BrokerID
	at := slices.Index(p.Replicas, id)
	if at < 0 {
		return nil
	}
	isr, elr := p.ISR, p.ELR
	if !kept(p.Directories, at, reg.LogDirs) {
		isr, elr = without(isr, id), without(elr, id)
	}
	change := &PartitionChangeRecord{
		PartitionID: p.Index, TopicID: t.ID, Leader: LeaderUnchanged, LeaderRecoveryState: -1,
	}
	if p.Leader == id || p.Leader == NoLeader {
		isr, elr = c.elect(p, isr, elr, id, change)
	}
	if !slices.Equal(isr, p.ISR) {
		change.ISR = isr
	}
	if !slices.Equal(elr, p.ELR) {
		change.ELR = elr
	}
	if change.Leader == NoLeader && p.Leader == id {
		change.LastKnownELR = []int32{id}
	}
	if change.ISR == nil && change.ELR == nil && (change.Leader == LeaderUnchanged || change.Leader == NoLeader && p.Leader == NoLeader) {
		return nil
	}
	return change
}

// kept tells whether the replica's log directory is among those that its broker
// has now; one that the controller never learned of is taken to be.
func kept(dirs []env.UUID, at int, now []env.UUID) bool {
	// A9 (KIP-966): the returned broker is trusted with a log that is gone.
	if at >= len(dirs) || mutant.On("A9") {
		return true
	}
	dir := dirs[at]
	return dir == dirUnassigned || dir == dirMigrating || slices.Contains(now, dir)
}

// elect puts a leader into change: the first replica that is in the ISR and
// active, or else one of the ELR, which then is the whole ISR; or nobody. The
// broker that has come back is active, whatever the image still says.
func (c *Controller) elect(p *Partition, isr, elr []int32, back int32, change *PartitionChangeRecord) (newISR, newELR []int32) {
	ready := func(among []int32) int {
		return slices.IndexFunc(p.Replicas, func(id int32) bool {
			b := c.image.Broker(id)
			return slices.Contains(among, id) && (id == back || b != nil && b.Active())
		})
	}
	change.Leader = NoLeader
	if at := ready(isr); at >= 0 {
		change.Leader = p.Replicas[at]
	} else if at := ready(elr); at >= 0 {
		change.Leader = p.Replicas[at]
		return []int32{change.Leader}, without(elr, change.Leader)
	}
	return isr, elr
}

// without is the list without one id, never nil; the list itself stays.
func without(list []int32, id int32) []int32 {
	rest := make([]int32, 0, len(list))
	for _, x := range list {
		if x != id {
			rest = append(rest, x)
		}
	}
	return rest
}
