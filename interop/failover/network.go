package main

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"strings"
)

// network is one of its own for each node, joined by a bridge, at whose own address
// the producer is. It needs root on Linux.
//
//	producer -- bridge 10.212.N.254 --+-- port 1 -- eth0 10.212.N.1, node 1
//	                                  +-- port 2 -- eth0 10.212.N.2, node 2  ...
type network struct {
	name  string // of the bridge, and the beginning of all other names
	net   int
	nodes int
}

// newNetwork makes it; with an error nothing of it stays.
func newNetwork(nodes int) (*network, error) {
	n := &network{net: os.Getpid() % 250, nodes: nodes}
	n.name = fmt.Sprintf("odf%d", n.net)
	steps := []string{
		"link add " + n.name + " type bridge",
		fmt.Sprintf("addr add 10.212.%d.254/24 dev %s", n.net, n.name),
		"link set " + n.name + " up",
	}
	for id := 1; id <= nodes; id++ {
		space, port := n.space(id), n.port(id)
		steps = append(steps, "netns add "+space,
			fmt.Sprintf("link add %s type veth peer name eth0 netns %s", port, space),
			fmt.Sprintf("link set %s master %s up", port, n.name),
			fmt.Sprintf("-n %s addr add %s/24 dev eth0", space, n.host(id)),
			fmt.Sprintf("-n %s link set eth0 up", space), fmt.Sprintf("-n %s link set lo up", space))
	}
	for _, step := range steps {
		if err := ip(step); err != nil {
			return nil, errors.Join(err, n.close())
		}
	}
	return n, nil
}

func (n *network) space(id int) string { return fmt.Sprintf("%sn%d", n.name, id) }
func (n *network) port(id int) string  { return fmt.Sprintf("%sp%d", n.name, id) }
func (n *network) host(id int) string  { return fmt.Sprintf("10.212.%d.%d", n.net, id) }

// addrs are where the nodes listen: first for clients, then for controllers.
func (n *network) addrs() (all []string) {
	for _, port := range []string{"9092", "9093"} {
		for id := 1; id <= n.nodes; id++ {
			all = append(all, n.host(id)+":"+port)
		}
	}
	return all
}

// under is what runs a node's binary in its network.
func (n *network) under(id int) []string { return []string{"ip", "netns", "exec", n.space(id)} }

// hole makes a node's network one in which all is lost in silence; plug ends that.
func (n *network) hole(id int) error { return ip("link set " + n.port(id) + " down") }
func (n *network) plug(id int) error { return ip("link set " + n.port(id) + " up") }

func (n *network) close() (err error) {
	for id := 1; id <= n.nodes; id++ {
		_ = ip("link del " + n.port(id)) // one that was not made; both ends go, and at once
		_ = ip("netns del " + n.space(id))
	}
	return ip("link del " + n.name)
}

func ip(args string) error {
	out, err := exec.Command("ip", strings.Fields(args)...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("ip %s: %w: %s", args, err, out)
	}
	return nil
}
