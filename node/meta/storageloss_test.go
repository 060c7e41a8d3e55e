package meta

import (
	"fmt"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/config"
	"odradek/node/env"
)

// registrationOf is a request of a broker with these log directories.
func registrationOf(id int32, dirs ...env.UUID) *kmsg.BrokerRegistrationRequest {
	req := kmsg.NewPtrBrokerRegistrationRequest()
	req.Version, req.BrokerID, req.IncarnationID = 4, id, env.UUID{1}
	for _, dir := range dirs {
		req.LogDirs = append(req.LogDirs, dir)
	}
	for _, f := range Features() {
		x := kmsg.NewBrokerRegistrationRequestFeature()
		x.Name, x.MinSupportedVersion, x.MaxSupportedVersion = f.Name, f.Min, f.Max
		req.Features = append(req.Features, x)
	}
	return req
}

func dirOf(id int32) env.UUID { return env.UUID{15: byte(100 + id)} }

// returned makes brokers 1 to n and one partition, and lets broker 1 come back
// with the directory.
func returned(t *testing.T, n int32, p PartitionRecord, dir env.UUID) *Partition {
	im := NewImage()
	c := NewController(im, &config.Broker{}, env.Stream(1, 1, "c"))
	replay(t, im, Bootstrap(1)...)
	for id := int32(1); id <= n; id++ {
		records, _ := c.RegisterAlone(registrationOf(id, dirOf(id)), im.Version()+1, nil)
		replay(t, im, records...)
		p.Replicas = append(p.Replicas, id)
		p.Directories = append(p.Directories, dirOf(id))
	}
	p.TopicID = topicID(1)
	replay(t, im, &TopicRecord{"a", topicID(1)}, &p)
	records, resp := c.RegisterAlone(registrationOf(1, dir), im.Version()+1, nil)
	if resp.ErrorCode != 0 || resp.BrokerEpoch != im.Version()+1 {
		t.Fatalf("%+v", resp)
	}
	replay(t, im, records...)
	return im.Topic("a").Partition(0)
}

func TestAReturnedBrokerLeadsAnewUnlessItLostItsLog(t *testing.T) {
	gone := dirOf(50)
	for _, c := range []struct {
		what      string
		n         int32
		isr, elr  []int32
		leader    int32
		dir       env.UUID
		want      string // leader, leader epoch, ISR, ELR, last known
		unchanged bool
	}{
		{"alone, with its log", 1, []int32{1}, nil, 1, dirOf(1), "1 1 [1] [] []", false},
		{"alone, without its log", 1, []int32{1}, nil, 1, gone, "-1 1 [] [] [1]", false},
		{"leader, without its log", 3, []int32{1, 3}, nil, 1, gone, "3 1 [3] [] []", false},
		{"leader, last of its ISR, without its log", 3, []int32{1}, []int32{2}, 1, gone, "2 1 [2] [] []", false},
		{"follower, with its log", 2, []int32{1, 2}, nil, 2, dirOf(1), "2 0 [1 2] [] []", true},
		{"follower, without its log", 2, []int32{1, 2}, nil, 2, gone, "2 0 [2] [] []", false},
		{"outside the ISR, without its log", 2, []int32{2}, nil, 2, gone, "2 0 [2] [] []", false},
		{"in the ELR, nobody leads, with its log", 2, nil, []int32{1}, NoLeader, dirOf(1), "1 1 [1] [] []", false},
		{"in the ELR, nobody leads, without its log", 2, nil, []int32{1}, NoLeader, gone, "-1 0 [] [] []", false},
	} {
		p := returned(t, c.n, PartitionRecord{ISR: c.isr, ELR: c.elr, Leader: c.leader}, c.dir)
		got := fmt.Sprint(p.Leader, p.LeaderEpoch, p.ISR, p.ELR, p.LastKnownELR)
		if got != c.want || (p.PartitionEpoch == 0) != c.unchanged {
			t.Errorf("%s: %s, partition epoch %d; want %s", c.what, got, p.PartitionEpoch, c.want)
		}
	}
}

func TestARegistrationIsRefused(t *testing.T) {
	im := NewImage()
	im.ClusterID = "c"
	c := NewController(im, &config.Broker{}, env.Stream(1, 1, "c"))
	replay(t, im, &RegisterBrokerRecord{BrokerID: 2, LogDirs: []env.UUID{dirA}})
	for _, bad := range []struct {
		what    string
		cluster string
		dirs    []env.UUID
		want    *kerr.Error
	}{
		{"another cluster's", "d", []env.UUID{dirB}, kerr.InconsistentClusterID},
		{"without directories", "c", nil, kerr.InvalidRegistration},
		{"with another broker's directory", "c", []env.UUID{dirB, dirA}, kerr.InvalidRegistration},
	} {
		req := registrationOf(1, bad.dirs...)
		req.ClusterID = bad.cluster
		if records, resp := c.RegisterBroker(0, req, 5, nil); resp.ErrorCode != bad.want.Code || records != nil {
			t.Errorf("%s: %+v", bad.what, resp)
		}
	}
}

func TestANewClusterHasTheFeaturesThatItsBrokersSupport(t *testing.T) {
	im := NewImage()
	replay(t, im, Bootstrap(1)...)
	for _, f := range Features() {
		if im.Feature(f.Name) != f.Max {
			t.Errorf("%s is at level %d of %d", f.Name, im.Feature(f.Name), f.Max)
		}
	}
	if first := Bootstrap(1)[0].(*FeatureLevelRecord); first.Name != metadataVersion {
		t.Errorf("the log begins with %v", first)
	}
}
