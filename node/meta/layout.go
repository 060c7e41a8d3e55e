package meta

// The layouts of the records, in wire order. They are those of the JSON schemas
// in Kafka's metadata module (4.4.0): every version is flexible, and what comes
// after c.tags lies in tagged fields.

func (*RegisterBrokerRecord) kind() kind           { return kind{0, 4} }
func (*UnregisterBrokerRecord) kind() kind         { return kind{1, 0} }
func (*TopicRecord) kind() kind                    { return kind{2, 0} }
func (*PartitionRecord) kind() kind                { return kind{3, 2} }
func (*ConfigRecord) kind() kind                   { return kind{4, 0} }
func (*PartitionChangeRecord) kind() kind          { return kind{5, 2} }
func (*RemoveTopicRecord) kind() kind              { return kind{9, 0} }
func (*FeatureLevelRecord) kind() kind             { return kind{12, 0} }
func (*ProducerIdsRecord) kind() kind              { return kind{15, 0} }
func (*BrokerRegistrationChangeRecord) kind() kind { return kind{17, 3} }
func (*NoOpRecord) kind() kind                     { return kind{20, 0} }
func (*ClearELRRecord) kind() kind                 { return kind{28, 0} }

// blank makes the record that a key stands for, with the defaults of its
// fields; nil if there is none.
func blank(key int16) Record {
	switch key {
	case 0:
		return &RegisterBrokerRecord{}
	case 1:
		return &UnregisterBrokerRecord{}
	case 2:
		return &TopicRecord{}
	case 3:
		return &PartitionRecord{}
	case 4:
		return &ConfigRecord{}
	case 5:
		return &PartitionChangeRecord{Leader: LeaderUnchanged, LeaderRecoveryState: -1}
	case 9:
		return &RemoveTopicRecord{}
	case 12:
		return &FeatureLevelRecord{}
	case 15:
		return &ProducerIdsRecord{}
	case 17:
		return &BrokerRegistrationChangeRecord{}
	case 20:
		return &NoOpRecord{}
	case 28:
		return &ClearELRRecord{}
	}
	return nil
}

func (r *RegisterBrokerRecord) fields(c *coder) {
	c.int32(&r.BrokerID)
	if c.version >= 2 {
		c.bool(&r.MigratingZk)
	}
	c.uuid(&r.IncarnationID)
	c.int64(&r.BrokerEpoch)
	array(c, &r.EndPoints, 6, (*EndPoint).fields)
	array(c, &r.Features, 6, (*FeatureRange).fields)
	c.nullString(&r.Rack)
	c.bool(&r.Fenced)
	if c.version >= 1 {
		c.bool(&r.InControlledShutdown)
	}
	c.tags(
		tag{0, 3, len(r.LogDirs) > 0, func() { c.uuids(&r.LogDirs) }},
		tag{1, 4, r.CordonedLogDirs != nil, func() { c.nullUUIDs(&r.CordonedLogDirs) }},
	)
}

func (e *EndPoint) fields(c *coder) {
	c.string(&e.Name)
	c.string(&e.Host)
	c.uint16(&e.Port)
	c.int16(&e.SecurityProtocol)
	c.tags()
}

func (f *FeatureRange) fields(c *coder) {
	c.string(&f.Name)
	c.int16(&f.Min)
	c.int16(&f.Max)
	c.tags()
}

func (r *UnregisterBrokerRecord) fields(c *coder) {
	c.int32(&r.BrokerID)
	c.int64(&r.BrokerEpoch)
	c.tags()
}

func (r *TopicRecord) fields(c *coder) {
	c.string(&r.Name)
	c.uuid(&r.TopicID)
	c.tags()
}

func (r *PartitionRecord) fields(c *coder) {
	c.int32(&r.PartitionID)
	c.uuid(&r.TopicID)
	c.int32s(&r.Replicas)
	c.int32s(&r.ISR)
	c.int32s(&r.Removing)
	c.int32s(&r.Adding)
	c.int32(&r.Leader)
	c.int32(&r.LeaderEpoch)
	c.int32(&r.PartitionEpoch)
	if c.version >= 1 {
		c.uuids(&r.Directories)
	}
	c.tags(
		tag{0, 0, r.LeaderRecoveryState != 0, func() { c.int8(&r.LeaderRecoveryState) }},
		tag{1, 2, r.ELR != nil, func() { c.nullInt32s(&r.ELR) }},
		tag{2, 2, r.LastKnownELR != nil, func() { c.nullInt32s(&r.LastKnownELR) }},
	)
}

func (r *ConfigRecord) fields(c *coder) {
	c.int8(&r.ResourceType)
	c.string(&r.ResourceName)
	c.string(&r.Name)
	c.nullString(&r.Value)
	c.tags()
}

func (r *PartitionChangeRecord) fields(c *coder) {
	c.int32(&r.PartitionID)
	c.uuid(&r.TopicID)
	c.tags(
		tag{0, 0, r.ISR != nil, func() { c.nullInt32s(&r.ISR) }},
		tag{1, 0, r.Leader != LeaderUnchanged, func() { c.int32(&r.Leader) }},
		tag{2, 0, r.Replicas != nil, func() { c.nullInt32s(&r.Replicas) }},
		tag{3, 0, r.Removing != nil, func() { c.nullInt32s(&r.Removing) }},
		tag{4, 0, r.Adding != nil, func() { c.nullInt32s(&r.Adding) }},
		tag{5, 0, r.LeaderRecoveryState != -1, func() { c.int8(&r.LeaderRecoveryState) }},
		tag{6, 2, r.ELR != nil, func() { c.nullInt32s(&r.ELR) }},
		tag{7, 2, r.LastKnownELR != nil, func() { c.nullInt32s(&r.LastKnownELR) }},
		tag{8, 1, r.Directories != nil, func() { c.nullUUIDs(&r.Directories) }},
	)
}

func (r *RemoveTopicRecord) fields(c *coder) {
	c.uuid(&r.TopicID)
	c.tags()
}

func (r *FeatureLevelRecord) fields(c *coder) {
	c.string(&r.Name)
	c.int16(&r.Level)
	c.tags()
}

func (r *ProducerIdsRecord) fields(c *coder) {
	c.int32(&r.BrokerID)
	c.int64(&r.BrokerEpoch)
	c.int64(&r.NextProducerID)
	c.tags()
}

func (r *BrokerRegistrationChangeRecord) fields(c *coder) {
	c.int32(&r.BrokerID)
	c.int64(&r.BrokerEpoch)
	c.tags(
		tag{0, 0, r.Fenced != 0, func() { c.int8(&r.Fenced) }},
		tag{1, 1, r.InControlledShutdown != 0, func() { c.int8(&r.InControlledShutdown) }},
		tag{2, 2, len(r.LogDirs) > 0, func() { c.uuids(&r.LogDirs) }},
		tag{3, 3, r.CordonedLogDirs != nil, func() { c.nullUUIDs(&r.CordonedLogDirs) }},
	)
}

func (*NoOpRecord) fields(c *coder) { c.tags() }

func (r *ClearELRRecord) fields(c *coder) {
	c.string(&r.TopicName)
	c.tags()
}
