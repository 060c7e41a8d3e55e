package wire

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"math/rand/v2"
	"runtime"
	"testing"
)

// frameOf makes a prefixed frame of n bytes with this key.
func frameOf(key int16, n int) []byte {
	b := make([]byte, sizeLen+n)
	for i := range b {
		b[i] = byte(i * 7)
	}
	binary.BigEndian.PutUint32(b, uint32(n))
	binary.BigEndian.PutUint16(b[sizeLen:], uint16(key))
	return b
}

func stream(sizes ...int) (all []byte, frames [][]byte) {
	for _, n := range sizes {
		f := frameOf(Produce, n)
		all, frames = append(all, f...), append(frames, f[sizeLen:])
	}
	return all, frames
}

func sameFrames(t *testing.T, got, want [][]byte) {
	t.Helper()
	if len(got) != len(want) {
		t.Fatalf("%d frames, want %d", len(got), len(want))
	}
	for i := range want {
		if !bytes.Equal(got[i], want[i]) {
			t.Fatalf("frame %d of %d bytes differs (got %d bytes)", i, len(want[i]), len(got[i]))
		}
	}
}

var mixedSizes = []int{8, 9, 100, stageLen - 4, stageLen, stageLen + 1, 3 * stageLen, 8,
	firstAlloc, 2 * firstAlloc, 2*firstAlloc + 1, 1<<20 + 100, 20 << 20, 8, 12}

func TestAStreamCutAnywhereGivesTheSameFrames(t *testing.T) {
	all, want := stream(mixedSizes...)
	for seed := range uint64(20) {
		rng := rand.New(rand.NewPCG(seed, 2))
		s, rest := NewSplitter(DefaultCaps), all
		if seed%2 == 1 {
			s.Reuse(used)
		}
		var got [][]byte
		most := []int{3000, 100_000, 1 << 20, 64 << 20}[seed%4]
		for len(rest) > 0 {
			n := min(len(rest), 1+rng.IntN(most))
			if err := s.Feed(rest[:n], func(f []byte) { got = append(got, f) }); err != nil {
				t.Fatal(err)
			}
			rest = rest[n:]
		}
		sameFrames(t, got, want)
	}
}

// used gives buffers with something in them and more room than was asked for.
func used(room int) []byte { return bytes.Repeat([]byte{0xdb}, room+room/8+100)[:0] }

func TestASocketReadsStraightIntoTheFrame(t *testing.T) {
	all, want := stream(mixedSizes...)
	s, src := NewSplitter(DefaultCaps), bytes.NewReader(all)
	var got [][]byte
	for {
		frame, ok, err := s.Frame()
		if err != nil {
			t.Fatal(err)
		}
		if ok {
			got = append(got, frame)
			continue
		}
		space := s.Space()
		if len(space) == 0 {
			t.Fatal("no space though no frame waits")
		}
		n, err := src.Read(space)
		s.Advance(n)
		if err == io.EOF {
			break
		}
	}
	sameFrames(t, got, want)
}

func TestAByteAtATimeGivesTheSameFrames(t *testing.T) {
	all, want := stream(8, 40, 20_000, 9)
	s := NewSplitter(DefaultCaps)
	var got [][]byte
	for i := range all {
		if err := s.Feed(all[i:i+1], func(f []byte) { got = append(got, f) }); err != nil {
			t.Fatal(err)
		}
	}
	sameFrames(t, got, want)
}

func TestASizeOutsideItsCapEndsTheStream(t *testing.T) {
	caps := Caps{Produce: 1 << 20, Control: 1 << 10}
	for name, c := range map[string]struct {
		size uint32
		key  int16
		fits bool
	}{
		"negative":                       {1 << 31, Produce, false},
		"zero":                           {0, Produce, false},
		"less than a header":             {7, Metadata, false},
		"the least":                      {8, Metadata, true},
		"a produce at its cap":           {1 << 20, Produce, true},
		"a produce above its cap":        {1<<20 + 1, Produce, false},
		"another at its cap":             {1 << 10, Fetch, true},
		"another above its cap":          {1<<10 + 1, Fetch, false},
		"an unknown key above the cap":   {1<<10 + 1, 999, false},
		"a key of -1 above the cap":      {1<<10 + 1, -1, false},
		"everything above the most ever": {1<<31 - 1, Produce, false},
	} {
		t.Run(name, func(t *testing.T) {
			b := binary.BigEndian.AppendUint32(nil, c.size)
			b = binary.BigEndian.AppendUint16(b, uint16(c.key))
			s := NewSplitter(caps)
			err := s.Feed(b, func([]byte) {})
			var bad *FrameError
			if errors.As(err, &bad) == c.fits {
				t.Fatalf("err = %v", err)
			}
			if c.fits {
				return
			}
			if again := s.Feed(b, func([]byte) { t.Fatal("a frame after an error") }); again != err {
				t.Fatalf("then %v", again)
			}
		})
	}
}

func TestMemoryFollowsTheBytesThatArrivedNotTheSizeAnnounced(t *testing.T) {
	s := NewSplitter(DefaultCaps)
	head := frameOf(Produce, 100<<20)[:sizeLen+peekLen]
	piece := make([]byte, 64<<10)
	if took := allocating(func() { _ = s.Feed(head, func([]byte) {}) }); took > 2*firstAlloc {
		t.Fatalf("6 bytes took %d", took)
	}
	for arrived := len(piece); arrived < 10<<20; arrived += len(piece) {
		if err := s.Feed(piece, func([]byte) {}); err != nil {
			t.Fatal(err)
		}
		if cap(s.frame) > max(2*firstAlloc, 2*growth*arrived) {
			t.Fatalf("%d bytes arrived, %d held", arrived, cap(s.frame))
		}
	}
}

func TestAnOrdinaryFrameIsAllocatedOnce(t *testing.T) {
	s := NewSplitter(DefaultCaps)
	all := frameOf(Produce, 200<<10)
	_ = s.Feed(frameOf(Produce, 8), func([]byte) {}) // the stage exists
	took := allocating(func() { _ = s.Feed(all, func([]byte) {}) })
	if took > 220<<10 {
		t.Fatalf("a frame of 200 KiB took %d bytes", took)
	}
}

// allocating is the number of bytes that one call of f allocates.
func allocating(f func()) int64 {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	f()
	runtime.ReadMemStats(&after)
	return int64(after.TotalAlloc - before.TotalAlloc)
}

func FuzzSplitter(f *testing.F) {
	all, _ := stream(8, 100, 20_000)
	f.Add(all, uint64(1))
	f.Add([]byte{0, 0, 0, 8, 0, 3, 1, 1, 1, 1, 1, 1, 0xff, 0xff, 0xff, 0xff}, uint64(2))
	f.Fuzz(func(t *testing.T, in []byte, seed uint64) {
		caps := Caps{Produce: 1 << 20, Control: 1 << 12}
		var whole, cut [][]byte
		a := NewSplitter(caps).Feed(in, func(f []byte) { whole = append(whole, f) })
		rng, s := rand.New(rand.NewPCG(seed, 3)), NewSplitter(caps)
		var b error
		for rest := in; len(rest) > 0 && b == nil; {
			n := 1 + rng.IntN(len(rest))
			b = s.Feed(rest[:n], func(f []byte) { cut = append(cut, f) })
			rest = rest[n:]
		}
		if (a == nil) != (b == nil) {
			t.Fatalf("whole: %v, cut: %v", a, b)
		}
		sameFrames(t, cut, whole)
	})
}

func TestAResponseMayBeShorterThanAnyRequestAndLargerThanTheirCaps(t *testing.T) {
	all, want := stream(minAnswer, 5, 7, DefaultCaps.Produce+1)
	var got [][]byte
	if err := NewResponseSplitter().Feed(all, func(f []byte) { got = append(got, f) }); err != nil {
		t.Fatal(err)
	}
	sameFrames(t, got, want)
	for _, n := range []uint32{minAnswer - 1, MaxResponse + 1} {
		var bad *FrameError
		if err := NewResponseSplitter().Feed(binary.BigEndian.AppendUint32(nil, n), nil); !errors.As(err, &bad) {
			t.Errorf("a response of %d bytes: %v", n, err)
		}
	}
}
