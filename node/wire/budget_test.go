package wire

import (
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/twmb/franz-go/pkg/kbin"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	noise = 32 << 10 // what the measuring itself may allocate
	ample = math.MaxInt64 / 2
)

func TestTheWalkEndsWhereTheMessageEnds(t *testing.T) {
	everyVersion(func(key, version int16) {
		for seed := range uint64(50) {
			body := drawnRequest(seed, key, version).AppendTo(nil)
			w := walk(key, version, body, ample)
			if err := w.verdict(); err != nil || len(w.Src) != 0 {
				t.Fatalf("%s v%d: %d bytes left, %v", KeyName(key), version, len(w.Src), err)
			}
		}
	})
}

// shape says how a hostile body is made.
type shape struct {
	text  int // length of each string
	elems int // elements of each array that is not the target
	tags  int // unknown tagged fields of each struct
}

var shapes = []shape{{0, 0, 0}, {1, 0, 0}, {2, 1, 0}, {17, 2, 0}, {0, 0, 1}, {0, 0, 9}, {0, 1, 0}, {1, 9, 2}, {0, 0, 20_000}}

// hostile writes bodies in which one array has as many elements as fit.
type hostile struct {
	shape
	version  int16
	flexible bool
	target   *field
	room     int
}

func (h *hostile) fields(b []byte, f *fields) []byte {
	for i := range f.list {
		if fd := &f.list[i]; h.version >= fd.min && h.version <= fd.max {
			b = h.field(b, fd)
		}
	}
	return b
}

func (h *hostile) object(b []byte, f *fields) []byte {
	b = h.fields(b, f)
	if h.flexible {
		b = kbin.AppendUvarint(b, uint32(h.tags))
		for i := range h.tags {
			b = append(kbin.AppendUvarint(b, uint32(1000+i)), 0)
		}
	}
	return b
}

func (h *hostile) field(b []byte, f *field) []byte {
	switch f.kind {
	case fixed:
		return append(b, make([]byte, f.size)...)
	case str:
		return append(h.length(b, 2, h.text), make([]byte, h.text)...)
	case blob:
		return h.length(b, 4, 0)
	case object:
		return h.object(append(b, 1), f.sub)
	}
	n := h.elems
	if f == h.target {
		n = h.room/len(h.element(nil, f)) + 1
	} else if holds(f, h.target) {
		n = 1
	}
	b = h.length(b, 4, n)
	for range n {
		b = h.element(b, f)
	}
	return b
}

func (h *hostile) element(b []byte, f *field) []byte {
	if f.bare {
		return h.fields(b, f.sub)
	}
	return h.object(b, f.sub)
}

func (h *hostile) length(b []byte, size, n int) []byte {
	switch {
	case h.flexible:
		return kbin.AppendUvarint(b, uint32(n+1))
	case size == 2:
		return kbin.AppendInt16(b, int16(n))
	default:
		return kbin.AppendInt32(b, int32(n))
	}
}

func holds(f, target *field) bool {
	for _, a := range arrays(f.sub) {
		if a == target {
			return true
		}
	}
	return false
}

// arrays are all arrays below some fields.
func arrays(f *fields) (all []*field) {
	for i := range f.list {
		if fd := &f.list[i]; fd.kind == array {
			all = append(append(all, fd), arrays(fd.sub)...)
		}
	}
	return all
}

// everyHostile visits a body for each array of each API, in the versions at
// which encodings change.
func everyHostile(room int, visit func(key, version int16, body []byte)) {
	for _, r := range everyAPI {
		s := schemas[r.Key]
		versions := []int16{r.Min, s.flexible - 1, s.flexible, r.Max}
		slices.Sort(versions)
		for _, v := range slices.Compact(versions) {
			if !takes(r.Key).serves(r.Key, v) {
				continue
			}
			targets := append(arrays(&s.fields), nil)
			for _, target := range targets {
				for _, sh := range shapes {
					h := hostile{shape: sh, version: v, flexible: v >= s.flexible, target: target, room: room}
					visit(r.Key, v, h.object(nil, &s.fields))
				}
			}
		}
	}
}

func TestDecodingNeverTakesMoreThanTheWalkFound(t *testing.T) {
	if racing {
		t.Skip("memory cannot be measured under the race detector")
	}
	bodies := 0
	try := func(key, version int16, body []byte) {
		w := walk(key, version, body, ample)
		if err := w.verdict(); err != nil || len(w.Src) != 0 {
			t.Fatalf("%s v%d: %v, %d bytes left", KeyName(key), version, err, len(w.Src))
		}
		took := allocating(func() {
			req := newRequest(key)
			req.SetVersion(version)
			if err := req.ReadFrom(body); err != nil {
				t.Fatal(err)
			}
		})
		if found := ample - w.left; took > found+noise {
			t.Fatalf("%s v%d: %d bytes decode to %d, found %d", KeyName(key), version, len(body), took, found)
		}
		bodies++
	}
	everyHostile(128<<10, try)
	everyVersion(func(key, version int16) {
		for seed := range uint64(3) {
			try(key, version, drawnRequest(seed, key, version).AppendTo(nil))
		}
	})
	t.Logf("%d bodies", bodies)
}

func TestAFrameOfAMebibyteNeverTakesMoreThanItsBudget(t *testing.T) {
	if racing {
		t.Skip("memory cannot be measured under the race detector")
	}
	refused, worst := 0, int64(0)
	everyHostile(1<<20, func(key, version int16, body []byte) {
		frame := kbin.AppendInt16(kbin.AppendInt16(nil, key), version)
		frame = append(frame, 0, 0, 0, 1, 0, 0)
		if version >= flexibleFrom(key) {
			frame = append(frame, 0)
		}
		frame = append(frame, body...)
		var err error
		took := allocating(func() { _, err = parse(frame, DefaultLimits) })
		if took > DefaultLimits.of(frame)+noise {
			t.Fatalf("%s v%d: %d bytes took %d", KeyName(key), version, len(frame), took)
		}
		if err != nil && !errors.Is(err, ErrBudget) {
			t.Fatalf("%s v%d: %v", KeyName(key), version, err)
		}
		if worst = max(worst, took); err != nil {
			refused++
		}
	})
	if refused == 0 {
		t.Fatal("no frame was over the budget: the test proves nothing")
	}
	t.Logf("%d refused, the largest of the others took %d bytes", refused, worst)
}

func TestACountWithoutElementsTakesNothing(t *testing.T) {
	body := append([]byte{0x7f, 0xff, 0xff, 0xff}, make([]byte, 1<<20)...)
	frame := append([]byte{0, 3, 0, 4, 0, 0, 0, 1, 0, 0}, body...)
	var err error
	if took := allocating(func() { _, err = ParseRequest(frame, DefaultLimits) }); took > noise || !errors.Is(err, ErrMalformed) {
		t.Fatalf("%d bytes, %v", took, err)
	}
}

func TestLargeButHonestRequestsPass(t *testing.T) {
	create := kmsg.NewPtrCreateTopicsRequest()
	create.Version = 7
	for range 50_000 {
		create.Topics = append(create.Topics, kmsg.CreateTopicsRequestTopic{Topic: "orders-000001"})
	}
	fetch := kmsg.NewPtrFetchRequest()
	fetch.Version = 17
	fetch.Topics = []kmsg.FetchRequestTopic{{Partitions: make([]kmsg.FetchRequestTopicPartition, 100_000)}}
	for _, req := range []kmsg.Request{create, fetch} {
		frame := AppendRequest(nil, 1, "", req)
		if err := NewSplitter(DefaultCaps).Feed(frame, func(f []byte) {
			if _, err := ParseRequest(f, DefaultLimits); err != nil {
				t.Error(err)
			}
		}); err != nil {
			t.Error(err)
		}
	}
}
