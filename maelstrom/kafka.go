package maelstrom

import (
	"context"
	"encoding/json"
	"maps"
	"slices"
	"sync"

	"odradek/node/record"
)

// The workload kafka. Each key is a topic of one partition; a message is a record's value.
//
//	send                    Produce with acks=all
//	poll                    Fetch, up to the high watermark
//	commit_offsets          OffsetCommit of the offset + 1: Maelstrom's is the last one that
//	                        was processed, Kafka's the next one to read
//	list_committed_offsets  OffsetFetch, - 1

func (s *Service) send(ctx context.Context, body json.RawMessage) (any, error) {
	var b struct {
		Key *string         `json:"key"`
		Msg json.RawMessage `json:"msg"`
	}
	if err := fields(body, &b); err != nil {
		return nil, err
	}
	if b.Key == nil || b.Msg == nil {
		return nil, failure(MalformedRequest, "a send has a key and a msg")
	}
	offset, err := s.append(ctx, topicOf(*b.Key), []byte(*b.Key), b.Msg)
	return map[string]int64{"offset": offset}, err
}

// pairs are the records of a key as Maelstrom has them: [offset, message].
type pairs [][2]any

func (s *Service) poll(ctx context.Context, body json.RawMessage) (any, error) {
	var b struct {
		Offsets map[string]int64 `json:"offsets"`
	}
	if err := fields(body, &b); err != nil {
		return nil, err
	}
	var (
		mu     sync.Mutex
		all    sync.WaitGroup
		msgs   = map[string]pairs{}
		failed error
	)
	for key, from := range b.Offsets {
		all.Go(func() {
			got, err := s.senders.fetch(ctx, topicOf(key), max(from, 0))
			mu.Lock()
			defer mu.Unlock()
			switch {
			case err != nil:
				failed = err
			case len(got) > 0:
				msgs[key] = pairsOf(got)
			}
		})
	}
	all.Wait()
	if failed != nil && len(msgs) == 0 {
		return nil, failure(TemporarilyUnavailable, "%v", failed)
	}
	return map[string]any{"msgs": msgs}, nil
}

func pairsOf(records []record.Record) (p pairs) {
	for _, r := range records {
		p = append(p, [2]any{r.Offset, json.RawMessage(r.Value)})
	}
	return p
}

func (s *Service) commitOffsets(ctx context.Context, body json.RawMessage) (any, error) {
	var b struct {
		Offsets map[string]int64 `json:"offsets"`
	}
	if err := fields(body, &b); err != nil {
		return nil, err
	}
	next := map[string]int64{}
	for key, last := range b.Offsets {
		if last < -1 {
			return nil, failure(MalformedRequest, "an offset of %d", last)
		}
		next[topicOf(key)] = last + 1
	}
	if len(next) == 0 {
		return nil, nil
	}
	return nil, s.commit(ctx, next)
}

func (s *Service) listCommittedOffsets(ctx context.Context, body json.RawMessage) (any, error) {
	var b struct {
		Keys []string `json:"keys"`
	}
	if err := fields(body, &b); err != nil {
		return nil, err
	}
	keyOf := map[string]string{}
	for _, key := range b.Keys {
		keyOf[topicOf(key)] = key
	}
	last := map[string]int64{}
	if len(keyOf) > 0 {
		next, err := s.committed(ctx, slices.Sorted(maps.Keys(keyOf)))
		if err != nil {
			return nil, failure(TemporarilyUnavailable, "%v", err)
		}
		for topic, offset := range next {
			if offset > 0 {
				last[keyOf[topic]] = offset - 1
			}
		}
	}
	return map[string]any{"offsets": last}, nil
}
