package meta

import (
	"fmt"
	"slices"
)

func (im *Image) register(r *RegisterBrokerRecord) {
	if at, found := slices.BinarySearch(im.brokerIDs, r.BrokerID); !found {
		im.brokerIDs = slices.Insert(im.brokerIDs, at, r.BrokerID)
	}
	im.brokers[r.BrokerID] = registered(r)
}

func registered(r *RegisterBrokerRecord) *Broker {
	return &Broker{
		ID: r.BrokerID, Epoch: r.BrokerEpoch, Incarnation: r.IncarnationID, EndPoints: r.EndPoints,
		Features: r.Features, Rack: r.Rack, Fenced: r.Fenced, InControlledShutdown: r.InControlledShutdown,
		LogDirs: r.LogDirs, CordonedLogDirs: r.CordonedLogDirs,
	}
}

// registration finds the broker that a record of this epoch is about.
func (im *Image) registration(id int32, epoch int64) (*Broker, error) {
	b := im.brokers[id]
	if b == nil {
		return nil, fmt.Errorf("%w: no broker %d", ErrReplay, id)
	}
	if b.Epoch != epoch {
		return nil, fmt.Errorf("%w: broker %d has epoch %d, not %d", ErrReplay, id, b.Epoch, epoch)
	}
	return b, nil
}

func (im *Image) unregister(r *UnregisterBrokerRecord) error {
	if _, err := im.registration(r.BrokerID, r.BrokerEpoch); err != nil {
		return err
	}
	delete(im.brokers, r.BrokerID)
	im.brokerIDs = slices.DeleteFunc(im.brokerIDs, func(id int32) bool { return id == r.BrokerID })
	return nil
}

func (im *Image) changeBroker(r *BrokerRegistrationChangeRecord) error {
	b, err := im.registration(r.BrokerID, r.BrokerEpoch)
	if err != nil {
		return err
	}
	b.merge(r)
	return nil
}

// merge makes a change of the registration.
func (b *Broker) merge(r *BrokerRegistrationChangeRecord) {
	if r.Fenced != 0 {
		b.Fenced = r.Fenced > 0
	}
	if r.InControlledShutdown > 0 {
		b.InControlledShutdown = true
	}
	if len(r.LogDirs) > 0 {
		b.LogDirs = r.LogDirs
	}
	if r.CordonedLogDirs != nil {
		b.CordonedLogDirs = r.CordonedLogDirs
	}
}

func (im *Image) setConfig(r *ConfigRecord) {
	of := resource{r.ResourceType, r.ResourceName}
	set := im.configs[of].with(r.Name, r.Value)
	if im.configs[of] = set; len(set) == 0 {
		delete(im.configs, of)
	}
}

func (im *Image) setFeature(r *FeatureLevelRecord) {
	if im.features[r.Name] = r.Level; r.Level == 0 {
		delete(im.features, r.Name)
	}
}

func (im *Image) giveProducerIDs(r *ProducerIdsRecord) error {
	if r.NextProducerID <= im.nextProducerID {
		return fmt.Errorf("%w: producer ids below %d were given away before", ErrReplay, r.NextProducerID)
	}
	im.nextProducerID = r.NextProducerID
	return nil
}
