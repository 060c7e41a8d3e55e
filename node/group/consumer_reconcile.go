package group

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
)

// reconcile brings a member nearer to its target (Kafka's CurrentAssignmentBuilder).
// changed: it reads other topics than before. owned: what it says it owns; nil: as
// before.
func (s *change) reconcile(to goal, changed bool, owned []spot) *refusal {
	if !changed && s.is.reconciledTo(to.epoch) {
		return nil
	}
	r := reconciliation{g: s.g, m: s.is, goal: to, owned: owned}
	has, err := r.next(changed)
	if err != nil {
		return err
	}
	if !has.equal(s.is.has) {
		s.records = append(s.records, has.record(s.g.id, s.is.id))
		s.is.has, s.moved = has, true
	}
	return nil
}

type reconciliation struct {
	g *consumerGroup
	m *consumerMember
	goal
	owned []spot
}

func (r *reconciliation) next(changed bool) (memberHas, *refusal) {
	has := r.m.has
	switch {
	case has.phase == reconciled && has.epoch == r.epoch, has.phase == unrevoked && r.owns(has.revoking):
		if changed {
			return r.unsubscribe(), nil
		}
		return has, nil
	case has.phase == reconciled, has.phase == unrevoked, has.phase == unreleased:
		return r.compute(), nil
	case r.owned == nil || len(r.owned) > 0:
		return has, refuse(kerr.FencedMemberEpoch, "what the member was about is not known: it has to let go of all, and join again")
	}
	return r.compute(), nil
}

// owns tells whether the member has not let go of all of these.
func (r *reconciliation) owns(revoking holding) bool {
	return len(revoking) > 0 && r.owned == nil || slices.ContainsFunc(r.owned, revoking.has)
}

// subscribed tells whether the member reads the topic of a partition.
func (r *reconciliation) subscribed() func(s spot) bool {
	ids := r.g.readIDs(r.m)
	return func(s spot) bool { return slices.Contains(ids, s.topic) }
}

// unsubscribe takes back what the member does not read any more, within its epoch.
func (r *reconciliation) unsubscribe() memberHas {
	has := r.m.has
	stays, goes := has.assigned.split(r.subscribed())
	if len(goes) == 0 {
		return has
	}
	has.previous, has.assigned = has.epoch, stays
	if revoking := has.revoking.with(goes); r.owns(revoking) {
		has.phase, has.revoking = unrevoked, revoking
	}
	return has
}

// compute is the next step to the target: first the member lets go of what is not
// in it, in its epoch; then it is of the target's epoch, and gets what is free.
func (r *reconciliation) compute() memberHas {
	reads := r.subscribed()
	var wanted []spot
	for _, x := range spots(r.target) {
		if reads(x) {
			wanted = append(wanted, x)
		}
	}
	target := hold(wanted, r.epoch)
	stays, goes := r.m.has.assigned.split(target.has)
	if r.owns(goes) {
		return memberHas{r.m.has.epoch, r.m.has.epoch, unrevoked, stays, goes}
	}
	_, missing := target.split(stays.has)
	free, taken := missing.split(r.free)
	has := memberHas{epoch: r.epoch, previous: r.m.has.epoch, assigned: stays.with(free)}
	if len(taken) > 0 {
		has.phase = unreleased
	}
	return has
}

// free tells whether no other member has a partition, or is still to let go of it.
func (r *reconciliation) free(x spot) bool {
	owner, owned := r.g.owners[x]
	return !owned || owner == r.m.id
}
