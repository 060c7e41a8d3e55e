package maelstrom

import (
	"bytes"
	"context"
	"encoding/json"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"odradek/node/record"
)

// register is the workload lin-kv: a map of which the log is the only truth. Every
// operation, a read too, is a record; it takes effect at its place in the log, and each node
// that answers one knows the map there because it has read up to it:
//
//	0 write a 1 | 1 read a (n2) | 2 cas a 1 2 (n3) | 3 cas a 1 5 (n1) | 4 write b 7
//	                  -> 1            -> done            -> differs
//
// So no two nodes need to agree about anything but the log.
type register struct {
	*senders
	name string // of this process among those that write to the log
	last atomic.Int64

	turn   turnstile                  // of who reads the log
	next   int64                      // offset that is read next
	values map[string]json.RawMessage // before it

	mu      sync.Mutex
	waiting map[string]*outcome // by the entry's name
}

// registerTopic is the log.
const registerTopic = "lin-kv"

// entry is a record's value.
type entry struct {
	Name string          `json:"name"` // of the operation, unique
	Do   string          `json:"do"`   // read, write or cas
	Key  json.RawMessage `json:"key"`
	From json.RawMessage `json:"from,omitempty"`
	To   json.RawMessage `json:"to,omitempty"`
}

// outcome is what an operation found at its place.
type outcome struct {
	known bool
	value json.RawMessage
	err   *Error
}

func newRegister(s *senders, node string) *register {
	born := strconv.FormatInt(time.Now().UnixNano(), 36)
	return &register{
		senders: s, name: node + "." + born, turn: newTurnstile(),
		values: map[string]json.RawMessage{}, waiting: map[string]*outcome{},
	}
}

// do appends an operation and reads the log up to it.
func (r *register) do(ctx context.Context, e entry) (*outcome, error) {
	e.Name = r.name + "." + strconv.FormatInt(r.last.Add(1), 36)
	value, err := json.Marshal(e)
	if err != nil {
		return nil, failure(MalformedRequest, "%v", err)
	}
	o := &outcome{}
	r.mu.Lock()
	r.waiting[e.Name] = o
	r.mu.Unlock()
	defer func() {
		r.mu.Lock()
		delete(r.waiting, e.Name)
		r.mu.Unlock()
	}()
	offset, err := r.append(ctx, registerTopic, e.Key, value)
	if err != nil {
		return nil, err
	}
	if e.Do == "write" {
		return o, nil // whatever is there
	}
	if err := r.readTo(ctx, offset); err != nil {
		return nil, failure(Timeout, "it is done, and nobody knows how it went: %v", err)
	}
	if !o.known {
		return nil, failure(Crash, "the log has something else at %d", offset)
	}
	return o, nil
}

// readTo reads the log up to an offset, and what is there.
func (r *register) readTo(ctx context.Context, offset int64) error {
	if err := r.turn.enter(ctx); err != nil {
		return err
	}
	defer r.turn.leave()
	for r.next <= offset {
		records, err := r.fetch(ctx, registerTopic, r.next)
		if err != nil {
			return err
		}
		if len(records) == 0 && ctx.Err() != nil {
			return ctx.Err()
		}
		for _, rec := range records {
			r.apply(rec)
		}
	}
	return nil
}

func (r *register) apply(rec record.Record) {
	r.next = rec.Offset + 1
	var e entry
	if json.Unmarshal(rec.Value, &e) != nil {
		return // nothing of ours
	}
	key := string(rec.Key)
	was, there := r.values[key]
	found := outcome{known: true, value: was}
	switch {
	case e.Do == "write":
		r.values[key] = e.To
	case !there:
		found.err = failure(KeyDoesNotExist, "there is no such key")
	case e.Do == "cas" && !bytes.Equal(was, e.From):
		found.err = failure(PreconditionFailed, "it is %s", was)
	case e.Do == "cas":
		r.values[key] = e.To
	}
	r.mu.Lock()
	if o := r.waiting[e.Name]; o != nil {
		*o = found
	}
	r.mu.Unlock()
}
