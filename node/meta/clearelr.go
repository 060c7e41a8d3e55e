package meta

// minInsyncReplicas has rules of its own while eligible leader replicas are on
// (KIP-966): the ELR was made under it.
const minInsyncReplicas = "min.insync.replicas"

func (c *Controller) elrOn() bool { return c.image.Feature(elrFeature) > 0 }

// clearELR is what must follow on configs that are changed: where
// min.insync.replicas does, the ELR is forgotten, as in Kafka. But where the ISR
// is too small to commit anything under the new minimum too, nobody has missed a
// commit, and who was eligible is written down again: without that, a partition
// whose last eligible replica is away for a while would be lost.
func (c *Controller) clearELR(records []Record) (more []Record) {
	if !c.elrOn() {
		return nil
	}
	for _, r := range records {
		cfg, ok := r.(*ConfigRecord)
		if !ok || cfg.Name != minInsyncReplicas {
			continue
		}
		clear := &ClearELRRecord{}
		if cfg.ResourceType == ResourceTopic {
			clear.TopicName = cfg.ResourceName
		}
		more = append(more, clear)
	}
	if more == nil {
		return nil
	}
	return append(more, c.keepELR(records, more)...)
}

// keepELR writes down anew what cleared forgets and records leave true.
func (c *Controller) keepELR(records, cleared []Record) (kept []Record) {
	after := c.configsAfter(records)
	broker := c.config.With(after(resource{ResourceBroker, ""}).Map(), after(c.self()).Map())
	hit := map[string]bool{}
	for _, r := range cleared {
		hit[r.(*ClearELRRecord).TopicName] = true
	}
	for t := range c.image.Topics() {
		if !hit[""] && !hit[t.Name] {
			continue
		}
		for i := range t.Partitions {
			p := &t.Partitions[i]
			elr := minus(p.ELR, p.ISR)
			if len(elr) == 0 {
				continue
			}
			least := broker.Topic(after(resource{ResourceTopic, t.Name}).Map()).MinInsyncReplicas
			if len(p.ISR) < min(least, len(p.Replicas)) {
				kept = append(kept, &PartitionChangeRecord{
					PartitionID: p.Index, TopicID: t.ID, Leader: LeaderUnchanged, LeaderRecoveryState: -1,
					ELR: elr, LastKnownELR: p.LastKnownELR,
				})
			}
		}
	}
	return kept
}

// configsAfter looks configs up as they are after records.
func (c *Controller) configsAfter(records []Record) func(resource) ConfigSet {
	next := map[resource]ConfigSet{}
	look := func(of resource) ConfigSet {
		if set, ok := next[of]; ok {
			return set
		}
		return c.image.configs[of]
	}
	for _, r := range records {
		if cfg, ok := r.(*ConfigRecord); ok {
			of := resource{cfg.ResourceType, cfg.ResourceName}
			next[of] = look(of).with(cfg.Name, cfg.Value)
		}
	}
	return look
}
