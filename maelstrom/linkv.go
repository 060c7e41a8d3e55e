package maelstrom

import (
	"bytes"
	"context"
	"encoding/json"
)

// The requests of the workload lin-kv.

// keyed are the fields of all of them.
type keyed struct {
	Key   json.RawMessage `json:"key"`
	Value json.RawMessage `json:"value"`
	From  json.RawMessage `json:"from"`
	To    json.RawMessage `json:"to"`
}

// parse reads a request, and brings what it compares into one form.
func (k *keyed) parse(body json.RawMessage) error {
	if err := fields(body, k); err != nil {
		return err
	}
	for _, x := range []*json.RawMessage{&k.Key, &k.Value, &k.From, &k.To} {
		if *x == nil {
			*x = json.RawMessage("null")
		}
		if err := canonical(x); err != nil {
			return failure(MalformedRequest, "%v", err)
		}
	}
	return nil
}

// canonical brings JSON into the form in which equal values have equal bytes. Numbers stay
// as they were written.
func canonical(x *json.RawMessage) error {
	d := json.NewDecoder(bytes.NewReader(*x))
	d.UseNumber()
	var value any
	if err := d.Decode(&value); err != nil {
		return err
	}
	same, err := json.Marshal(value)
	*x = same
	return err
}

func (r *register) read(ctx context.Context, body json.RawMessage) (any, error) {
	var k keyed
	if err := k.parse(body); err != nil {
		return nil, err
	}
	o, err := r.do(ctx, entry{Do: "read", Key: k.Key})
	if err != nil {
		return nil, err
	}
	return map[string]json.RawMessage{"value": o.value}, o.told()
}

func (r *register) write(ctx context.Context, body json.RawMessage) (any, error) {
	var k keyed
	if err := k.parse(body); err != nil {
		return nil, err
	}
	_, err := r.do(ctx, entry{Do: "write", Key: k.Key, To: k.Value})
	return nil, err
}

func (r *register) cas(ctx context.Context, body json.RawMessage) (any, error) {
	var k keyed
	if err := k.parse(body); err != nil {
		return nil, err
	}
	o, err := r.do(ctx, entry{Do: "cas", Key: k.Key, From: k.From, To: k.To})
	if err != nil {
		return nil, err
	}
	return nil, o.told()
}

// told is the error as an interface that is nil when there is none.
func (o *outcome) told() error {
	if o.err == nil {
		return nil
	}
	return o.err
}
