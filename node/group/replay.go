package group

import "fmt"

// Replay applies one record of the log, in order: those that another coordinator
// wrote when it loads, its own as it writes them. at is the record's timestamp in
// ms. An error says that the record cannot be read; nothing is changed then. No
// byte of the record is kept.
// Records of kinds that are not known are passed over, as Kafka does.
func (c *Coordinator) Replay(r Record, at int64) error {
	kind, err := keyKind(r.Key)
	if err != nil {
		return err
	}
	switch kind {
	case keyOffsetV0, keyOffset:
		err = c.replayOffset(r)
	case keyClassic:
		err = c.replayClassic(r)
	case keyConsumer, keyConsumerTopics, keyConsumerMember, keyTarget, keyTargetMember, keyCurrentMember, keyRegex:
		err = c.replayConsumer(kind, r)
	}
	if err != nil {
		return fmt.Errorf("record of kind %d: %w", kind, err)
	}
	return nil
}

// write adds a record to the step's batch, and applies it. Whoever calls it has
// seen that it fits.
func (c *Coordinator) write(r Record) {
	c.out.Records = append(c.out.Records, r)
	if err := c.Replay(r, c.now.Wall); err != nil {
		panic("group: a record of our own cannot be read: " + err.Error())
	}
}
