package group

// replayConsumer applies one record of a consumer group. Tombstones of what is not
// there say nothing.
func (c *Coordinator) replayConsumer(kind int16, r Record) error {
	id, part, err := readConsumerKey(r.Key)
	if err != nil {
		return err
	}
	if r.Value == nil {
		if g, ok := c.groups[id].(*consumerGroup); ok {
			g.bury(kind, part)
			g.reading = nil
		}
		return nil
	}
	set, err := readConsumerValue(kind, part, r.Value)
	if err != nil {
		return err
	}
	g := c.consumerGroup(id)
	set(g)
	g.reading = nil
	return nil
}

// consumerGroup is the group that a record is of. A classic one of that name is
// over: it was made by offsets that the log has kept longer, or has been replaced.
func (c *Coordinator) consumerGroup(id string) *consumerGroup {
	if g, ok := c.groups[id].(*consumerGroup); ok {
		return g
	}
	if old := c.groups[id]; old != nil {
		old.unloaded()
	}
	g := newConsumerGroup(c, id)
	c.groups[id] = g
	return g
}

// readConsumerValue reads a value, and tells what it does to its group.
func readConsumerValue(kind int16, part string, value []byte) (set func(g *consumerGroup), err error) {
	switch kind {
	case keyConsumer:
		v, err := readConsumerEpoch(value)
		return func(g *consumerGroup) { g.now = v }, err
	case keyConsumerMember:
		v, err := readMemberSays(value)
		return func(g *consumerGroup) { g.change(part, func(m *consumerMember) { m.says = v }) }, err
	case keyTarget:
		v, err := readTargetEpoch(value)
		return func(g *consumerGroup) { g.aim(v) }, err
	case keyTargetMember:
		v, err := readTarget(value)
		return func(g *consumerGroup) { g.targets[part] = v }, err
	case keyCurrentMember:
		v, err := readMemberHas(value)
		return func(g *consumerGroup) { g.change(part, func(m *consumerMember) { m.has = v }) }, err
	case keyRegex:
		v, err := readRegexMatch(value)
		return func(g *consumerGroup) { g.regexes[part] = v }, err
	}
	return func(g *consumerGroup) { g.oldTopics = true }, nil
}

// aim takes over the epoch of targets. Nobody who left before can have been of it.
func (g *consumerGroup) aim(target targetEpoch) {
	g.target = target
	clear(g.left)
}

// change puts another version of a member, or a new one, in its place.
func (g *consumerGroup) change(id string, how func(m *consumerMember)) {
	m := newConsumerMember(id)
	if old := g.members[id]; old != nil {
		*m = *old
	}
	how(m)
	g.put(m)
}

// bury applies a tombstone.
func (g *consumerGroup) bury(kind int16, part string) {
	switch kind {
	case keyConsumer:
		g.unloaded()
		delete(g.c.groups, g.id)
	case keyConsumerTopics:
		g.oldTopics = false
	case keyConsumerMember:
		if m := g.members[part]; m != nil {
			g.drop(m)
			g.left[part] = true
		}
	case keyTarget:
		g.target = targetEpoch{}
	case keyTargetMember:
		delete(g.targets, part)
	case keyCurrentMember:
		if g.members[part] != nil {
			g.change(part, func(m *consumerMember) { m.has = memberHas{epoch: epochLeave, previous: epochBefore} })
		}
	case keyRegex:
		delete(g.regexes, part)
	}
}

// tombstones end the group: its members first.
func (g *consumerGroup) tombstones() (all []Record) {
	for _, id := range g.ids() {
		all = append(all, g.memberTombstones(id)...)
	}
	for _, regex := range sortedRegexes(g.regexes) {
		all = append(all, Record{Key: consumerPartKey(keyRegex, g.id, regex)})
	}
	return append(all, Record{Key: consumerKey(keyTarget, g.id)}, Record{Key: consumerKey(keyConsumerTopics, g.id)},
		Record{Key: consumerKey(keyConsumer, g.id)})
}

func (g *consumerGroup) memberTombstones(id string) []Record {
	return []Record{{Key: consumerPartKey(keyCurrentMember, g.id, id)}, {Key: consumerPartKey(keyTargetMember, g.id, id)},
		{Key: consumerPartKey(keyConsumerMember, g.id, id)}}
}
