package broker

// DescribeCluster, key 60, versions 0 to 2. A broker tells of brokers only, not
// of controllers (KIP-919).

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/meta"
)

// What may be done, as bits numbered by Kafka's AclOperation, where nothing is
// forbidden; and the mark of "not asked".
const (
	clusterOperations = 8096
	topicOperations   = 3576
	notAsked          = -2147483648
)

const brokerEndpoints = 1

func (s *shard) describeCluster(k *call, req *kmsg.DescribeClusterRequest) {
	resp := kmsg.NewPtrDescribeClusterResponse()
	resp.EndpointType, resp.ControllerID, resp.ClusterAuthorizedOperations = brokerEndpoints, -1, notAsked
	if req.Version >= 1 && req.EndpointType != brokerEndpoints {
		code, text := kerr.UnsupportedEndpointType, "this type of endpoint is not known"
		if req.EndpointType == 2 {
			code, text = kerr.MismatchedEndpointType, "this listener is for brokers, not for controllers"
		}
		resp.ErrorCode, resp.ErrorMessage = code.Code, &text
		k.reply(resp)
		return
	}
	if req.IncludeClusterAuthorizedOperations {
		resp.ClusterAuthorizedOperations = clusterOperations
	}
	resp.ClusterID, resp.ControllerID = s.image.ClusterID, s.node.config.NodeID
	for b := range s.image.Brokers() {
		x := kmsg.NewDescribeClusterResponseBroker()
		x.NodeID, x.Rack, x.IsFenced = b.ID, b.Rack, b.Fenced
		e, ok := endpoint(b, k.conn.listener)
		if !ok || b.Fenced && !req.IncludeFencedBrokers {
			continue
		}
		x.Host, x.Port = e.Host, int32(e.Port)
		resp.Brokers = append(resp.Brokers, x)
	}
	k.reply(resp)
}

// endpoint is where a broker is reached by clients of a listener.
func endpoint(b *meta.Broker, listener string) (meta.EndPoint, bool) {
	for _, e := range b.EndPoints {
		if e.Name == listener {
			return e, true
		}
	}
	return meta.EndPoint{}, false
}
