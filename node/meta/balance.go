package meta

// mostElections is how many leaders one round of Balance or ElectUnclean moves
// (Kafka's ReplicationControlManager.MAX_ELECTIONS_PER_IMBALANCE).
const mostElections = 1000

// Balance gives leadership back to preferred leaders that are in the ISR and
// active, if auto.leader.rebalance.enable says so. It is to be called every
// leader.imbalance.check.interval.seconds, and once more at once if more is true.
func (c *Controller) Balance() (records []Record, more bool) {
	if !c.config.Bool("auto.leader.rebalance.enable") {
		return nil, false
	}
	return c.round(func(d *draft, t *Topic, p *Partition) {
		next := shapeOf(p)
		if next.election = electPreferred; len(p.Replicas) > 0 && p.Leader != p.Replicas[0] {
			d.change(t, p, next)
		}
	})
}

// ElectUnclean elects leaders for partitions that have none, where
// unclean.leader.election.enable says that committed records may be lost for it.
// It is to be called every unclean.leader.election.interval.ms, and when that
// config changes; once more at once if more is true.
func (c *Controller) ElectUnclean() (records []Record, more bool) {
	return c.round(func(d *draft, t *Topic, p *Partition) {
		if p.Leader == NoLeader && d.topic(t.Name).UncleanElection {
			next := shapeOf(p)
			next.election = electUnclean
			d.change(t, p, next)
		}
	})
}

// round goes over all partitions, until enough of them have changed.
func (c *Controller) round(try func(d *draft, t *Topic, p *Partition)) (records []Record, more bool) {
	d := c.draft()
	for t := range c.image.Topics() {
		for i := range t.Partitions {
			if len(d.records) >= mostElections {
				return d.records, true
			}
			try(d, t, &t.Partitions[i])
		}
	}
	return d.records, false
}
