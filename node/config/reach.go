package config

import (
	"fmt"
	"slices"
	"strings"
)

// reach fills in where the node listens and what others are told of it.
func (l *loader) reach(b *Broker) {
	controllers := upper(b.List("controller.listener.names"))
	all, err := parseListeners(b.List("listeners"))
	if err == nil {
		err = portTwice(all)
	}
	if err != nil {
		l.refuse(fmt.Errorf("listeners: %w", err), "listeners")
		return
	}
	if !l.protect(b, all, controllers) {
		return
	}
	b.Listeners, b.Controllers = apart(all, controllers)
	if len(controllers) > 0 {
		b.ControllerName = controllers[0]
	}
	for _, name := range controllers {
		if b.Votes() && !named(all, name) {
			l.refuse(fmt.Errorf("controller.listener.names: there is no listener %s", name), "controller.listener.names")
		}
	}
	if !b.Serves() {
		if len(b.Listeners) > 0 {
			l.refuse(fmt.Errorf("listeners: %s is for clients, and this node is a controller only", b.Listeners[0].Name), "listeners")
		}
		l.members(b)
		l.advertise(b, all, controllers)
		return
	}
	if !b.Votes() && len(b.Controllers) > 0 {
		l.refuse(fmt.Errorf("listeners: %s is for controllers, and this node is a broker only", b.Controllers[0].Name), "listeners")
	}
	if len(b.Listeners) == 0 {
		l.refuse(fmt.Errorf("listeners: all of them are for controllers"), "listeners")
	}
	l.advertise(b, all, controllers)
	l.choose(b)
	l.members(b)
}

func upper(names []string) []string {
	var all []string
	for _, n := range names {
		all = append(all, strings.ToUpper(n))
	}
	return all
}

// apart separates the listeners of controllers.
func apart(all []Listener, controllers []string) (brokers, rest []Listener) {
	for _, l := range all {
		if slices.Contains(controllers, l.Name) {
			rest = append(rest, l)
		} else {
			brokers = append(brokers, l)
		}
	}
	return brokers, rest
}

// protect finds the protocol of each listener. A listener whose protocol is not
// spoken is refused: it must not be open to everyone instead.
func (l *loader) protect(b *Broker, all []Listener, controllers []string) bool {
	const key = "listener.security.protocol.map"
	protocols, err := parseProtocols(b.Text(key))
	if err != nil {
		l.refuse(fmt.Errorf("%s: %w", key, err), key)
		return false
	}
	_, explicit := l.given[key]
	for i := range all {
		protocol, ok := protocols[all[i].Name]
		switch {
		case ok:
		case !explicit && slices.Contains(controllers, all[i].Name):
			protocol = "PLAINTEXT"
		default:
			l.refuse(fmt.Errorf("%s: no protocol for listener %s", key, all[i].Name), key, "listeners")
			return false
		}
		if all[i].Protocol = protocol; protocol != "PLAINTEXT" {
			l.refuse(fmt.Errorf("listeners: %s uses %s, which Odradek does not speak", all[i].Name, protocol), "listeners", key)
			return false
		}
	}
	return true
}

// advertise fills in what others are told.
func (l *loader) advertise(b *Broker, all []Listener, controllers []string) {
	const key = "advertised.listeners"
	told := slices.Clone(all)
	if list := b.List(key); list != nil {
		var err error
		if told, err = parseListeners(list); err != nil {
			l.refuse(fmt.Errorf("%s: %w", key, err), key)
			return
		}
	}
	for i := range told {
		at := slices.IndexFunc(all, func(x Listener) bool { return x.Name == told[i].Name })
		if at < 0 {
			l.refuse(fmt.Errorf("%s: there is no listener %s", key, told[i].Name), key)
			return
		}
		if told[i].Protocol = all[at].Protocol; told[i].Host == "0.0.0.0" && (b.Serves() || b.Dynamic()) {
			l.refuse(fmt.Errorf("%s: nobody can reach %s at 0.0.0.0", key, told[i].Name), key, "listeners")
			return
		}
	}
	b.Advertised, b.Reached = apart(told, controllers)
	for _, x := range b.Controllers {
		if !named(b.Reached, x.Name) {
			b.Reached = append(b.Reached, x)
		}
	}
	if b.Serves() && len(b.Advertised) == 0 {
		l.refuse(fmt.Errorf("%s: none is for clients", key), key, "listeners")
	}
}

// choose finds the listener that brokers use among themselves.
func (l *loader) choose(b *Broker) {
	const key, old = "inter.broker.listener.name", "security.inter.broker.protocol"
	b.InterBroker = strings.ToUpper(b.Text(key))
	if b.InterBroker == "" {
		b.InterBroker = b.Text(old)
	} else if _, both := l.given[old]; both {
		l.refuse(fmt.Errorf("%s and %s cannot both be given", key, old), key)
		return
	}
	if !named(b.Advertised, b.InterBroker) {
		l.refuse(fmt.Errorf("%s: %s is not an advertised listener", key, b.InterBroker), key, old, "advertised.listeners", "listeners")
	}
}

// members reads who keeps the metadata: nodes with the role of a controller vote,
// the others follow.
func (l *loader) members(b *Broker) {
	const key, seeds = "controller.quorum.voters", "controller.quorum.bootstrap.servers"
	var err error
	b.Bootstrap = b.List(seeds)
	if b.Voters, err = parseVoters(b.List(key)); err != nil {
		l.refuse(fmt.Errorf("%s: %w", key, err), key)
		return
	}
	named := slices.ContainsFunc(b.Voters, func(v Voter) bool { return v.ID == b.NodeID })
	switch {
	case b.Votes() && len(b.Voters) > 0 && !named:
		l.refuse(fmt.Errorf("%s: node %d has the role of a controller, and is not among them", key, b.NodeID), key, "node.id", "process.roles")
	case !b.Votes() && named:
		l.refuse(fmt.Errorf("%s: node %d is among them, and has not the role of a controller", key, b.NodeID), key, "node.id", "process.roles")
	case !b.Votes() && len(b.Voters) == 0 && len(b.Bootstrap) == 0:
		l.refuse(fmt.Errorf("%s or %s: a node that is a broker only has to know the controllers", key, seeds), key)
	case b.Votes() && b.Dynamic() && len(b.Controllers) == 0:
		l.refuse(fmt.Errorf("%s: a controller needs a listener that is named in controller.listener.names", seeds), seeds)
	}
	for _, s := range b.Bootstrap {
		if !addressForm.MatchString(s) {
			l.refuse(fmt.Errorf("%s: %q is not of the form host:port", seeds, s), seeds)
		}
	}
}
