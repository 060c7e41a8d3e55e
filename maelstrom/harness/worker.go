package harness

import (
	"errors"
	"fmt"
	"math/rand/v2"

	"odradek/checker"
	"odradek/maelstrom"
)

// group is the group whose offsets Maelstrom's commits are.
var group = checker.Membership{Group: "maelstrom", Generation: int32(checker.Unknown)}

// ask is how a worker asks its node.
type ask func(kind string, fields map[string]any, reply any) error

// worker plays Maelstrom's clients of the workload kafka, one after the other, at one
// node: assign, then send and poll, and commit what was polled.
type worker struct {
	*shared
	ask     ask
	rng     *rand.Rand
	h       *checker.History
	process int32
	at      map[string]int64 // where to poll next, of the keys assigned
	seek    map[string]bool  // that was chosen, and not reached by polling
}

func tp(key string) checker.TP { return checker.TP{Topic: key} }

func (w *worker) step() error {
	switch n := w.rng.IntN(40); {
	case n == 0:
		w.crash()
		return nil
	case n < 4 || len(w.at) == 0:
		return w.assign()
	case n < 22:
		_, err := w.send()
		return err
	}
	return w.poll()
}

// crash goes on as another client, with nothing assigned.
func (w *worker) crash() {
	w.process = w.processes.Add(1)
	w.at, w.seek = map[string]int64{}, map[string]bool{}
}

func (w *worker) key() string { return fmt.Sprint(w.rng.IntN(w.keys())) }

// told ends an operation that went wrong; a client whose operation is in doubt is not used again.
func (w *worker) told(id checker.ID, err error, readOnly bool) error {
	var e *maelstrom.Error
	switch {
	case !errors.As(err, &e):
		return err
	case readOnly || e.Code.Definite():
		w.h.Fail(id, w.now(), e.Text)
	default:
		w.h.Maybe(id, w.now(), e.Text)
	}
	return nil
}

// inDoubt tells an error after which the client is not to be used again.
func inDoubt(err error) bool {
	var e *maelstrom.Error
	return errors.As(err, &e) && !e.Code.Definite()
}

// sent is an answer to send.
type sent struct{ Offset int64 }

// send sends a value, and tells whether it was acknowledged.
func (w *worker) send() (bool, error) {
	key, value := w.key(), w.values.Add(1)
	id := w.h.InvokeProduce(w.process, w.now(), tp(key), checker.Produce{Producer: checker.Unknown, Acks: -1,
		Records: []checker.Record{{Offset: checker.Unknown, Timestamp: checker.Unknown, Value: checker.Value(value)}}})
	var r sent
	if err := w.ask("send", map[string]any{"key": key, "msg": value}, &r); err != nil {
		if inDoubt(err) {
			defer w.crash()
		}
		return false, w.told(id, err, false)
	}
	w.h.OKProduce(id, w.now(), r.Offset)
	return true, nil
}

// assign takes up to three keys, from the beginning or from what is committed.
func (w *worker) assign() error {
	was := w.at
	w.at, w.seek = map[string]int64{}, map[string]bool{}
	for range 1 + w.rng.IntN(3) {
		key := w.key()
		w.at[key], w.seek[key] = 0, true
	}
	if w.rng.IntN(3) == 0 {
		return nil
	}
	committed, err := w.committed()
	for key := range w.at {
		if next, known := was[key]; known {
			w.at[key] = next
		} else if last, known := committed[key]; known {
			w.at[key] = last + 1
		}
	}
	return err
}

// committed looks up what is committed of the keys assigned.
func (w *worker) committed() (map[string]int64, error) {
	ids := map[string]checker.ID{}
	var keys []string
	for key := range w.at {
		keys = append(keys, key)
		ids[key] = w.h.InvokeCommitted(w.process, w.now(), tp(key), group, checker.Unknown)
	}
	var r struct{ Offsets map[string]int64 }
	err := w.ask("list_committed_offsets", map[string]any{"keys": keys}, &r)
	for key, id := range ids {
		last, known := r.Offsets[key]
		switch {
		case err != nil:
			if err := w.told(id, err, true); err != nil {
				return nil, err
			}
		case known:
			w.h.OKCommitted(id, w.now(), last+1, "")
		default:
			w.h.OKCommitted(id, w.now(), checker.Unknown, "")
		}
	}
	return r.Offsets, nil
}
