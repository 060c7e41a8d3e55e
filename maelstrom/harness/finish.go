package harness

import (
	"fmt"
	"time"

	"odradek/checker"
)

// settleTime is how long a cluster may take, once the network is whole, until all that
// was acknowledged can be read.
const settleTime = 30 * time.Second

// finish reads every key from its beginning to its end, at the first node.
func (r *running) finish() error {
	ends := r.ends()
	w := r.worker(r.cluster.names[0])
	w.crash()
	r.marks = append(r.marks, checker.Mark{At: r.now(), Kind: checker.FinalRead})
	for key := range ends {
		w.at[key], w.seek[key] = 0, true
	}
	until := time.Now().Add(r.Settle)
	for {
		last, err := w.read()
		if err != nil {
			return err
		}
		behind := w.behind(ends)
		if behind == "" && len(last) == 0 {
			return nil
		}
		if time.Now().After(until) {
			return fmt.Errorf("the network has been whole for %v, and key %s is read up to %d of %d", r.Settle, behind, w.at[behind], ends[behind])
		}
		if len(last) == 0 {
			time.Sleep(100 * time.Millisecond)
		}
	}
}

// ends is how far each key's log is known to reach; keys of which nothing is known too.
func (r *running) ends() map[string]int64 {
	ends := map[string]int64{}
	for i := range r.keys() {
		ends[fmt.Sprint(i)] = 0
	}
	for _, w := range r.all {
		for id := range w.h.Len() {
			op := w.h.Op(checker.ID(id))
			key := op.At.Topic
			if op.Outcome != checker.OK {
				continue
			}
			if op.Kind == checker.ProduceOp {
				ends[key] = max(ends[key], op.Offset+1)
			}
			for _, rec := range op.Records {
				ends[key] = max(ends[key], rec.Offset+1)
			}
		}
	}
	return ends
}

// behind is a key that is not read to its known end.
func (w *worker) behind(ends map[string]int64) string {
	for key, end := range ends {
		if w.at[key] < end {
			return key
		}
	}
	return ""
}
