package meta

import (
	"errors"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/checker/oracle"
	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/wire"
)

// cluster is a broker that has a controller and nothing else: it answers by
// decision and replay, and reads its image out.
type cluster struct {
	image *Image
	c     *Controller
	t     testing.TB
}

func newCluster(t testing.TB, props map[string]string) *cluster {
	im := NewImage()
	im.ClusterID = "c"
	var static []config.Setting
	for _, from := range []map[string]string{oracle.Properties(), props} {
		for _, key := range slices.Sorted(maps.Keys(from)) {
			static = append(static, config.Setting{Key: key, Value: from[key]})
		}
	}
	settings, _, err := config.Load(static, nil)
	if err != nil {
		t.Fatal(err)
	}
	k := &cluster{im, NewController(im, settings, env.Stream(1, 1, "controller")), t}
	k.commit(Bootstrap(1))
	reg := registrationOf(1, dirA)
	reg.ClusterID = "c"
	records, resp := k.c.RegisterAlone(reg, im.Version()+1, nil)
	if resp.ErrorCode != 0 {
		t.Fatal(kerr.ErrorForCode(resp.ErrorCode))
	}
	k.commit(records)
	return k
}

func (k *cluster) commit(records []Record) {
	for _, r := range records {
		read, err := Decode(Encode(nil, r))
		if err != nil {
			k.t.Fatal(err)
		}
		replay(k.t, k.image, read)
	}
}

func (k *cluster) Dial() (oracle.Conn, error) { return k, nil }
func (k *cluster) Close()                     {}

func (k *cluster) RoundTrip(frame []byte, _ bool) (reply []byte, closed bool, err error) {
	req, err := wire.ParseRequest(frame, wire.DefaultLimits)
	if err != nil {
		return nil, true, nil
	}
	resp := k.answer(req.Body)
	if resp == nil {
		return nil, false, errors.New("no such API here")
	}
	return wire.AppendResponse(nil, req.CorrelationID, resp)[4:], false, nil
}

func (k *cluster) answer(body kmsg.Request) kmsg.Response {
	var records []Record
	var resp kmsg.Response
	switch r := body.(type) {
	case *kmsg.CreateTopicsRequest:
		records, resp = decided(k.c.CreateTopics(r))
	case *kmsg.DeleteTopicsRequest:
		records, resp = decided(k.c.DeleteTopics(r))
	case *kmsg.CreatePartitionsRequest:
		records, resp = decided(k.c.CreatePartitions(r))
	case *kmsg.IncrementalAlterConfigsRequest:
		records, resp = decided(k.c.IncrementalAlterConfigs(r))
	case *kmsg.AlterConfigsRequest:
		records, resp = decided(k.c.AlterConfigs(r))
	case *kmsg.MetadataRequest:
		resp = k.metadata(r)
	case *kmsg.DescribeConfigsRequest:
		resp = k.describe(r)
	}
	k.commit(records)
	return resp
}

func decided[R kmsg.Response](records []Record, resp R) ([]Record, kmsg.Response) {
	return records, resp
}

// metadata reads the named topics out of the image.
func (k *cluster) metadata(req *kmsg.MetadataRequest) kmsg.Response {
	resp := req.ResponseKind().(*kmsg.MetadataResponse)
	resp.ClusterID, resp.ControllerID = &k.image.ClusterID, 1
	b := kmsg.NewMetadataResponseBroker()
	b.NodeID, b.Host, b.Port = 1, "h", 1
	resp.Brokers = append(resp.Brokers, b)
	for i := range req.Topics {
		t := kmsg.NewMetadataResponseTopic()
		t.Topic, t.Partitions = req.Topics[i].Topic, []kmsg.MetadataResponseTopicPartition{}
		topic := k.image.Topic(*t.Topic)
		if topic == nil {
			t.ErrorCode = kerr.UnknownTopicOrPartition.Code
			resp.Topics = append(resp.Topics, t)
			continue
		}
		t.TopicID = topic.ID
		for j := range topic.Partitions {
			p := kmsg.NewMetadataResponseTopicPartition()
			from := &topic.Partitions[j]
			p.Partition, p.Leader, p.LeaderEpoch = from.Index, from.Leader, from.LeaderEpoch
			p.Replicas, p.ISR, p.OfflineReplicas = from.Replicas, from.ISR, []int32{}
			t.Partitions = append(t.Partitions, p)
		}
		resp.Topics = append(resp.Topics, t)
	}
	return resp
}

func TestDecisionsAreThoseThatKafkaAnswered(t *testing.T) {
	var paths []string
	for _, glob := range []string{
		"createtopics/*.txt", "deletetopics/*.txt", "createpartitions/*.txt", "incrementalalterconfigs/*.txt",
	} {
		found, err := filepath.Glob(filepath.Join("../../checker/oracle/testdata", glob))
		if err != nil || len(found) == 0 {
			t.Fatalf("%s: %v, %v", glob, found, err)
		}
		paths = append(paths, found...)
	}
	for _, path := range append(paths, "testdata/alterconfigs.txt") {
		if strings.HasSuffix(path, "timeouts.txt") {
			continue // deadlines are the broker's affair
		}
		t.Run(filepath.Base(filepath.Dir(path))+"/"+filepath.Base(path), func(t *testing.T) {
			script, err := oracle.Load(path)
			if err != nil {
				t.Fatal(err)
			}
			diff, err := oracle.Play(script, newCluster(t, script.Config))
			if err != nil {
				t.Error(err)
			}
			if diff != "" {
				t.Error(diff)
			}
		})
	}
}
