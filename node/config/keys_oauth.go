package config

// oauthKeys: OAuth.
var oauthKeys = []Key{
	{
		"sasl.oauthbearer.allow.unverified.audience", boolean, new("false"), nil, 0,
		"Whether a token's audience may go unchecked.",
	},
	{
		"sasl.oauthbearer.allow.unverified.issuer", boolean, new("false"), nil, 0,
		"Whether a token's issuer may go unchecked.",
	},
	{
		"sasl.oauthbearer.assertion.algorithm", text, new("RS256"), amongFold("ES256", "RS256"), 0,
		"Algorithm that signs an assertion.",
	},
	{"sasl.oauthbearer.assertion.claim.aud", text, nil, nil, 0, "Audience of an assertion."},
	{"sasl.oauthbearer.assertion.claim.exp.seconds", integer, new("300"), between(0, 86400), 0, "Life of an assertion."},
	{"sasl.oauthbearer.assertion.claim.iss", text, nil, nil, 0, "Issuer of an assertion."},
	{"sasl.oauthbearer.assertion.claim.jti.include", boolean, new("false"), nil, 0, "Whether an assertion has an id."},
	{
		"sasl.oauthbearer.assertion.claim.nbf.seconds", integer, new("60"), between(0, 3600), 0,
		"How far before now an assertion begins to hold.",
	},
	{"sasl.oauthbearer.assertion.claim.sub", text, nil, nil, 0, "Subject of an assertion."},
	{"sasl.oauthbearer.assertion.file", text, nil, nil, 0, "File of a ready assertion."},
	{"sasl.oauthbearer.assertion.private.key.file", text, nil, nil, 0, "File of the key that signs assertions."},
	{
		"sasl.oauthbearer.assertion.private.key.passphrase", password, nil, nil, 0,
		"Password of the key that signs assertions.",
	},
	{"sasl.oauthbearer.assertion.template.file", text, nil, nil, 0, "File with more claims of an assertion."},
	{"sasl.oauthbearer.client.credentials.client.id", text, nil, nil, 0, "Id of the client."},
	{"sasl.oauthbearer.client.credentials.client.secret", password, nil, nil, 0, "Secret of the client."},
	{"sasl.oauthbearer.clock.skew.seconds", integer, new("30"), nil, 0, "How far clocks may differ."},
	{"sasl.oauthbearer.expected.audience", list, new(""), elements, 0, "Audiences that a token may have."},
	{"sasl.oauthbearer.expected.issuer", text, nil, nil, 0, "Issuer that a token must have."},
	{
		"sasl.oauthbearer.jwks.endpoint.refresh.ms", long, new("3600000"), nil, 0,
		"How often the keys of the issuer are read.",
	},
	{
		"sasl.oauthbearer.jwks.endpoint.retry.backoff.max.ms", long, new("10000"), nil, 0,
		"Longest pause between attempts to read the keys of the issuer.",
	},
	{
		"sasl.oauthbearer.jwks.endpoint.retry.backoff.ms", long, new("100"), nil, 0,
		"First pause between attempts to read the keys of the issuer.",
	},
	{"sasl.oauthbearer.jwks.endpoint.url", text, nil, nil, 0, "Where the keys of the issuer are."},
	{
		"sasl.oauthbearer.jwt.retriever.class", class, new("org.apache.kafka.common.security.oauthbearer.DefaultJwtRetriever"), nil, 0,
		"A Java class that gets tokens.",
	},
	{
		"sasl.oauthbearer.jwt.validator.class", class, new("org.apache.kafka.common.security.oauthbearer.DefaultJwtValidator"), nil, 0,
		"A Java class that checks tokens.",
	},
	{"sasl.oauthbearer.scope", text, nil, nil, 0, "Scope that is asked for."},
	{"sasl.oauthbearer.scope.claim.name", text, new("scope"), nil, 0, "Name of the claim for the scope."},
	{"sasl.oauthbearer.sub.claim.name", text, new("sub"), nil, 0, "Name of the claim for the subject."},
	{"sasl.oauthbearer.token.endpoint.url", text, nil, nil, 0, "Where tokens are got."},
}
