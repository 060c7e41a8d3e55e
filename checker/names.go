package checker

// about explains an anomaly. log marks those that alone make a partition's
// log not linearizable: for them Porcupine must agree.
type about struct {
	name, text string
	log        bool
}

var anomalies = []about{
	{"lost-write", "A record was acknowledged (or seen) and later gone: a reading that covers its offset and began afterwards lacks it, and none later brings it back.", false},
	{"stale-read", "A reading that began after an acknowledgement did not see the record, though later ones did. The end it stated lay in the past.", true},
	{"end-went-back", "The end of the log that one client had seen was larger than the end told to another that asked afterwards.", true},
	{"nonmonotonic-append", "A produce that began after another was acknowledged got a smaller offset: the log was not extended at its end.", true},
	{"append-below-end", "A produce that began after a client had seen the end of the log got an offset below that end: the log was cut, or written twice.", true},
	{"torn-batch", "The end of the log was stated inside one produced batch, though batches are appended whole.", true},
	{"inconsistent-offsets", "One offset was told to hold two different records.", true},
	{"duplicate", "One record sent once (or by an idempotent producer) lies at two offsets.", true},
	{"split-batch", "Records of one batch do not lie beside one another.", true},
	{"phantom", "A record was read that nobody had sent to this partition when the reading ended.", true},
	{"failed-read", "A record was read whose produce had definitely failed (Jepsen: G1a).", true},
	{"past-high-watermark", "A reading returned records at or beyond the high watermark that it states itself.", true},
	{"hole", "Offsets below the end can have been written by no produce of the history.", true},
	{"int-poll-skip", "Within one reading, offsets are missing between records.", true},
	{"int-nonmonotonic-poll", "Within one reading, offsets do not increase.", true},
	{"poll-skip", "A consumer went on above where it had stopped, or got records that start above the offset it asked.", false},
	{"nonmonotonic-poll", "A consumer went back below where it had stopped without a seek, or got records below the offset it asked.", false},
	{"nonmonotonic-send", "Records of one producer to one partition do not lie in the order sent.", false},
	{"unseen", "An acknowledged record was in no reading at all, the final one included.", false},
	{"log-start-went-back", "The log start was told smaller than an earlier DeleteRecords or answer had set it.", false},
	{"log-start-too-high", "The log start moved beyond what any DeleteRecords had asked: records vanished from the front.", false},
	{"read-below-log-start", "Records were served below a log start that was acknowledged before the reading began.", false},
	{"false-out-of-range", "OFFSET_OUT_OF_RANGE was answered for an offset that was inside the log throughout.", false},
	{"wrong-timestamp", "A lookup by time named an offset and a timestamp that are not those of the record there, or are earlier than asked.", false},
	{"timestamp-lookup-missed", "A lookup by time did not return the first record at or after the time asked.", false},
	{"max-timestamp-wrong", "The lookup of the largest timestamp returned a record although an older one in the log has a larger one.", false},
	{"inconsistent-timestamp", "The record at one offset was read with two different timestamps.", false},
	{"corrupt-read", "A client received bytes whose checksum is wrong.", false},
	{"acknowledged-topic-missing", "A topic whose creation was acknowledged did not exist, though nobody deleted it.", false},
	{"deleted-topic-returned", "A topic whose deletion was acknowledged exists again.", false},
	{"too-many-maybes", "More produces have an unknown outcome than the run may have: it has shown too little.", false},
	{"checkers-disagree", "The sweep and Porcupine judge a partition differently: one of them is wrong.", false},
	{"porcupine-illegal", "Porcupine found no order of a window's operations that the specification of a log accepts.", false},
	{"porcupine-unknown", "Porcupine did not finish a window in its time; what is not known counts as failed.", false},
}

func kindOf(name string) about {
	for _, a := range anomalies {
		if a.name == name {
			return a
		}
	}
	panic("checker: no such anomaly: " + name)
}
