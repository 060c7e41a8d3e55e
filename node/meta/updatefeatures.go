package meta

import (
	"slices"
	"strconv"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// Ways to change a feature's level (KIP-778).
const (
	upgrade         int8 = 1
	safeDowngrade   int8 = 2
	unsafeDowngrade int8 = 3
)

// elrFeature is KIP-966's.
const elrFeature = "eligible.leader.replicas.version"

// UpdateFeatures decides on other levels of features (API key 57, v0 to v2;
// KIP-584, KIP-778): all of the request or nothing. A downgrade must be asked for
// as one, which v0 cannot; metadata.version knows none, as records in its newest form are in the
// log, and eligible leader replicas cannot be switched off while some partition
// has no other. Errors, always of the whole: INVALID_UPDATE_VERSION, INVALID_REQUEST.
func (c *Controller) UpdateFeatures(req *kmsg.UpdateFeaturesRequest) ([]Record, *kmsg.UpdateFeaturesResponse) {
	resp := req.ResponseKind().(*kmsg.UpdateFeaturesResponse)
	var records []Record
	for i := range req.FeatureUpdates {
		u := &req.FeatureUpdates[i]
		made, why := c.updateFeature(u, wayOf(req, u), req.FeatureUpdates[:i])
		if why != nil {
			why.fill(&resp.ErrorCode, &resp.ErrorMessage)
			resp.Results = nil
			return nil, resp
		}
		records = append(records, made...)
		r := kmsg.NewUpdateFeaturesResponseResult()
		r.Feature, r.ErrorMessage = u.Feature, new("NONE") // up to v1; Kafka's name of no error
		resp.Results = append(resp.Results, r)
	}
	if req.ValidateOnly {
		return nil, resp
	}
	return records, resp
}

// wayOf is upgrade for all of v0: Kafka no longer reads its AllowDowngrade.
func wayOf(req *kmsg.UpdateFeaturesRequest, u *kmsg.UpdateFeaturesRequestFeatureUpdate) int8 {
	if req.Version > 0 {
		return u.UpgradeType
	}
	return upgrade
}

func (c *Controller) updateFeature(
	u *kmsg.UpdateFeaturesRequestFeatureUpdate, way int8, before []kmsg.UpdateFeaturesRequestFeatureUpdate,
) ([]Record, *refusal) {
	same := func(o kmsg.UpdateFeaturesRequestFeatureUpdate) bool { return o.Feature == u.Feature }
	now := c.image.Feature(u.Feature)
	bad := func(why string) ([]Record, *refusal) {
		return nil, refuse(kerr.InvalidUpdateVersion, "%s cannot be set to level %d: %s", u.Feature, u.MaxVersionLevel, why)
	}
	switch {
	case slices.ContainsFunc(before, same):
		return nil, refuse(kerr.InvalidRequest, "%s is named more than once", u.Feature)
	case way < upgrade || way > unsafeDowngrade:
		return bad("the way to do it is unknown")
	case !c.allSupport(u.Feature, u.MaxVersionLevel):
		return bad("not all nodes support it")
	case u.MaxVersionLevel < now && way == upgrade:
		return bad("that would be a downgrade")
	case u.MaxVersionLevel > now && way != upgrade:
		return bad("that would be an upgrade")
	case u.MaxVersionLevel < now && u.Feature == metadataVersion:
		return bad("its records are in the log")
	case u.MaxVersionLevel == now:
		return nil, nil
	case u.Feature == elrFeature && u.MaxVersionLevel == 0 && c.someNeedELR():
		return bad("a partition has eligible leader replicas alone")
	}
	records := []Record{&FeatureLevelRecord{u.Feature, u.MaxVersionLevel}}
	if u.Feature == elrFeature {
		records = append(records, c.elrSwitched(u.MaxVersionLevel > 0)...)
	}
	return records, nil
}

// elrSwitched is what goes with eligible leader replicas: while they are on, all
// nodes must know the same min.insync.replicas, so it is in the log.
func (c *Controller) elrSwitched(on bool) []Record {
	if !on {
		return []Record{&ClearELRRecord{}}
	}
	var records []Record
	for b := range c.image.Brokers() {
		of := resource{ResourceBroker, strconv.Itoa(int(b.ID))}
		if _, set := c.image.configs[of].Get(minInsyncReplicas); set {
			records = append(records, &ConfigRecord{of.kind, of.name, minInsyncReplicas, nil})
		}
	}
	cluster := resource{ResourceBroker, ""}
	if _, set := c.image.configs[cluster].Get(minInsyncReplicas); !set {
		least := c.effective().Topic(nil).MinInsyncReplicas
		records = append(records, configRecord(cluster, minInsyncReplicas, strconv.Itoa(least)))
	}
	return records
}

// allSupport tells whether this node and all brokers know a level of a feature.
// A broker that does not speak of the feature knows level 0.
func (c *Controller) allSupport(feature string, level int16) bool {
	knows := func(ranges []FeatureRange) bool {
		at := slices.IndexFunc(ranges, func(r FeatureRange) bool { return r.Name == feature })
		return at < 0 && level == 0 || at >= 0 && ranges[at].Min <= level && level <= ranges[at].Max
	}
	for b := range c.image.Brokers() {
		if !knows(b.Features) {
			return false
		}
	}
	return knows(Features()) && slices.ContainsFunc(Features(), func(r FeatureRange) bool { return r.Name == feature })
}

func (c *Controller) someNeedELR() bool {
	for t := range c.image.Topics() {
		if slices.ContainsFunc(t.Partitions, func(p Partition) bool { return len(p.ISR) == 0 && len(p.ELR) > 0 }) {
			return true
		}
	}
	return false
}
