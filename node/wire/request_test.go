package wire

import (
	"bytes"
	"errors"
	"reflect"
	"testing"

	"github.com/twmb/franz-go/pkg/kmsg"
)

func TestEveryRequestOfEveryVersionIsParsedAsItWasWritten(t *testing.T) {
	everyVersion(func(key, version int16) {
		for seed := range uint64(30) {
			req := drawnRequest(seed, key, version)
			frame := AppendRequest(nil, 77, "me", req)[sizeLen:]
			got, err := parse(frame, DefaultLimits)
			if err != nil {
				t.Fatalf("%s v%d: %v", KeyName(key), version, err)
			}
			if got.Header != (Header{key, version, 77, "me"}) {
				t.Fatalf("header %+v", got.Header)
			}
			if a, b := req.AppendTo(nil), got.Body.AppendTo(nil); !bytes.Equal(a, b) {
				t.Fatalf("%s v%d:\n% x\n% x", KeyName(key), version, a, b)
			}
		}
	})
}

func TestEveryCutOfARequestIsMalformed(t *testing.T) {
	everyVersion(func(key, version int16) {
		frame := AppendRequest(nil, 1, "", drawnRequest(3, key, version))[sizeLen:]
		for n := range frame {
			if _, err := parse(frame[:n:n], DefaultLimits); !errors.Is(err, ErrMalformed) {
				t.Fatalf("%s v%d cut at %d of %d: %v", KeyName(key), version, n, len(frame), err)
			}
		}
	})
}

func TestAKeyThatNobodyKnowsIsNamedSo(t *testing.T) {
	req, err := ParseRequest([]byte{3, 0xe7, 0, 0, 0, 0, 0, 9, 0, 0}, DefaultLimits)
	if !errors.Is(err, ErrUnknownKey) || req.Key != 999 || req.CorrelationID != 9 {
		t.Fatalf("%+v %v", req, err)
	}
}

func TestAnUnsupportedVersionStillGivesTheHeader(t *testing.T) {
	for _, c := range []struct{ key, version int16 }{
		{ApiVersions, 99}, {ApiVersions, -1}, {Produce, 0}, {Produce, 2}, {Produce, 14}, {Fetch, 3}, {CreateTopics, 1},
	} {
		frame := []byte{0, byte(c.key), byte(c.version >> 8), byte(c.version), 0, 0, 0, 9, 0, 1, 'a', 0}
		req, err := ParseRequest(frame, DefaultLimits)
		if !errors.Is(err, ErrUnsupportedVersion) || req.Header != (Header{c.key, c.version, 9, "a"}) {
			t.Fatalf("%v: %+v %v", c, req, err)
		}
	}
}

func TestANullClientIDIsEmpty(t *testing.T) {
	h, body, err := ofBroker.header([]byte{0, 18, 0, 0, 0, 0, 0, 5, 0xff, 0xff})
	if err != nil || h.ClientID != "" || len(body) != 0 {
		t.Fatalf("%+v %v %v", h, body, err)
	}
}

func TestTaggedFieldsOfTheHeaderAreSkipped(t *testing.T) {
	h, body, err := ofBroker.header([]byte{0, 18, 0, 3, 0, 0, 0, 5, 0, 1, 'a', 1, 9, 2, 'x', 'y', 42})
	if err != nil || h.ClientID != "a" || !bytes.Equal(body, []byte{42}) {
		t.Fatalf("%+v %v %v", h, body, err)
	}
}

func TestNullWhereKafkaAllowsNoneIsMalformed(t *testing.T) {
	head := func(key, version byte) []byte { return []byte{0, key, 0, version, 0, 0, 0, 5, 0, 0} }
	for name, frame := range map[string][]byte{
		"topics of Metadata v0":     append(head(3, 0), 0xff, 0xff, 0xff, 0xff),
		"topics of ListOffsets v1":  append(head(2, 1), 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff),
		"key of FindCoordinator v0": append(head(10, 0), 0xff, 0xff),
		"a length of -2":            append(head(3, 4), 0xff, 0xff, 0xff, 0xfe, 1),
	} {
		if _, err := ParseRequest(frame, DefaultLimits); !errors.Is(err, ErrMalformed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	all, err := ParseRequest(append(head(3, 4), 0xff, 0xff, 0xff, 0xff, 1), DefaultLimits)
	if err != nil || all.Body.(*kmsg.MetadataRequest).Topics != nil {
		t.Fatalf("null topics of Metadata v4 mean all: %v", err)
	}
}

func TestProducedRecordsAliasTheFrame(t *testing.T) {
	for version := int16(oldestProduce); version <= 13; version++ {
		req := &kmsg.ProduceRequest{Version: version, Topics: []kmsg.ProduceRequestTopic{{
			Topic:      "t",
			Partitions: []kmsg.ProduceRequestTopicPartition{{Records: []byte("0123456789")}},
		}}}
		frame := AppendRequest(nil, 1, "c", req)[sizeLen:]
		got, err := ParseRequest(frame, DefaultLimits)
		if err != nil {
			t.Fatal(err)
		}
		records := got.Body.(*kmsg.ProduceRequest).Topics[0].Partitions[0].Records
		frame[bytes.IndexByte(frame, '0')] = '!'
		if string(records) != "!123456789" || cap(records) != len(records) {
			t.Fatalf("v%d: %q with room for %d", version, records, cap(records))
		}
	}
}

func TestEveryAPIHasASchemaOfAllItsVersions(t *testing.T) {
	for _, r := range everyAPI {
		req := newRequest(r.Key)
		if req.MaxVersion() < r.Max || len(schemas[r.Key].list) == 0 {
			t.Errorf("%d: kmsg speaks up to v%d, we list v%d", r.Key, req.MaxVersion(), r.Max)
		}
		for v := r.Min; v <= r.Max; v++ {
			if req.SetVersion(v); req.IsFlexible() != (v >= flexibleFrom(r.Key)) {
				t.Errorf("%d v%d: flexible %v", r.Key, v, req.IsFlexible())
			}
		}
	}
	if len(schemas) != len(everyAPI) {
		t.Errorf("%d schemas for %d APIs", len(schemas), len(everyAPI))
	}
}

func TestEveryResponseOfEveryVersionComesBackToTheClient(t *testing.T) {
	everyVersion(func(key, version int16) {
		for seed := range uint64(10) {
			req := drawnRequest(seed, key, version)
			resp := req.ResponseKind()
			if resp == nil {
				return // Raft
			}
			resp.SetVersion(version)
			newFiller(seed + 100).message(resp)
			if f := reflect.ValueOf(resp).Elem().FieldByName("ErrorCode"); f.IsValid() {
				f.SetInt(0)
			}
			frame := AppendResponse([]byte("before"), -5, resp)[len("before")+sizeLen:]
			got, corr, err := ParseResponse(frame, req)
			if err != nil || corr != -5 {
				t.Fatalf("%s v%d: %d %v", KeyName(key), version, corr, err)
			}
			if !bytes.Equal(got.AppendTo(nil), resp.AppendTo(nil)) {
				t.Fatalf("%s v%d differs", KeyName(key), version)
			}
		}
	})
}

func TestTheAnswerToAnUnknownApiVersionsIsReadAsV0(t *testing.T) {
	answer := &kmsg.ApiVersionsResponse{ErrorCode: unsupportedVersion,
		ApiKeys: []kmsg.ApiVersionsResponseApiKey{{ApiKey: ApiVersions, MaxVersion: 4}}}
	frame := AppendResponse(nil, 3, answer)[sizeLen:]
	got, _, err := ParseResponse(frame, &kmsg.ApiVersionsRequest{Version: 5})
	if err != nil || got.(*kmsg.ApiVersionsResponse).ApiKeys[0].MaxVersion != 4 {
		t.Fatalf("%+v %v", got, err)
	}
}

func FuzzHeader(f *testing.F) {
	f.Add([]byte{0, 18, 0, 3, 0, 0, 0, 5, 0, 1, 'a', 1, 9, 2, 'x', 'y', 42})
	f.Fuzz(func(t *testing.T, frame []byte) {
		h, body, err := ofBroker.header(frame)
		if err == nil && (!ofBroker.serves(h.Key, h.Version) || len(body) > len(frame)) {
			t.Fatalf("%+v", h)
		}
	})
}

func FuzzParseRequest(f *testing.F) {
	everyVersion(func(key, version int16) {
		f.Add(AppendRequest(nil, 1, "c", drawnRequest(uint64(version), key, version))[sizeLen:])
	})
	f.Fuzz(func(t *testing.T, frame []byte) {
		limits := Limits{PerByte: 4, Base: 4 << 10, Most: 1 << 20}
		var req Request
		var err error
		took := allocating(func() { req, err = parse(frame, limits) })
		if most := limits.of(frame) + int64(len(frame)) + 64<<10; took > most {
			t.Fatalf("%d bytes took %d, more than %d: %v", len(frame), took, most, err)
		}
		if err == nil {
			req.Body.AppendTo(nil)
		}
	})
}
