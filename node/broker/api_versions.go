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
	if resp.ErrorCode = s.checkClient(req); resp.ErrorCode == 0 {
		listVersions(resp)
		s.listFeatures(resp, req.Version)
	}
	k.reply(resp)
}

func (s *shard) checkClient(req *kmsg.ApiVersionsRequest) int16 {
	if req.Version >= 3 && !(softwareName.MatchString(req.ClientSoftwareName) && softwareName.MatchString(req.ClientSoftwareVersion)) {
		return kerr.InvalidRequest.Code
	}
	if req.Version < 5 || req.ClusterID == nil && req.NodeID < 0 {
		return 0
	}
	switch {
	case req.ClusterID == nil || req.NodeID < 0:
		return kerr.InvalidRequest.Code
	case *req.ClusterID != s.image.ClusterID || req.NodeID != s.node.config.NodeID:
		return kerr.RebootstrapRequired.Code
	}
	return 0
}

func listVersions(resp *kmsg.ApiVersionsResponse) {
	for _, v := range wire.Versions {
		x := kmsg.NewApiVersionsResponseApiKey()
		x.ApiKey, x.MinVersion, x.MaxVersion = v.Key, v.Min, v.Max
		resp.ApiKeys = append(resp.ApiKeys, x)
	}
}

// listFeatures leaves out of version 3 what that version's clients cannot take:
// ranges that begin at 0 (KIP-1022).
func (s *shard) listFeatures(resp *kmsg.ApiVersionsResponse, version int16) {
	for _, f := range meta.Features() {
		if !served(f.Name) || version < 4 && f.Min == 0 {
			continue
		}
		x := kmsg.NewApiVersionsResponseSupportedFeature()
		x.Name, x.MinVersion, x.MaxVersion = f.Name, f.Min, f.Max
		resp.SupportedFeatures = append(resp.SupportedFeatures, x)
	}
	for f := range s.image.Features() {
		if !served(f.Name) {
			continue
		}
		x := kmsg.NewApiVersionsResponseFinalizedFeature()
		x.Name, x.MinVersionLevel, x.MaxVersionLevel = f.Name, f.Max, f.Max
		resp.FinalizedFeatures = append(resp.FinalizedFeatures, x)
	}
	resp.FinalizedFeaturesEpoch = s.image.Version()
}

// served tells whether what a feature stands for is there. A new cluster's log
// finalizes all features of Kafka 4.4, so that it need not be changed when the
// others come.
func served(feature string) bool {
	switch feature {
	case "metadata.version", "eligible.leader.replicas.version":
		return true
	}
	return false
}

// refuseApiVersions answers a version that we do not know.
func (k *call) refuseApiVersions() {
	resp := kmsg.NewPtrApiVersionsResponse()
	resp.ErrorCode = kerr.UnsupportedVersion.Code
	for _, v := range wire.Versions {
		if v.Key == wire.ApiVersions {
			x := kmsg.NewApiVersionsResponseApiKey()
			x.ApiKey, x.MinVersion, x.MaxVersion = v.Key, v.Min, v.Max
			resp.ApiKeys = append(resp.ApiKeys, x)
		}
	}
	k.replyParts([]env.Part{{Bytes: wire.AppendResponse(nil, k.req.CorrelationID, resp)}})
}
