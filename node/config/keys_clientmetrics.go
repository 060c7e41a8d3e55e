package config

// clientMetricsKeys is what a client metrics subscription can be given.
var clientMetricsKeys = byName([]Key{
	{"interval.ms", integer, new("300000"), nil, 0, "How often clients push metrics."},
	{"match", list, new(""), elements, 0, "Which clients are meant, as parameter=pattern."},
	{"metrics", list, new(""), elements, 0, "Prefixes of the metrics that are wanted; none if empty, * for all."},
})
