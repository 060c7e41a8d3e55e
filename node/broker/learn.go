package broker

import (
	"errors"
	"fmt"
	"time"

	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
)

// A node that is new and has no say in how its cluster began learns from the
// controllers which cluster it is, and writes that down:
//
//	no meta.properties, no cluster.id -- DescribeCluster --> controllers, by turns
//	           cluster id <----------------------------------------'

// errUntold says that this node does not know yet which cluster it is of.
var errUntold = errors.New("the cluster's id is not known yet")

const (
	learnPatience = 2 * time.Second
	learnPause    = 200 * time.Millisecond
	learnSilence  = 50 // attempts between two lines in the log
)

// doors are the addresses at which controllers may be found, before anything is
// known of the quorum.
func (c *controller) doors() (all []string) {
	for _, v := range c.node.config.Voters {
		all = append(all, address(v))
	}
	return append(all, c.node.config.Bootstrap...)
}

// learn asks one door after the other, and then begins anew.
func (c *controller) learn(attempt int) {
	if c.ended {
		return
	}
	doors := c.doors()
	if attempt%learnSilence == learnSilence/5 {
		c.out.Logf(env.Warn, "no controller at %v tells which cluster this is; a cluster without controller.quorum.voters begins with 'odradek format'", doors)
	}
	door := doors[attempt%len(doors)]
	l := c.link(func() string { return door })
	req := kmsg.NewPtrDescribeClusterRequest()
	req.Version, req.EndpointType = 1, controllerEndpoints
	l.ask(req, learnPatience, func(resp kmsg.Response, err error) {
		l.cut()
		if err == nil {
			err = c.told(resp.(*kmsg.DescribeClusterResponse))
		}
		if err != nil {
			c.after(learnPause, func() { c.learn(attempt + 1) })
			return
		}
		c.boot()
	})
}

// told takes a controller's answer.
func (c *controller) told(resp *kmsg.DescribeClusterResponse) error {
	if err := codeError(resp.ErrorCode); err != nil {
		return err
	}
	if resp.ClusterID == "" {
		return fmt.Errorf("%w by this controller either", errUntold)
	}
	c.learnt = resp.ClusterID
	return nil
}
