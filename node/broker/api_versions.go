package broker

// ApiVersions, key 18, versions 0 to 5. An unknown version is answered in the
// form of version 0 with UNSUPPORTED_VERSION and the versions of ApiVersions
// itself (KIP-511). From 3 on the client names its software; version 5 names the
// cluster and node that it means to reach (KIP-1242).

import (
	"regexp"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/meta"
	"odradek/node/wire"
)

var softwareName = regexp.MustCompile(`^[a-zA-Z0-9](?:[a-zA-Z0-9\-.]*[a-zA-Z0-9])?$`)

func (s *shard) apiVersions(k *call, req *kmsg.ApiVersionsRequest) {
	resp := kmsg.NewPtrApiVersionsResponse()
	resp.FinalizedFeaturesEpoch = -1
	if resp.ErrorCode = checkClient(req, s.image.ClusterID, s.node.config.NodeID); resp.ErrorCode == 0 {
		listVersions(resp, wire.Versions)
		listFeatures(resp, s.image, req.Version)
	}
	k.reply(resp)
}

func checkClient(req *kmsg.ApiVersionsRequest, clusterID string, nodeID int32) int16 {
	if req.Version >= 3 && !(softwareName.MatchString(req.ClientSoftwareName) && softwareName.MatchString(req.ClientSoftwareVersion)) {
		return kerr.InvalidRequest.Code
	}
	if req.Version < 5 || req.ClusterID == nil && req.NodeID < 0 {
		return 0
	}
	switch {
	case req.ClusterID == nil || req.NodeID < 0:
		return kerr.InvalidRequest.Code
	case *req.ClusterID != clusterID || req.NodeID != nodeID:
		return kerr.RebootstrapRequired.Code
	}
	return 0
}

func listVersions(resp *kmsg.ApiVersionsResponse, all []wire.Range) {
	for _, v := range all {
		x := kmsg.NewApiVersionsResponseApiKey()
		x.ApiKey, x.MinVersion, x.MaxVersion = v.Key, v.Min, v.Max
		resp.ApiKeys = append(resp.ApiKeys, x)
	}
}

// listFeatures leaves out of version 3 what that version's clients cannot take:
// ranges that begin at 0 (KIP-1022).
func listFeatures(resp *kmsg.ApiVersionsResponse, image *meta.Image, version int16) {
	for _, f := range meta.Features() {
		if !served(f.Name) || version < 4 && f.Min == 0 {
			continue
		}
		x := kmsg.NewApiVersionsResponseSupportedFeature()
		x.Name, x.MinVersion, x.MaxVersion = f.Name, f.Min, f.Max
		resp.SupportedFeatures = append(resp.SupportedFeatures, x)
	}
	for f := range image.Features() {
		if !served(f.Name) {
			continue
		}
		x := kmsg.NewApiVersionsResponseFinalizedFeature()
		x.Name, x.MinVersionLevel, x.MaxVersionLevel = f.Name, f.Max, f.Max
		resp.FinalizedFeatures = append(resp.FinalizedFeatures, x)
	}
	resp.FinalizedFeaturesEpoch = image.Version()
}

// served tells whether what a feature stands for is there. A new cluster's log
// finalizes all features of Kafka 4.4, so that it need not be changed when the
// others come.
func served(feature string) bool {
	switch feature {
	case "metadata.version", "eligible.leader.replicas.version", "group.version":
		return true
	}
	return false
}

// refuseApiVersions answers a version that we do not know.
func (k *call) refuseApiVersions() {
	k.replyParts([]env.Part{{Bytes: unknownVersion(k.req.CorrelationID)}})
}

func unknownVersion(correlationID int32) []byte {
	resp := kmsg.NewPtrApiVersionsResponse()
	resp.ErrorCode = kerr.UnsupportedVersion.Code
	for _, v := range wire.Versions {
		if v.Key == wire.ApiVersions {
			x := kmsg.NewApiVersionsResponseApiKey()
			x.ApiKey, x.MinVersion, x.MaxVersion = v.Key, v.Min, v.Max
			resp.ApiKeys = append(resp.ApiKeys, x)
		}
	}
	return wire.AppendResponse(nil, correlationID, resp)
}
