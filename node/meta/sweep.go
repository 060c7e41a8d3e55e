package meta

import (
	"slices"

	"odradek/node/mutant"
)

// sweep lets every partition with a replica on these brokers follow what became
// of them: who is not ready leaves the ISR, and a leader is elected where there
// is none that is ready. prepare may add to the shape of a partition first; nil
// if there is nothing to add.
func (d *draft) sweep(ids []int32, prepare func(p *Partition, next *shape)) {
	for t := range d.c.image.Topics() {
		for i := range t.Partitions {
			p := d.now(t, &t.Partitions[i])
			if len(common(p.Replicas, ids)) == 0 {
				continue
			}
			next := shapeOf(p)
			if prepare != nil {
				prepare(p, next)
			}
			d.follow(t, p, next)
		}
	}
}

// follow gives a partition the shape less what is not ready.
func (d *draft) follow(t *Topic, p *Partition, next *shape) {
	next.election = d.uncleanAllowed(t)
	next.isr = slices.DeleteFunc(slices.Clone(next.isr), func(id int32) bool { return !d.ready(next, id) })
	d.change(t, p, next)
}

// fence takes brokers out of service, all at once: a partition that has no
// member left in sync then keeps all of them as eligible, which those would not
// be that were fenced one after the other.
func (c *Controller) fence(ids ...int32) []Record {
	d := c.draft()
	if mutant.On("G5") && len(ids) > 1 { // KAFKA-13173: each change forgets those before it
		return append(c.fence(ids[0]), c.fence(ids[1:]...)...)
	}
	for _, id := range ids {
		d.addBroker(&BrokerRegistrationChangeRecord{BrokerID: id, BrokerEpoch: d.broker(id).Epoch, Fenced: 1})
	}
	d.sweep(ids, nil)
	return d.records
}
