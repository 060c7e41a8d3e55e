package config

// saslKeys: SASL.
var saslKeys = []Key{
	{"sasl.client.callback.handler.class", class, nil, nil, 0, "A Java class that answers for a client."},
	{"sasl.enabled.mechanisms", list, new("GSSAPI"), elements, PerBroker, "Mechanisms that clients may use."},
	{"sasl.jaas.config", password, nil, nil, PerBroker, "Login settings of a listener and mechanism."},
	{"sasl.kerberos.kinit.cmd", text, new("/usr/bin/kinit"), nil, PerBroker, "Path of kinit."},
	{"sasl.kerberos.min.time.before.relogin", long, new("60000"), nil, PerBroker, "Shortest time between two logins."},
	{
		"sasl.kerberos.principal.to.local.rules", list, new("DEFAULT"), elements, PerBroker,
		"Rules that make a short name of a Kerberos principal.",
	},
	{"sasl.kerberos.service.name", text, nil, nil, PerBroker, "Name of the broker's Kerberos service."},
	{
		"sasl.kerberos.ticket.renew.jitter", double, new("0.05"), nil, PerBroker,
		"Chance in the time of a ticket's renewal.",
	},
	{
		"sasl.kerberos.ticket.renew.window.factor", double, new("0.8"), nil, PerBroker,
		"Share of a ticket's life after which it is renewed.",
	},
	{"sasl.login.callback.handler.class", class, nil, nil, 0, "A Java class that answers for a login."},
	{"sasl.login.class", class, nil, nil, 0, "A Java class that logs in."},
	{"sasl.login.connect.timeout.ms", integer, nil, nil, 0, "How long a connection to the identity provider may take."},
	{"sasl.login.read.timeout.ms", integer, nil, nil, 0, "How long an answer of the identity provider may take."},
	{
		"sasl.login.refresh.buffer.seconds", short, new("300"), nil, PerBroker,
		"How long before its end a credential is renewed at the latest.",
	},
	{"sasl.login.refresh.min.period.seconds", short, new("60"), nil, PerBroker, "Shortest time between two renewals."},
	{
		"sasl.login.refresh.window.factor", double, new("0.8"), nil, PerBroker,
		"Share of a credential's life after which it is renewed.",
	},
	{
		"sasl.login.refresh.window.jitter", double, new("0.05"), nil, PerBroker,
		"Chance in the time of a credential's renewal.",
	},
	{"sasl.login.retry.backoff.max.ms", long, new("10000"), nil, 0, "Longest pause between attempts to log in."},
	{"sasl.login.retry.backoff.ms", long, new("100"), nil, 0, "First pause between attempts to log in."},
	{"sasl.mechanism.controller.protocol", text, new("GSSAPI"), nil, 0, "Mechanism towards controllers."},
	{"sasl.mechanism.inter.broker.protocol", text, new("GSSAPI"), nil, PerBroker, "Mechanism between brokers."},
	{"sasl.server.callback.handler.class", class, nil, nil, 0, "A Java class that answers for a server."},
	{"sasl.server.max.receive.size", integer, new("524288"), nil, 0, "Most bytes of a message during authentication."},
}
