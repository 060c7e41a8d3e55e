package meta

import (
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"
	"pgregory.net/rapid"
)

// alterRequest asks for one operation on one config.
func alterRequest(kind int8, resource, name string, op kmsg.IncrementalAlterConfigOp, value *string) *kmsg.IncrementalAlterConfigsRequest {
	req := kmsg.NewPtrIncrementalAlterConfigsRequest()
	r := kmsg.NewIncrementalAlterConfigsRequestResource()
	r.ResourceType, r.ResourceName = kmsg.ConfigResourceType(kind), resource
	r.Configs = []kmsg.IncrementalAlterConfigsRequestResourceConfig{{Name: name, Op: op, Value: value}}
	req.Version, req.Resources = 1, append(req.Resources, r)
	return req
}

func set(kind int8, resource, name, value string) *kmsg.IncrementalAlterConfigsRequest {
	return alterRequest(kind, resource, name, kmsg.IncrementalAlterConfigOpSet, &value)
}

func TestAConfigIsWhatTheLastAcceptedChangeSays(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		im, c := controllerOf(t, "")
		records, _ := c.CreateTopics(createRequest(newTopic("a", 1, 1)))
		replay(t, im, records...)
		model := map[string]string{}
		for range rapid.IntRange(0, 20).Draw(t, "changes") {
			name := rapid.SampledFrom([]string{"retention.ms", "segment.ms", "no.such.config"}).Draw(t, "config")
			value := rapid.SampledFrom([]string{"1000", "2000", "soon"}).Draw(t, "value")
			req := set(ResourceTopic, "a", name, value)
			gone := rapid.Bool().Draw(t, "delete")
			if gone {
				req = alterRequest(ResourceTopic, "a", name, kmsg.IncrementalAlterConfigOpDelete, nil)
			}
			records, resp := c.IncrementalAlterConfigs(req)
			replay(t, im, records...)
			good := gone || value != "soon" && name != "no.such.config"
			if (resp.Resources[0].ErrorCode == 0) != good {
				t.Fatalf("%s = %s: %+v", name, value, resp.Resources[0])
			}
			switch {
			case gone:
				delete(model, name)
			case good:
				model[name] = value
			}
			if got := im.Configs(ResourceTopic, "a"); len(got) != len(model) {
				t.Fatalf("%v, want %v", got, model)
			}
			for _, config := range im.Configs(ResourceTopic, "a") {
				if model[config.Name] != config.Value {
					t.Fatalf("%v, want %v", config, model)
				}
			}
		}
	})
}

func TestWhileELRIsOnMinInsyncReplicasHasRulesOfItsOwn(t *testing.T) {
	im, c := controllerOf(t, "")
	replay(t, im, Bootstrap(1)...)
	records, _ := c.CreateTopics(createRequest(newTopic("a", 1, 1)))
	replay(t, im, records...)
	replay(t, im, &PartitionChangeRecord{
		TopicID: im.Topic("a").ID, Leader: LeaderUnchanged, LeaderRecoveryState: -1, ELR: []int32{1}, LastKnownELR: []int32{1},
	})
	for _, bad := range []*kmsg.IncrementalAlterConfigsRequest{
		set(ResourceBroker, "1", minInsyncReplicas, "2"),
		alterRequest(ResourceBroker, "", minInsyncReplicas, kmsg.IncrementalAlterConfigOpDelete, nil),
	} {
		if records, resp := c.IncrementalAlterConfigs(bad); resp.Resources[0].ErrorCode != kerr.InvalidConfig.Code || records != nil {
			t.Errorf("%+v: %+v", bad.Resources[0], resp.Resources[0])
		}
	}
	records, resp := c.IncrementalAlterConfigs(set(ResourceTopic, "a", minInsyncReplicas, "2"))
	if replay(t, im, records...); resp.Resources[0].ErrorCode != 0 {
		t.Fatalf("%+v", resp.Resources[0])
	}
	if p := im.Topic("a").Partition(0); len(p.ELR)+len(p.LastKnownELR) != 0 || p.PartitionEpoch != 2 {
		t.Fatalf("the ELR outlived the minimum that it was made under: %+v", p)
	}
}

func TestAnAlterationIsRefused(t *testing.T) {
	_, c := controllerOf(t, "")
	for _, bad := range []struct {
		what string
		req  *kmsg.IncrementalAlterConfigsRequest
		want *kerr.Error
	}{
		{"a value too long for a record", set(ResourceBroker, "", "x", strings.Repeat("1", longestValue+1)), kerr.InvalidConfig},
		{"a broker's logger", set(ResourceBrokerLogger, "1", "root", "DEBUG"), kerr.InvalidRequest},
		{"a group without a name", set(ResourceGroup, "", "x", "1"), kerr.InvalidRequest},
		{"metrics without a name", set(ResourceClientMetrics, "", "x", "1"), kerr.InvalidRequest},
		{"an unknown operation", alterRequest(ResourceBroker, "1", "x", 9, new(string)), kerr.InvalidRequest},
	} {
		if records, resp := c.IncrementalAlterConfigs(bad.req); resp.Resources[0].ErrorCode != bad.want.Code || records != nil {
			t.Errorf("%s: %+v", bad.what, resp.Resources[0])
		}
	}
}
