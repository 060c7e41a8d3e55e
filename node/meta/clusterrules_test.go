package meta

import "slices"

// permit is what a step may do that no other step may.
type permit struct {
	unclean bool // elect a leader that lacks committed records, by hand
	loss    bool // take storage out of ISR and ELR
}

// check holds the rules after a step that wrote records.
func (w *world) check(was map[partKey]Partition, records []Record, may permit) {
	again := NewImage()
	for _, r := range dump(w.im) {
		replay(w.t, again, r)
	}
	if !slices.Equal(encoded(w.im), encoded(again)) {
		w.t.Fatal("the snapshot is another image")
	}
	for t := range w.im.Topics() {
		for i := range t.Partitions {
			p := &t.Partitions[i]
			old, ok := was[partKey{t.ID, p.Index}]
			w.checkMembers(t, p)
			if !ok {
				continue
			}
			w.checkEpochs(t, &old, p, records)
			w.checkLeader(t, &old, p, may)
			w.checkSize(t, &old, p, may)
			w.checkHolders(t, p)
		}
	}
}

// checkEpochs counts: each change has a partition epoch, each leader named a
// leader epoch.
func (w *world) checkEpochs(t *Topic, old, p *Partition, records []Record) {
	parts, leaders := old.PartitionEpoch, old.LeaderEpoch
	for _, r := range records {
		switch r := r.(type) {
		case *PartitionChangeRecord:
			if r.TopicID != t.ID || r.PartitionID != p.Index {
				continue
			}
			if parts++; r.Leader != LeaderUnchanged {
				leaders++
			}
		case *ClearELRRecord:
			if (r.TopicName == "" || r.TopicName == t.Name) && len(old.ELR)+len(old.LastKnownELR) > 0 {
				parts++
			}
		}
	}
	if p.PartitionEpoch != parts || p.LeaderEpoch != leaders || p.Leader != old.Leader && p.LeaderEpoch == old.LeaderEpoch {
		w.t.Fatalf("%s: epochs of %+v after %+v", t.Name, p, old)
	}
}

func (w *world) checkMembers(t *Topic, p *Partition) {
	all := slices.Concat(p.ISR, p.ELR)
	if len(setOf(all)) != len(all) || len(minus(all, p.Replicas)) > 0 || len(setOf(p.Replicas)) != len(p.Replicas) {
		w.t.Fatalf("%s: ISR, ELR or replicas overlap: %+v", t.Name, p)
	}
	d := w.c.draft()
	for _, id := range p.ISR {
		if !d.ready(shapeOf(p), id) {
			w.t.Fatalf("%s: broker %d, which is not in service, is in the ISR of %+v", t.Name, id, p)
		}
	}
	for _, id := range all {
		if p.Leader == NoLeader && d.ready(shapeOf(p), id) {
			w.t.Fatalf("%s: broker %d could lead %+v", t.Name, id, p)
		}
	}
}

// checkLeader finds out who was elected without what is committed.
func (w *world) checkLeader(t *Topic, old, p *Partition, may permit) {
	if p.Leader == NoLeader {
		return
	}
	if !slices.Contains(p.ISR, p.Leader) {
		w.t.Fatalf("%s: %+v is led from outside its ISR", t.Name, p)
	}
	key := partKey{t.ID, p.Index}
	clean := w.holds[key][p.Leader] &&
		(p.LeaderRecoveryState == recovered || slices.Contains(slices.Concat(old.ISR, old.ELR), p.Leader))
	if p.LeaderEpoch == old.LeaderEpoch || clean {
		return
	}
	allowed := may.unclean || w.c.effective().Topic(w.im.Configs(ResourceTopic, t.Name).Map()).UncleanElection
	if !allowed || p.LeaderRecoveryState != recovering || len(p.ISR) != 1 || len(p.ELR) > 0 {
		w.t.Fatalf("%s: %+v was elected after %+v, holders %v", t.Name, p, old, w.holds[key])
	}
	w.holds[key], w.since[key] = setOf(p.ISR), p.LeaderEpoch // its log is the truth from now on
}

// checkSize: as many as it takes to commit stay eligible.
func (w *world) checkSize(t *Topic, old, p *Partition, may permit) {
	least := w.c.draft().minISR(t, p.Replicas)
	if may.loss || !slices.Equal(old.Replicas, p.Replicas) || p.LeaderRecoveryState == recovering {
		return
	}
	if len(p.ISR)+len(p.ELR) < min(least, len(old.ISR)+len(old.ELR)) {
		w.t.Fatalf("%s: too few are left of %+v in %+v", t.Name, old, p)
	}
}

// checkHolders is the law's premise: ISR and ELR hold all that is committed.
func (w *world) checkHolders(t *Topic, p *Partition) {
	for _, id := range slices.Concat(p.ISR, p.ELR) {
		if !w.holds[partKey{t.ID, p.Index}][id] {
			w.t.Fatalf("%s: broker %d lacks committed records in %+v", t.Name, id, p)
		}
	}
}
