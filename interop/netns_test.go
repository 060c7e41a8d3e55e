//go:build interop

package interop

import (
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"
	"time"
)

// lab is a network of its own for each node, all joined by a bridge, at whose own
// address the clients are:
//
//	clients -- bridge 10.211.N.254 --+-- port 1 -- eth0 10.211.N.1, node 1
//	                                 +-- port 2 -- eth0 10.211.N.2, node 2  ...
type lab struct {
	t    *testing.T
	name string // of the bridge, and the beginning of all other names
}

// newLab skips the test where this machine lets nobody make networks.
func newLab(t *testing.T, nodes int) *lab {
	t.Helper()
	program(t, "ip")
	program(t, "bridge")
	n := os.Getpid() % 250
	l := &lab{t, fmt.Sprintf("odr%d", n)}
	if err := run("ip", "link", "add", l.name, "type", "bridge"); err != nil {
		t.Skipf("no network namespaces here: %v", err)
	}
	t.Cleanup(func() { _ = run("ip", "link", "del", l.name) })
	l.ip("addr add 10.211.%d.254/24 dev %s", n, l.name)
	l.ip("link set %s up", l.name)
	for i := range nodes {
		space, port := l.space(i), l.port(i)
		if err := run("ip", "netns", "add", space); err != nil {
			t.Skipf("no network namespaces here: %v", err)
		}
		t.Cleanup(func() { _ = run("ip", "netns", "del", space) })
		l.ip("link add %s type veth peer name eth0 netns %s", port, space)
		l.ip("link set %s master %s up", port, l.name)
		l.ip("-n %s addr add 10.211.%d.%d/24 dev eth0", space, n, i+1)
		l.ip("-n %s link set eth0 up", space)
		l.ip("-n %s link set lo up", space)
	}
	return l
}

func (l *lab) space(i int) string { return fmt.Sprintf("%sn%d", l.name, i+1) }
func (l *lab) port(i int) string  { return fmt.Sprintf("%sp%d", l.name, i+1) }

func (l *lab) ip(format string, args ...any) {
	l.t.Helper()
	must(l.t, run("ip", strings.Fields(fmt.Sprintf(format, args...))...))
}

// form starts a cluster in the lab.
func (l *lab) form(nodes int) *cluster {
	var addrs, controllers []string
	for i := range nodes {
		host := fmt.Sprintf("10.211.%d.%d", os.Getpid()%250, i+1)
		addrs, controllers = append(addrs, host+":9092"), append(controllers, host+":9093")
	}
	return formAt(l.t, addrs, controllers, func(i int) []string { return []string{"ip", "netns", "exec", l.space(i)} }, quick)
}

// unplug cuts a node off from everybody; what was sent to it is lost in silence.
func (l *lab) unplug(i int) (mend func()) {
	l.t.Logf("%v node %d is unplugged", time.Now().Format(time.TimeOnly), i+1)
	l.ip("link set %s down", l.port(i))
	return func() { l.ip("link set %s up", l.port(i)) }
}

// part cuts two nodes off from each other, and from nobody else.
func (l *lab) part(i, j int) (mend func()) {
	l.t.Logf("%v nodes %d and %d do not hear each other", time.Now().Format(time.TimeOnly), i+1, j+1)
	set := func(how string) {
		for _, port := range []string{l.port(i), l.port(j)} {
			must(l.t, run("bridge", "link", "set", "dev", port, "isolated", how))
		}
	}
	set("on")
	return func() { set("off") }
}

func TestThreeNodesLoseNothingToBrokenNetworks(t *testing.T) {
	lab := newLab(t, 3)
	c := lab.form(3)
	c.create("kept", 3, 2, 1, 2, 3)
	l := c.load("kept", 3, 2)
	l.librdkafka(100)
	chaos(t, c, l, func(rng *rand.Rand) {
		hurt := rng.Perm(3)
		var mend func()
		if rng.IntN(3) > 0 {
			mend = lab.unplug(hurt[0])
		} else {
			mend = lab.part(hurt[0], hurt[1])
		}
		time.Sleep(time.Duration(500+rng.IntN(8000)) * time.Millisecond)
		mend()
	})
}
