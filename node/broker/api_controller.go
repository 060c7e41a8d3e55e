package broker

// What a controller answers by itself on its own listener, whether it decides or
// not (KIP-919): ApiVersions, DescribeCluster, which tells of controllers, and
// DescribeConfigs. Kafka's tools ask for these with --bootstrap-controller.

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/wire"
)

const controllerEndpoints = 2

// configsQuestion asks a shard, which knows the dynamic configs; answered with a
// kmsg.Response.
type configsQuestion struct{ req *kmsg.DescribeConfigsRequest }

// answerAlone answers what needs nobody else; false: it is not such a request.
func (c *controller) answerAlone(p *peerConn, req kmsg.Request, done func(kmsg.Response)) bool {
	switch req := req.(type) {
	case *kmsg.ApiVersionsRequest:
		done(c.apiVersions(req))
	case *kmsg.DescribeClusterRequest:
		done(c.describeControllers(p.listener, req))
	case *kmsg.DescribeConfigsRequest:
		c.ask(controllerIndex+1, c.image.Version(), configsQuestion{req}, func(body any) { done(body.(kmsg.Response)) })
	default:
		return false
	}
	return true
}

func (c *controller) apiVersions(req *kmsg.ApiVersionsRequest) kmsg.Response {
	resp := kmsg.NewPtrApiVersionsResponse()
	resp.FinalizedFeaturesEpoch = -1
	if resp.ErrorCode = checkClient(req, c.image.ClusterID, c.node.config.NodeID); resp.ErrorCode == 0 {
		listVersions(resp, wire.ControllerVersions)
		listFeatures(resp, c.image, req.Version)
	}
	return resp
}

func (c *controller) describeControllers(listener string, req *kmsg.DescribeClusterRequest) kmsg.Response {
	resp := kmsg.NewPtrDescribeClusterResponse()
	resp.EndpointType, resp.ControllerID, resp.ClusterAuthorizedOperations = controllerEndpoints, noNode, notAsked
	if req.Version == 0 || req.EndpointType != controllerEndpoints {
		code, text := kerr.UnsupportedEndpointType, "this type of endpoint is not known"
		if req.Version == 0 || req.EndpointType == brokerEndpoints {
			code, text = kerr.MismatchedEndpointType, "this listener is for controllers, not for brokers"
		}
		resp.ErrorCode, resp.ErrorMessage = code.Code, &text
		return resp
	}
	if req.IncludeClusterAuthorizedOperations {
		resp.ClusterAuthorizedOperations = clusterOperations
	}
	resp.ClusterID, resp.ControllerID = c.image.ClusterID, c.leader
	for _, v := range c.named() {
		for _, e := range v.Endpoints {
			if e.Name == listener {
				x := kmsg.NewDescribeClusterResponseBroker()
				x.NodeID, x.Host, x.Port = v.ID, e.Host, int32(e.Port)
				resp.Brokers = append(resp.Brokers, x)
			}
		}
	}
	return resp
}
