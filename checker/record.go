package checker

// This file is how a client writes down what it does: an Invoke when it sends,
// and one answer when it knows (or gives up). Times are nanoseconds on any one
// clock, virtual or real.

func (h *History) invoke(kind Kind, process int32, at int64, tp TP) *row {
	h.rows = append(h.rows, row{kind: kind, process: process, invoke: at, ret: at, tp: h.tps.id(tp),
		producer: Unknown, first: len(h.records)})
	return &h.rows[len(h.rows)-1]
}

func (h *History) last() ID { return ID(len(h.rows) - 1) }

// InvokeProduce begins a produce of one batch.
func (h *History) InvokeProduce(process int32, at int64, tp TP, p Produce) ID {
	r := h.invoke(ProduceOp, process, at, tp)
	r.producer, r.epoch, r.sequence, r.acks, r.offset = p.Producer, p.Epoch, p.Sequence, p.Acks, Unknown
	r.flags = flag(p.Resends, Resends)
	h.setRecords(r, p.Records)
	return h.last()
}

// InvokeFetch begins a fetch, or a poll.
func (h *History) InvokeFetch(process int32, at int64, tp TP, f Fetch) ID {
	r := h.invoke(FetchOp, process, at, tp)
	r.offset, r.answer, r.extra = f.From, Unknown, Unknown
	r.flags = flag(f.Seek, Seek) | flag(f.ReadCommitted, ReadCommitted)
	r.by = h.members.id(f.By)
	return h.last()
}

// InvokeList begins a ListOffsets: a timestamp, Latest, Earliest or MaxTimestamp.
func (h *History) InvokeList(process int32, at int64, tp TP, spec int64) ID {
	r := h.invoke(ListOp, process, at, tp)
	r.offset, r.answer, r.extra = Unknown, spec, Unknown
	return h.last()
}

// InvokeCreate begins a CreateTopics of one topic.
func (h *History) InvokeCreate(process int32, at int64, topic string, partitions int32) ID {
	h.invoke(CreateOp, process, at, TP{topic, -1}).extra = int64(partitions)
	return h.last()
}

// InvokeDelete begins a DeleteTopics of one topic.
func (h *History) InvokeDelete(process int32, at int64, topic string) ID {
	h.invoke(DeleteOp, process, at, TP{topic, -1})
	return h.last()
}

// InvokeMetadata begins a question whether a topic exists.
func (h *History) InvokeMetadata(process int32, at int64, topic string) ID {
	h.invoke(MetadataOp, process, at, TP{topic, -1})
	return h.last()
}

// InvokeTrim begins a DeleteRecords below offset before (Unknown: up to the
// high watermark).
func (h *History) InvokeTrim(process int32, at int64, tp TP, before int64) ID {
	r := h.invoke(TrimOp, process, at, tp)
	r.offset, r.answer = before, Unknown
	return h.last()
}

// InvokeTxn begins a transaction; OK ends one that was committed, Fail one that was
// aborted, and Maybe one of which nobody knows. Its number is unique, also among
// histories that are merged, and not 0.
func (h *History) InvokeTxn(process int32, at int64, txn int64) ID {
	h.invoke(TxnOp, process, at, TP{"", -1}).txn = txn
	return h.last()
}

// Within says that an operation belongs to a transaction.
func (h *History) Within(id ID, txn int64) { h.rows[id].txn = txn }

func (h *History) done(id ID, at int64, o Outcome) *row {
	r := &h.rows[id]
	if r.outcome != Pending {
		panic("checker: an operation was answered twice")
	}
	r.ret, r.outcome = at, o
	return r
}

// OK ends a create, a delete or a transaction, or an acks=0 produce that was sent.
func (h *History) OK(id ID, at int64) { h.done(id, at, OK) }

// OKProduce ends a produce with its base offset (Unknown if it was not told).
func (h *History) OKProduce(id ID, at int64, base int64) { h.done(id, at, OK).offset = base }

// OKFetch ends a fetch. A HighWatermark or LogStart not told must be Unknown.
func (h *History) OKFetch(id ID, at int64, f Fetched) {
	r := h.done(id, at, OK)
	r.answer, r.extra = f.HighWatermark, f.LogStart
	r.flags |= flag(f.OutOfRange, OutOfRange)
	h.setRecords(r, f.Records)
}

// OKList ends a ListOffsets; both are Unknown when no record qualified.
func (h *History) OKList(id ID, at int64, offset, timestamp int64) {
	r := h.done(id, at, OK)
	r.offset, r.extra = offset, timestamp
}

// OKMetadata ends a question for a topic.
func (h *History) OKMetadata(id ID, at int64, exists bool) {
	h.done(id, at, OK).flags |= flag(exists, Exists)
}

// OKTrim ends a DeleteRecords with the log start that it answered.
func (h *History) OKTrim(id ID, at int64, logStart int64) { h.done(id, at, OK).answer = logStart }

// Fail ends an operation that definitely did not happen.
func (h *History) Fail(id ID, at int64, reason string) {
	h.done(id, at, Fail).reason = h.texts.id(reason)
}

// Maybe ends an operation that may or may not have happened, or may yet.
func (h *History) Maybe(id ID, at int64, reason string) {
	h.done(id, at, Maybe).reason = h.texts.id(reason)
}

// Corrupt ends a fetch whose bytes had a wrong CRC, or were no batch at all.
func (h *History) Corrupt(id ID, at int64, reason string) {
	h.done(id, at, Corrupt).reason = h.texts.id(reason)
}

// Mark adds an event.
func (h *History) Mark(at int64, kind MarkKind, text string) {
	h.marks = append(h.marks, Mark{at, kind, text})
}

func flag(on bool, f Flags) Flags {
	if on {
		return f
	}
	return 0
}
