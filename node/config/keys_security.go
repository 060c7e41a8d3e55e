package config

// securityKeys: authentication and authorization.
var securityKeys = []Key{
	{"authorizer.class.name", text, new(""), nil, 0, "A Java class that decides who may do what."},
	{"connections.max.reauth.ms", long, new("0"), nil, 0, "How long an authentication holds; 0 for ever."},
	{
		"delegation.token.expiry.check.interval.ms", long, new("3600000"), atLeast(1), 0,
		"How often expired tokens are removed.",
	},
	{
		"delegation.token.expiry.time.ms", long, new("86400000"), atLeast(1), 0,
		"How long a delegation token is good without being renewed.",
	},
	{
		"delegation.token.max.lifetime.ms", long, new("604800000"), atLeast(1), 0,
		"How long a delegation token can be renewed.",
	},
	{"delegation.token.secret.key", password, nil, nil, 0, "Secret with which delegation tokens are made."},
	{
		"principal.builder.class", class, new("org.apache.kafka.common.security.authenticator.DefaultKafkaPrincipalBuilder"), nil, PerBroker,
		"A Java class that names who is behind a connection.",
	},
	{"security.providers", text, nil, nil, 0, "Java classes of security providers."},
}
