package config

// sslKeys: TLS.
var sslKeys = []Key{
	{
		"ssl.allow.dn.changes", boolean, new("false"), nil, 0,
		"Whether a new certificate may have another distinguished name.",
	},
	{
		"ssl.allow.san.changes", boolean, new("false"), nil, 0,
		"Whether a new certificate may have other alternative names.",
	},
	{"ssl.cipher.suites", list, new(""), elements, PerBroker, "Cipher suites; any if empty."},
	{
		"ssl.client.auth", text, new("none"), among("required", "requested", "none"), PerBroker,
		"Whether clients must show a certificate.",
	},
	{"ssl.enabled.protocols", list, new("TLSv1.2,TLSv1.3"), elements, PerBroker, "Versions of TLS."},
	{
		"ssl.endpoint.identification.algorithm", text, new("https"), nil, PerBroker,
		"How the name of a server is checked against its certificate.",
	},
	{"ssl.engine.factory.class", class, nil, nil, PerBroker, "A Java class that makes TLS engines."},
	{"ssl.key.password", password, nil, nil, PerBroker, "Password of the private key."},
	{"ssl.keymanager.algorithm", text, new("SunX509"), nil, PerBroker, "Algorithm of Java's key manager."},
	{"ssl.keystore.certificate.chain", password, nil, nil, PerBroker, "Certificate chain as PEM."},
	{"ssl.keystore.key", password, nil, nil, PerBroker, "Private key as PEM."},
	{"ssl.keystore.location", text, nil, nil, PerBroker, "File of the key store."},
	{"ssl.keystore.password", password, nil, nil, PerBroker, "Password of the key store."},
	{"ssl.keystore.type", text, new("JKS"), nil, PerBroker, "Format of the key store."},
	{"ssl.principal.mapping.rules", text, new("DEFAULT"), nil, 0, "Rules that make a name of a certificate's subject."},
	{"ssl.protocol", text, new("TLSv1.3"), nil, PerBroker, "Version of TLS that is preferred."},
	{"ssl.provider", text, nil, nil, PerBroker, "Java's provider of TLS."},
	{"ssl.secure.random.implementation", text, nil, nil, PerBroker, "Java's source of random numbers for TLS."},
	{"ssl.trustmanager.algorithm", text, new("PKIX"), nil, PerBroker, "Algorithm of Java's trust manager."},
	{"ssl.truststore.certificates", password, nil, nil, PerBroker, "Trusted certificates as PEM."},
	{"ssl.truststore.location", text, nil, nil, PerBroker, "File of the trust store."},
	{"ssl.truststore.password", password, nil, nil, PerBroker, "Password of the trust store."},
	{"ssl.truststore.type", text, new("JKS"), nil, PerBroker, "Format of the trust store."},
}
