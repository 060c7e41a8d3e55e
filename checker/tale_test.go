package checker

import "testing"

// tale is a small history, told in a few words. Times are what they are;
// values are numbers; offsets count from 0.
type tale struct{ *History }

var tp = TP{"t", 0}

func batch(values ...Value) []Record {
	var rs []Record
	for _, v := range values {
		rs = append(rs, Record{Unknown, 1000 + int64(v), v})
	}
	return rs
}

func plainBatch(values ...Value) Produce {
	return Produce{Producer: Unknown, Acks: -1, Records: batch(values...)}
}

// wrote is an acknowledged batch.
func (t tale) wrote(process int32, from, to, base int64, values ...Value) ID {
	id := t.InvokeProduce(process, from, tp, plainBatch(values...))
	t.OKProduce(id, to, base)
	return id
}

// sent is a batch of which nobody knows whether it arrived.
func (t tale) sent(process int32, from, to int64, values ...Value) ID {
	id := t.InvokeProduce(process, from, tp, plainBatch(values...))
	t.Maybe(id, to, "timeout")
	return id
}

func (t tale) failed(process int32, from, to int64, values ...Value) {
	t.Fail(t.InvokeProduce(process, from, tp, plainBatch(values...)), to, "refused")
}

// read is a fetch that found records from the offset asked.
func (t tale) read(process int32, from, to, offset, high int64, values ...Value) ID {
	return t.got(process, from, to, Fetch{From: offset}, Fetched{Records: at(offset, values...), HighWatermark: high})
}

func at(offset int64, values ...Value) []Record {
	rs := batch(values...)
	for i := range rs {
		rs[i].Offset = offset + int64(i)
	}
	return rs
}

func (t tale) got(process int32, from, to int64, f Fetch, g Fetched) ID {
	id := t.InvokeFetch(process, from, tp, f)
	t.OKFetch(id, to, g)
	return id
}

func (t tale) listed(process int32, from, to, spec, offset, timestamp int64) {
	t.OKList(t.InvokeList(process, from, tp, spec), to, offset, timestamp)
}

func (t tale) trimmed(process int32, from, to, before, start int64) {
	t.OKTrim(t.InvokeTrim(process, from, tp, before), to, start)
}

func (t tale) outOfRange(process int32, from, to, offset int64) {
	t.got(process, from, to, Fetch{From: offset}, Fetched{HighWatermark: Unknown, LogStart: Unknown, OutOfRange: true})
}

// anomalyCase is a history that shows an anomaly, and one that just does not.
type anomalyCase struct {
	name        string
	o           Options
	wrong, fine func(t tale)
}

func TestEveryAnomalyIsFoundWhereItIsAndOnlyThere(t *testing.T) {
	for _, c := range anomalyCases() {
		t.Run(c.name, func(t *testing.T) {
			wrong := tale{NewHistory()}
			c.wrong(wrong)
			if r := CheckBoth(wrong.History, c.o); r.Count(c.name) == 0 || r.Count("checkers-disagree") > 0 {
				t.Errorf("the wrong history: %v\n%s", r, dump(wrong.History))
			}
			fine := tale{NewHistory()}
			c.fine(fine)
			if r := CheckBoth(fine.History, c.o); !r.Valid() {
				t.Errorf("the right history: %v\n%s", r, dump(fine.History))
			}
		})
	}
}

// Those that have a test of their own.
var testedElsewhere = []string{"checkers-disagree", "porcupine-unknown"}

func TestEveryNameHasACase(t *testing.T) {
	tested := map[string]bool{}
	for _, name := range testedElsewhere {
		tested[name] = true
	}
	for _, c := range anomalyCases() {
		tested[c.name] = true
		if Explain(c.name) == "" {
			t.Errorf("%s is not among the names", c.name)
		}
	}
	for _, name := range Names() {
		if !tested[name] {
			t.Errorf("no case shows %s", name)
		}
	}
}

func anomalyCases() []anomalyCase {
	return slicesOf(endCases(), recordCases(), readingCases(), startCases(), timeCases(), topicCases(), commitCases(), memberCases(), groupEndCases(),
		markerCases(), txnCases(), circleCases())
}

func slicesOf(parts ...[]anomalyCase) (all []anomalyCase) {
	for _, p := range parts {
		all = append(all, p...)
	}
	return all
}
