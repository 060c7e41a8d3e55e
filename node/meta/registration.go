package meta

import (
	"bytes"
	"slices"
	"time"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// RegisterBroker decides on a broker process that has come (API key 62, v0 to
// v4; KIP-631, Kafka's ClusterControlManager). epoch is the broker's new epoch,
// greater than all before: the offset at which the first record will lie. The
// broker begins fenced; a heartbeat unfences it.
//
// lossy names log directories whose files cannot be trusted to hold all that was
// acknowledged: those of a node with relaxed flushing that was not shut down
// cleanly. Replicas there, and in directories that are gone, have lost their
// storage: they leave ISR and ELR in the same decision (see loseStorage). All
// other replicas stay eligible, be the stop clean or not.
//
// The process that has registered before, asking again (its answer was lost),
// gets the same epoch. Errors: INCONSISTENT_CLUSTER_ID, INVALID_REGISTRATION,
// UNSUPPORTED_VERSION, DUPLICATE_BROKER_REGISTRATION (another process has the id
// and its session is not over).
func (c *Controller) RegisterBroker(
	now time.Duration, req *kmsg.BrokerRegistrationRequest, epoch int64, lossy []env.UUID,
) ([]Record, *kmsg.BrokerRegistrationResponse) {
	old := c.image.Broker(req.BrokerID)
	again := old != nil && old.Incarnation == req.IncarnationID
	if old != nil && !again && !old.InControlledShutdown && c.alive(now, old) {
		return refusedRegistration(req, kerr.DuplicateBrokerRegistration)
	}
	if why := c.checkRegistration(req); why != nil {
		return refusedRegistration(req, why)
	}
	reg := registerRecord(req, epoch)
	reg.Fenced = true
	if again {
		reg.BrokerEpoch, reg.Fenced, reg.InControlledShutdown = old.Epoch, old.Fenced, old.InControlledShutdown
		reg.CordonedLogDirs = old.CordonedLogDirs
		if bytes.Equal(Encode(nil, reg), Encode(nil, old.record())) {
			return registration(req, reg, nil)
		}
		lossy = nil // told with the first request, and since then it may have caught up
	}
	return registration(req, reg, c.register(reg, old, lossy))
}

// RegisterAlone registers the broker of a node that is its own controller and
// the only one: no other process can have its id, and nobody waits for a
// heartbeat, so it is in service at once. What it led it leads under a new
// leader epoch, for the process that led before is another one. It has no session
// that could expire until Activate or a heartbeat begins one.
func (c *Controller) RegisterAlone(
	req *kmsg.BrokerRegistrationRequest, epoch int64, lossy []env.UUID,
) ([]Record, *kmsg.BrokerRegistrationResponse) {
	if why := c.checkRegistration(req); why != nil {
		return refusedRegistration(req, why)
	}
	reg := registerRecord(req, epoch)
	return registration(req, reg, c.register(reg, c.image.Broker(req.BrokerID), lossy))
}

// register writes a registration and what it changes.
func (c *Controller) register(reg *RegisterBrokerRecord, old *Broker, lossy []env.UUID) []Record {
	d := c.draft()
	d.addBroker(reg)
	restarted := old == nil || old.Epoch != reg.BrokerEpoch
	d.sweep([]int32{reg.BrokerID}, func(p *Partition, next *shape) {
		next.loseStorage(reg, old, lossy)
		next.anew = restarted && p.Leader == reg.BrokerID
	})
	return d.records
}

func registration(req *kmsg.BrokerRegistrationRequest, reg *RegisterBrokerRecord, records []Record) ([]Record, *kmsg.BrokerRegistrationResponse) {
	resp := req.ResponseKind().(*kmsg.BrokerRegistrationResponse)
	resp.BrokerEpoch = reg.BrokerEpoch
	return records, resp
}

func refusedRegistration(req *kmsg.BrokerRegistrationRequest, why *kerr.Error) ([]Record, *kmsg.BrokerRegistrationResponse) {
	resp := req.ResponseKind().(*kmsg.BrokerRegistrationResponse)
	resp.ErrorCode, resp.BrokerEpoch = why.Code, -1
	return nil, resp
}

func (c *Controller) checkRegistration(req *kmsg.BrokerRegistrationRequest) *kerr.Error {
	switch {
	case req.ClusterID != c.image.ClusterID:
		return kerr.InconsistentClusterID
	case req.IsMigratingZkBroker:
		return kerr.BrokerIDNotRegistered
	case !c.fitDirs(req):
		return kerr.InvalidRegistration
	case !c.fitFeatures(req):
		return kerr.UnsupportedVersion
	}
	return nil
}

// fitDirs tells whether the directories are real ones, and nobody else's.
func (c *Controller) fitDirs(req *kmsg.BrokerRegistrationRequest) bool {
	for i, dir := range req.LogDirs {
		if reservedDir(dir) || slices.Contains(req.LogDirs[:i], dir) {
			return false
		}
		for b := range c.image.Brokers() {
			if b.ID != req.BrokerID && slices.Contains(b.LogDirs, env.UUID(dir)) {
				return false
			}
		}
	}
	return len(req.LogDirs) > 0
}

// fitFeatures tells whether the broker supports the levels that are finalized.
func (c *Controller) fitFeatures(req *kmsg.BrokerRegistrationRequest) bool {
	for f := range c.image.Features() {
		supported := FeatureRange{Name: f.Name}
		for i := range req.Features {
			if r := &req.Features[i]; r.Name == f.Name {
				supported = FeatureRange{r.Name, r.MinSupportedVersion, r.MaxSupportedVersion}
			}
		}
		if f.Max < supported.Min || f.Max > supported.Max {
			return false
		}
	}
	return true
}

func registerRecord(req *kmsg.BrokerRegistrationRequest, epoch int64) *RegisterBrokerRecord {
	r := &RegisterBrokerRecord{
		BrokerID: req.BrokerID, IncarnationID: req.IncarnationID, BrokerEpoch: epoch, Rack: req.Rack,
		LogDirs: uuids(req.LogDirs),
	}
	for i := range req.Listeners {
		l := &req.Listeners[i]
		r.EndPoints = append(r.EndPoints, EndPoint{l.Name, l.Host, l.Port, l.SecurityProtocol})
	}
	for i := range req.Features {
		f := &req.Features[i]
		r.Features = append(r.Features, FeatureRange{f.Name, f.MinSupportedVersion, f.MaxSupportedVersion})
	}
	return r
}
