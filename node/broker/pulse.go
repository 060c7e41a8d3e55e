package broker

import "time"

// A heartbeat says that the shards and the disk make progress, not only that a
// process is alive: before each one the shards are asked for their pulse.
//
//	life -- pulseQuestion --> every shard -- true, or false: the disk stands still --> heartbeat

// diskPatience is how long something may wait for the disk before the broker
// lets others lead: a writeback stalls for seconds now and then.
const diskPatience = 5 * time.Second

type pulseQuestion struct{}

// pulse tells done whether all shards are well. One that does not answer is not.
func (c *controller) pulse(done func(well bool)) {
	left, well := c.node.shards, true
	for i := range c.node.shards {
		c.ask(i+1, 0, pulseQuestion{}, func(body any) {
			moves, _ := body.(bool)
			well = well && moves
			if left--; left == 0 {
				done(well)
			}
		})
	}
}

// feel looks, every tickPeriod, which logs wait for their disk without a change.
func (s *shard) feel() {
	s.still = 0
	for r := range s.stirring() {
		if acked := r.log.Acked(); !r.unsynced() || acked != r.felt {
			r.felt, r.still = acked, 0
			continue
		}
		r.still += tickPeriod
		s.still = max(s.still, r.still)
	}
}
