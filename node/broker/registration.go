package broker

import (
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kmsg"

	"odradek/node/env"
	"odradek/node/meta"
)

// registration is the records with which this incarnation of the node begins;
// a new cluster's log begins with what every cluster has.
func (c *controller) registration() []meta.Record {
	var records []meta.Record
	if c.image.Version() < 0 {
		records = meta.Bootstrap()
	}
	req := kmsg.NewPtrBrokerRegistrationRequest()
	req.BrokerID, req.ClusterID = c.node.config.NodeID, c.image.ClusterID
	req.IncarnationID = env.NewUUID(c.rand)
	if rack := c.node.config.Rack; rack != "" {
		req.Rack = &rack
	}
	for _, d := range c.dirs {
		req.LogDirs = append(req.LogDirs, d.id)
	}
	for _, l := range c.node.config.Advertised {
		x := kmsg.NewBrokerRegistrationRequestListener()
		x.Name, x.Host, x.Port = l.Name, l.Host, uint16(l.Port)
		req.Listeners = append(req.Listeners, x)
	}
	for _, f := range meta.Features() {
		x := kmsg.NewBrokerRegistrationRequestFeature()
		x.Name, x.MinSupportedVersion, x.MaxSupportedVersion = f.Name, f.Min, f.Max
		req.Features = append(req.Features, x)
	}
	registered, resp := c.decisions.RegisterAlone(req, c.log.End()+int64(len(records)), nil)
	if resp.ErrorCode != 0 {
		c.out.Logf(env.Error, "registration refused: %v", kerr.ErrorForCode(resp.ErrorCode))
	}
	return append(records, registered...)
}
