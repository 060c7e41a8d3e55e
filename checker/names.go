package checker

// anomalies explains every name that a Result can hold. The README has the
// exact conditions.
var anomalies = []struct{ name, text string }{
	{"lost-write", "A record was acknowledged (or seen) and later gone: a reading that covers its offset and began afterwards lacks it, and none later brings it back."},
	{"stale-read", "A reading that began after an acknowledgement did not see the record, though later ones did. The end it stated lay in the past."},
	{"end-went-back", "The end of the log that one client had seen was larger than the end told to another that asked afterwards."},
	{"nonmonotonic-append", "A produce that began after another was acknowledged got a smaller offset: the log was not extended at its end."},
	{"append-below-end", "A produce that began after a client had seen the end of the log lies below that end: the log was cut, or written twice."},
	{"torn-batch", "The end of the log was stated inside one produced batch, though batches are appended whole."},
	{"inconsistent-offsets", "One offset was told to hold two different records."},
	{"duplicate", "One record lies at more offsets than it was sent times (a client that sends again by itself, without idempotence, excepted)."},
	{"split-batch", "Records of one batch do not lie beside one another."},
	{"phantom", "A record was read that nobody had sent to this partition when the reading ended."},
	{"failed-read", "A record was read whose produce had definitely failed (Jepsen: G1a)."},
	{"precommitted-read", "A transaction read a record that it had sent itself: before its end nobody may see it."},
	{"past-high-watermark", "A reading returned records at or beyond the high watermark that it states itself."},
	{"hole", "Offsets below the end can have been written by no produce of the history."},
	{"int-poll-skip", "Within one reading, offsets are missing between records."},
	{"int-nonmonotonic-poll", "Within one reading, offsets do not increase."},
	{"poll-skip", "A consumer went on above where it had stopped, or got records that start above the offset it asked."},
	{"nonmonotonic-poll", "A consumer went back below where it had stopped without a seek, or got records below the offset it asked."},
	{"nonmonotonic-send", "Records of one producer to one partition do not lie in the order sent."},
	{"int-nonmonotonic-send", "Records that one transaction sent to one partition do not lie in the order sent."},
	{"int-send-skip", "Between two records that one transaction sent to one partition lies one of somebody else. Kafka's transactions do not isolate what is sent."},
	{"G0", "Transactions sent to several partitions, and lie there in orders that make a circle: each before the next."},
	{"G1c", "Transactions read one another's records in a circle, though each had to end before the next could read from it."},
	{"G1c-realtime", "Transactions read one another's records in an order that the times of their beginnings and ends forbid."},
	{"G1c-ww", "Transactions that read one another's records, or lie before one another's, make a circle. Kafka's transactions do not isolate what is sent."},
	{"G-single", "The same, and one of them did not see the next, having read to the end of the log. Kafka shows a transaction to readers one partition at a time."},
	{"G2", "The same, and several of them did not see the next, having read to the end of the log."},
	{"unseen", "An acknowledged (or once seen) record is missing from the final reading, which never got as far as its offset."},
	{"log-start-went-back", "The log start was told smaller than an earlier DeleteRecords or answer had set it."},
	{"log-start-too-high", "The log start moved beyond what any DeleteRecords had asked: records vanished from the front."},
	{"read-below-log-start", "Records were served below a log start that was told before the reading began."},
	{"false-out-of-range", "OFFSET_OUT_OF_RANGE was answered for an offset that was inside the log throughout."},
	{"wrong-timestamp", "A lookup by time named an offset and a timestamp that are not those of the record there, or are earlier than asked."},
	{"timestamp-lookup-missed", "A lookup by time did not return the first record at or after the time asked."},
	{"max-timestamp-wrong", "The lookup of the largest timestamp returned a record although one that was in the log before has a larger one."},
	{"inconsistent-timestamp", "The record at one offset was read with two different timestamps, or with another than it was sent with."},
	{"corrupt-read", "A client received bytes whose checksum is wrong."},
	{"acknowledged-topic-missing", "A topic whose creation was acknowledged did not exist, though nobody deleted it."},
	{"deleted-topic-returned", "A topic whose deletion was acknowledged exists again."},
	{"lost-commit", "A committed offset was told that an acknowledged, later commit had replaced."},
	{"committed-went-back", "An older committed offset was told to one client after a newer one had been told to another."},
	{"committed-vanished", "No committed offset was told although one had been, and nobody deleted it."},
	{"phantom-commit", "A committed offset was told that nobody had committed by then."},
	{"refused-commit-read", "A committed offset was told whose commit had been refused."},
	{"fenced-commit", "A commit was accepted of a member that had lost its place (or the partition) to a later generation."},
	{"fenced-heartbeat", "A heartbeat was answered well in a generation of the past."},
	{"outsider-commit", "A commit of nobody was accepted while the group had members."},
	{"two-owners", "Two members owned one partition: in one generation, or before the first had given it up."},
	{"generation-went-back", "A member was told a generation (or epoch) that a later one had followed already."},
	{"skipped-records", "Members of a group went on, or committed, beyond records that none of them had read."},
	{"consumed-by-stranger", "A member read a partition under a generation in which it did not own it."},
	{"committed-beyond-end", "An offset was committed that lies beyond the end of the log as it was told later."},
	{"assignment-incomplete", "After all was quiet, a partition of a group's topic had no owner."},
	{"unprocessed-records", "After all was quiet, a group had not read a partition to its end."},
	{"uncommitted-records", "After all was quiet, the committed offset was not at the end of the log."},
	{"too-many-maybes", "More produces have an unknown outcome than the run may have: it has shown too little."},
	{"checkers-disagree", "The sweep and Porcupine judge a partition differently: one of them is wrong."},
	{"porcupine-illegal", "Porcupine found no order of a window's operations that the specification of a log accepts."},
	{"porcupine-unknown", "Porcupine did not finish a window in its time; what is not known counts as failed."},
}

// Names lists every anomaly that a Result can hold.
func Names() []string {
	var names []string
	for _, a := range anomalies {
		names = append(names, a.name)
	}
	return names
}

// Explain says in a sentence what an anomaly is; it is empty for other names.
func Explain(name string) string {
	for _, a := range anomalies {
		if a.name == name {
			return a.text
		}
	}
	return ""
}
