package maelstrom

import (
	"context"
	"encoding/json"
	"net"
	"strconv"
)

// Service answers Maelstrom's clients as one client of the cluster.
type Service struct {
	*senders
	*offsets
	*register
}

// NewService makes the service of a node whose broker listens at a port of the
// node's Network.
func NewService(n *Node, port int) *Service {
	call := &caller{net: n.Network, idle: map[string][]net.Conn{}}
	t := &topics{
		caller: call, leaders: map[string]string{},
		local:    net.JoinHostPort(n.ID, strconv.Itoa(port)),
		replicas: int16(Replicas(len(n.All))),
	}
	s := &senders{topics: t, free: map[string][]*sender{}}
	return &Service{senders: s, offsets: &offsets{t}, register: newRegister(s, n.ID)}
}

// Replicas is how many a topic has in a cluster of so many nodes.
func Replicas(nodes int) int { return min(nodes, 3) }

// Close ends the connections that the service keeps.
func (s *Service) Close() { s.senders.close() }

// Handlers are the requests of all workloads that there are: kafka, lin-kv and echo.
func (s *Service) Handlers() map[string]Handler {
	all := map[string]Handler{
		"echo": echo,
		"send": s.send, "poll": s.poll,
		"commit_offsets": s.commitOffsets, "list_committed_offsets": s.listCommittedOffsets,
		"read": s.register.read, "write": s.register.write, "cas": s.register.cas,
	}
	for name, h := range all {
		all[name] = func(ctx context.Context, body json.RawMessage) (any, error) {
			ctx, cancel := context.WithTimeout(ctx, requestTime)
			defer cancel()
			return h(ctx, body)
		}
	}
	return all
}

// fields reads a request's own fields.
func fields(body json.RawMessage, into any) error {
	if err := json.Unmarshal(body, into); err != nil {
		return failure(MalformedRequest, "%v", err)
	}
	return nil
}

func echo(_ context.Context, body json.RawMessage) (any, error) {
	var b struct {
		Echo json.RawMessage `json:"echo"`
	}
	return &b, fields(body, &b)
}
