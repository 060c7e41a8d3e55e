package harness

import (
	"maps"

	"odradek/checker"
)

// polled is an answer to poll.
type polled struct {
	Msgs map[string][][2]int64
}

// poll reads what there is of the keys assigned, and commits it.
func (w *worker) poll() error {
	last, err := w.read()
	if err != nil || len(last) == 0 {
		return err
	}
	ids := map[string]checker.ID{}
	for key, offset := range last {
		ids[key] = w.h.InvokeCommit(w.process, w.now(), tp(key), checker.Commit{By: group, Node: checker.Unknown, Offset: offset + 1})
	}
	err = w.ask("commit_offsets", map[string]any{"offsets": last}, nil)
	for _, id := range ids {
		if err == nil {
			w.h.OK(id, w.now())
		} else if bad := w.told(id, err, false); bad != nil {
			return bad
		}
	}
	if inDoubt(err) {
		w.crash()
	}
	return nil
}

// read polls once and returns the last offset that it got of each key.
func (w *worker) read() (map[string]int64, error) {
	ids := map[string]checker.ID{}
	for key, from := range w.at {
		ids[key] = w.h.InvokeFetch(w.process, w.now(), tp(key), checker.Fetch{From: from, Seek: w.seek[key]})
	}
	var r polled
	err := w.ask("poll", map[string]any{"offsets": maps.Clone(w.at)}, &r)
	last := map[string]int64{}
	for key, id := range ids {
		if err != nil {
			if bad := w.told(id, err, true); bad != nil {
				return nil, bad
			}
			continue
		}
		got := checker.Fetched{HighWatermark: checker.Unknown, LogStart: checker.Unknown}
		for _, pair := range r.Msgs[key] {
			got.Records = append(got.Records, checker.Record{Offset: pair[0], Timestamp: checker.Unknown, Value: checker.Value(pair[1])})
			last[key] = max(last[key], pair[0])
		}
		w.h.OKFetch(id, w.now(), got)
		w.seek[key] = false
		if len(got.Records) > 0 {
			w.at[key] = last[key] + 1
		}
	}
	return last, nil
}
