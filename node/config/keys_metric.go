package config

// metricKeys: metrics.
var metricKeys = []Key{
	{
		"kafka.metrics.polling.interval.secs", integer, new("10"), atLeast(1), 0,
		"How often old-style reporters are called, in seconds.",
	},
	{"kafka.metrics.reporters", list, new(""), elements, 0, "Java classes of old-style reporters."},
	{
		"metric.reporters", list, new("org.apache.kafka.common.metrics.JmxReporter"), elements, Cluster,
		"Java classes of reporters.",
	},
	{"metrics.num.samples", integer, new("2"), atLeast(1), 0, "Samples kept for each metric."},
	{"metrics.recording.level", text, new("INFO"), nil, 0, "How many metrics are kept: INFO, DEBUG or TRACE."},
	{"metrics.sample.window.ms", long, new("30000"), atLeast(1), 0, "Length of a sample."},
	{"telemetry.max.bytes", integer, new("1048576"), atLeast(1), 0, "Most bytes of metrics that a client may push."},
}
