package checker

import "slices"

// readingCases are about single readings and the way of consumers.
func readingCases() []anomalyCase {
	three := func(t tale) { t.wrote(1, 0, 1, 0, 10, 11, 12) }
	seek := Fetch{From: 0, Seek: true}
	return []anomalyCase{{
		name:  "past-high-watermark",
		wrong: func(t tale) { t.wrote(1, 0, 9, 0, 10); t.read(2, 2, 3, 0, 0, 10) },
		fine:  func(t tale) { t.wrote(1, 0, 9, 0, 10); t.read(2, 2, 3, 0, 1, 10) },
	}, {
		name: "int-poll-skip",
		wrong: func(t tale) {
			three(t)
			t.got(2, 2, 3, seek, Fetched{Records: slices.Delete(at(0, 10, 11, 12), 1, 2), HighWatermark: 3})
		},
		fine: func(t tale) {
			three(t)
			t.got(2, 2, 3, seek, Fetched{Records: at(0, 10, 11), HighWatermark: 3})
		},
	}, {
		name: "int-nonmonotonic-poll",
		wrong: func(t tale) {
			three(t)
			t.got(2, 2, 3, seek, Fetched{Records: append(at(0, 10, 11), at(1, 11)...), HighWatermark: 3})
		},
		fine: func(t tale) {
			three(t)
			t.got(2, 2, 3, seek, Fetched{Records: append(at(0, 10, 11), at(2, 12)...), HighWatermark: 3})
		},
	}, {
		name:  "poll-skip", // within a fetch
		wrong: func(t tale) { three(t); t.got(2, 2, 3, seek, Fetched{Records: at(1, 11, 12), HighWatermark: 3}) },
		fine: func(t tale) {
			three(t)
			t.got(2, 2, 3, Fetch{From: Unknown}, Fetched{Records: at(1, 11, 12), HighWatermark: 3})
		},
	}, {
		name:  "poll-skip", // from one to the next
		wrong: func(t tale) { three(t); t.read(2, 2, 3, 0, 3, 10); t.read(2, 4, 5, 2, 3, 12) },
		fine: func(t tale) {
			three(t)
			t.read(2, 2, 3, 0, 3, 10)
			t.got(2, 4, 5, Fetch{From: 2, Seek: true}, Fetched{Records: at(2, 12), HighWatermark: 3})
			t.read(3, 6, 9, 0, 3, 10)
			t.read(3, 7, 8, 2, 3, 12) // two at a time have no order
		},
	}, {
		name: "poll-skip", // a poll whose position nobody told
		wrong: func(t tale) {
			three(t)
			t.read(2, 2, 3, 0, 3, 10)
			t.got(2, 4, 5, Fetch{From: Unknown}, Fetched{Records: at(2, 12), HighWatermark: Unknown})
		},
		fine: func(t tale) {
			three(t)
			t.read(2, 2, 3, 0, 3, 10)
			t.got(2, 4, 5, Fetch{From: Unknown}, Fetched{Records: at(1, 11), HighWatermark: Unknown})
		},
	}, {
		name:  "nonmonotonic-poll",
		wrong: func(t tale) { three(t); t.read(2, 2, 3, 0, 3, 10, 11); t.read(2, 4, 5, 1, 3, 11) },
		fine: func(t tale) {
			three(t)
			t.read(2, 2, 3, 0, 3, 10, 11)
			t.Fail(t.InvokeFetch(2, 4, tp, Fetch{From: 2}), 5, "not leader")
			t.read(2, 6, 7, 2, 3, 12)
		},
	}, {
		name: "nonmonotonic-poll", // records below the offset asked
		wrong: func(t tale) {
			three(t)
			t.got(2, 2, 3, Fetch{From: 1}, Fetched{Records: at(0, 10, 11), HighWatermark: 3})
		},
		fine: func(t tale) { three(t); t.got(2, 2, 3, Fetch{From: 1}, Fetched{Records: at(1, 11), HighWatermark: 3}) },
	}, {
		name:  "corrupt-read",
		wrong: func(t tale) { three(t); t.Corrupt(t.InvokeFetch(2, 2, tp, seek), 3, "crc") },
		fine:  func(t tale) { three(t); t.Fail(t.InvokeFetch(2, 2, tp, seek), 3, "crc") },
	}}
}

// startCases are about where the log begins.
func startCases() []anomalyCase {
	three := func(t tale) { t.wrote(1, 0, 1, 0, 10, 11, 12) }
	return []anomalyCase{{
		name:  "log-start-went-back",
		wrong: func(t tale) { three(t); t.trimmed(1, 2, 3, 2, 2); t.listed(2, 4, 5, Earliest, 0, Unknown) },
		fine:  func(t tale) { three(t); t.trimmed(1, 2, 4, 2, 2); t.listed(2, 4, 5, Earliest, 0, Unknown) },
	}, {
		name:  "log-start-too-high",
		wrong: func(t tale) { three(t); t.trimmed(1, 4, 5, 1, 1); t.listed(2, 2, 6, Earliest, 2, Unknown) },
		fine: func(t tale) {
			three(t)
			t.trimmed(1, 4, 5, 1, 1)
			t.Maybe(t.InvokeTrim(1, 6, tp, 2), 7, "timeout")
			t.listed(2, 2, 6, Earliest, 2, Unknown)
		},
	}, {
		name: "log-start-too-high", // up to the high watermark, which was known
		wrong: func(t tale) {
			three(t)
			t.trimmed(1, 2, 3, Unknown, 3)
			t.wrote(1, 4, 5, 3, 13)
			t.listed(2, 6, 7, Earliest, 4, Unknown)
		},
		fine: func(t tale) {
			three(t)
			t.trimmed(1, 2, 3, Unknown, 3)
			t.wrote(1, 4, 5, 3, 13)
			t.listed(2, 6, 7, Earliest, 3, Unknown)
		},
	}, {
		name: "read-below-log-start",
		wrong: func(t tale) {
			three(t)
			t.trimmed(1, 2, 3, 2, 2)
			t.got(2, 4, 5, Fetch{From: 1}, Fetched{Records: at(1, 11, 12), HighWatermark: 3, LogStart: 2})
		},
		fine: func(t tale) {
			three(t)
			t.trimmed(1, 2, 4, 2, 2)
			t.got(2, 4, 5, Fetch{From: 1}, Fetched{Records: at(1, 11, 12), HighWatermark: 3, LogStart: 2})
		},
	}, {
		name:  "false-out-of-range",
		wrong: func(t tale) { three(t); t.outOfRange(2, 2, 3, 3) },
		fine:  func(t tale) { three(t); t.outOfRange(2, 2, 3, 4) },
	}, {
		name:  "false-out-of-range", // of an empty log
		wrong: func(t tale) { t.outOfRange(2, 2, 3, 0) },
		fine:  func(t tale) { t.outOfRange(2, 2, 3, 1) },
	}, {
		name:  "false-out-of-range", // below what was asked to be deleted
		wrong: func(t tale) { three(t); t.Maybe(t.InvokeTrim(1, 2, tp, 1), 9, ""); t.outOfRange(2, 2, 3, 1) },
		fine:  func(t tale) { three(t); t.Maybe(t.InvokeTrim(1, 2, tp, 2), 9, ""); t.outOfRange(2, 2, 3, 1) },
	}}
}

// timeCases are about timestamps; the record v has the timestamp 1000+v.
func timeCases() []anomalyCase {
	three := func(t tale) { t.wrote(1, 0, 1, 0, 10, 12, 11) }
	return []anomalyCase{{
		name:  "wrong-timestamp",
		wrong: func(t tale) { three(t); t.listed(2, 2, 3, 1011, 1, 1011) },
		fine:  func(t tale) { three(t); t.listed(2, 2, 3, 1011, 1, 1012) },
	}, {
		name:  "wrong-timestamp", // earlier than asked
		wrong: func(t tale) { three(t); t.listed(2, 2, 3, 1011, 0, 1010) },
		fine:  func(t tale) { three(t); t.listed(2, 2, 3, 1010, 0, 1010) },
	}, {
		name:  "timestamp-lookup-missed",
		wrong: func(t tale) { three(t); t.listed(2, 2, 3, 1011, 2, 1011) },
		fine:  func(t tale) { three(t); t.trimmed(1, 1, 2, 2, 2); t.listed(2, 2, 3, 1011, 2, 1011) },
	}, {
		name:  "timestamp-lookup-missed", // none at all
		wrong: func(t tale) { three(t); t.listed(2, 2, 3, 1012, Unknown, Unknown) },
		fine:  func(t tale) { three(t); t.listed(2, 1, 3, 1012, Unknown, Unknown) },
	}, {
		name:  "max-timestamp-wrong",
		wrong: func(t tale) { three(t); t.listed(2, 2, 3, MaxTimestamp, 2, 1011) },
		fine:  func(t tale) { three(t); t.listed(2, 2, 3, MaxTimestamp, 1, 1012) },
	}, {
		name: "inconsistent-timestamp",
		wrong: func(t tale) {
			three(t)
			t.got(2, 2, 3, Fetch{From: 0}, Fetched{Records: []Record{{0, 999, 10}}, HighWatermark: 3})
		},
		fine: func(t tale) {
			three(t)
			t.got(2, 2, 3, Fetch{From: 0}, Fetched{Records: []Record{{0, Unknown, 10}}, HighWatermark: 3})
		},
	}, {
		name: "inconsistent-timestamp", // of a batch that nobody acknowledged
		wrong: func(t tale) {
			t.sent(1, 0, 1, 10)
			t.got(2, 2, 3, Fetch{From: 0}, Fetched{Records: []Record{{0, 999, 10}}, HighWatermark: 1})
		},
		fine: func(t tale) {
			t.sent(1, 0, 1, 10)
			t.read(2, 2, 3, 0, 1, 10)
		},
	}}
}

// topicCases are about acknowledged metadata.
func topicCases() []anomalyCase {
	created := func(t tale, from, to int64) { t.OK(t.InvokeCreate(1, from, "t", 1), to) }
	looked := func(t tale, from, to int64, exists bool) { t.OKMetadata(t.InvokeMetadata(2, from, "t"), to, exists) }
	return []anomalyCase{{
		name:  "acknowledged-topic-missing",
		wrong: func(t tale) { created(t, 0, 1); looked(t, 2, 3, false) },
		fine:  func(t tale) { created(t, 0, 2); looked(t, 2, 3, false) },
	}, {
		name:  "acknowledged-topic-missing",
		o:     Options{MetadataLag: 5},
		wrong: func(t tale) { created(t, 0, 1); looked(t, 7, 8, false) },
		fine:  func(t tale) { created(t, 0, 1); looked(t, 6, 8, false) },
	}, {
		name:  "deleted-topic-returned",
		wrong: func(t tale) { created(t, 0, 1); t.OK(t.InvokeDelete(1, 2, "t"), 3); looked(t, 4, 5, true) },
		fine: func(t tale) {
			created(t, 0, 1)
			t.OK(t.InvokeDelete(1, 2, "t"), 3)
			t.Maybe(t.InvokeCreate(1, 3, "t", 1), 4, "timeout")
			looked(t, 5, 6, true)
		},
	}}
}
