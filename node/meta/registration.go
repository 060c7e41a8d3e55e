package meta

import (
	"slices"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// Bootstrap is the records that a new cluster's log begins with: the features,
// at the levels of Kafka 4.4.0, and the least min.insync.replicas, which Kafka
// writes down once eligible leader replicas are on (KIP-966).
func Bootstrap() []Record {
	records := []Record{&FeatureLevelRecord{metadataVersion, 33}}
	for _, f := range Features() {
		if f.Name != metadataVersion && f.Max > 0 {
			records = append(records, &FeatureLevelRecord{f.Name, f.Max})
		}
	}
	return append(records, configRecord(resource{ResourceBroker, ""}, minInsyncReplicas, "1"))
}

// Features is what a broker of this version supports, by name (Kafka 4.4.0's
// MetadataVersion and Feature).
func Features() []FeatureRange {
	return []FeatureRange{
		{"eligible.leader.replicas.version", 0, 1},
		{"group.version", 0, 1},
		{"metadata.version", 7, 33},
		{"share.version", 0, 2},
		{"streams.version", 0, 1},
		{"transaction.version", 0, 2},
	}
}

// RegisterBroker decides on a broker process that has come (API key 62, v0 to
// v4; KIP-631). epoch is the broker's new epoch, greater than all before: the
// offset at which the first record will lie. The broker is unfenced at once; it
// asks when it has recovered its logs.
//
// What it led it leads under a new leader epoch, for the process that led
// before is another one. A replica whose log directory is no longer there has
// lost its storage: it leaves ISR and ELR in the same decision and is only
// remembered as the last known leader (KIP-966).
func (c *Controller) RegisterBroker(req *kmsg.BrokerRegistrationRequest, epoch int64) ([]Record, *kmsg.BrokerRegistrationResponse) {
	resp := req.ResponseKind().(*kmsg.BrokerRegistrationResponse)
	resp.BrokerEpoch = -1
	if resp.ErrorCode = c.checkRegistration(req); resp.ErrorCode != 0 {
		return nil, resp
	}
	resp.BrokerEpoch = epoch
	reg := registerRecord(req, epoch)
	records := []Record{reg}
	for t := range c.image.Topics() {
		for i := range t.Partitions {
			if change := c.afterReturn(t, &t.Partitions[i], reg); change != nil {
				records = append(records, change)
			}
		}
	}
	return records, resp
}

func (c *Controller) checkRegistration(req *kmsg.BrokerRegistrationRequest) int16 {
	if req.ClusterID != c.image.ClusterID {
		return kerr.InconsistentClusterID.Code
	}
	taken := len(req.LogDirs) == 0
	for b := range c.image.Brokers() {
		for _, dir := range req.LogDirs {
			taken = taken || b.ID != req.BrokerID && slices.Contains(b.LogDirs, env.UUID(dir))
		}
	}
	if taken {
		return kerr.InvalidRegistration.Code
	}
	return 0
}

func registerRecord(req *kmsg.BrokerRegistrationRequest, epoch int64) *RegisterBrokerRecord {
	r := &RegisterBrokerRecord{
		BrokerID: req.BrokerID, IncarnationID: req.IncarnationID, BrokerEpoch: epoch, Rack: req.Rack,
	}
	for i := range req.Listeners {
		l := &req.Listeners[i]
		r.EndPoints = append(r.EndPoints, EndPoint{l.Name, l.Host, l.Port, l.SecurityProtocol})
	}
	for i := range req.Features {
		f := &req.Features[i]
		r.Features = append(r.Features, FeatureRange{f.Name, f.MinSupportedVersion, f.MaxSupportedVersion})
	}
	for _, dir := range req.LogDirs {
		r.LogDirs = append(r.LogDirs, dir)
	}
	return r
}
