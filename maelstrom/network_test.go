package maelstrom

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"io"
	"math/rand/v2"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"

	"go.uber.org/goleak"
)

// air carries lines between networks: each late by a chance of its own, and not
// at all while it is cut.
type air struct {
	late    time.Duration // at most
	cut     atomic.Bool
	mu      sync.Mutex
	rng     *rand.Rand
	to      map[string]*Network
	flights sync.WaitGroup
}

func (a *air) Write(p []byte) (int, error) {
	for line := range bytes.Lines(p) {
		m, _, err := decode(bytes.Clone(line))
		var g segment
		if err != nil || json.Unmarshal(m.Body, &g) != nil {
			return 0, errors.New("not a segment: " + string(line))
		}
		if a.cut.Load() {
			continue
		}
		a.mu.Lock()
		wait := time.Duration(a.rng.Int64N(int64(a.late)))
		a.mu.Unlock()
		a.flights.Go(func() {
			time.Sleep(wait) // the flight of a message, not a wait of the test
			if !a.cut.Load() {
				a.to[m.Dest].deliver(m.Src, &g)
			}
		})
	}
	return len(p), nil
}

// pair makes the networks of n1 and n2, with air between them.
func pair(t *testing.T, late, patience time.Duration) (*Network, *Network, *air) {
	t.Cleanup(func() { goleak.VerifyNone(t) })
	a := &air{late: late, rng: rand.New(rand.NewPCG(1, 2)), to: map[string]*Network{}}
	ctx, cancel := context.WithCancel(context.Background())
	var running sync.WaitGroup
	var posts []*post
	for _, id := range []string{"n1", "n2"} {
		p := newPost(a)
		n := newNetwork(id, []string{"n1", "n2"}, patience, p)
		a.to[id] = n
		posts = append(posts, p)
		running.Go(func() { n.run(ctx) })
		running.Go(func() {
			if err := p.carry(); err != nil {
				t.Error(err)
			}
		})
	}
	t.Cleanup(func() {
		cancel()
		for _, p := range posts {
			p.close()
		}
		running.Wait()
		a.flights.Wait()
	})
	return a.to["n1"], a.to["n2"], a
}

// connect makes a connection from n1 to a port of another network.
func connect(t *testing.T, from, to *Network) (dialed, accepted net.Conn) {
	t.Helper()
	d, err := to.Listen(context.Background(), to.self+":9092")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	if dialed, err = from.Dial(context.Background(), to.self+":9092"); err != nil {
		t.Fatal(err)
	}
	if accepted, err = d.Accept(); err != nil {
		t.Fatal(err)
	}
	return dialed, accepted
}

func TestBytesArriveWholeAndInOrderThoughMessagesDoNot(t *testing.T) {
	n1, n2, _ := pair(t, 20*time.Millisecond, Patience)
	for _, far := range []*Network{n2, n1} { // n1 also reaches itself
		a, b := connect(t, n1, far)
		sent := make([]byte, 3*windowMost)
		rand.NewChaCha8([32]byte{}).Read(sent)
		go func() {
			_, _ = a.Write(sent)
			_ = a.(*stream).CloseWrite()
		}()
		got, err := io.ReadAll(b)
		if err != nil || !bytes.Equal(got, sent) {
			t.Fatalf("%d of %d bytes, %v", len(got), len(sent), err)
		}
		if _, err := b.Write([]byte("back")); err != nil {
			t.Fatal(err)
		}
		back := make([]byte, 4)
		if _, err := io.ReadFull(a, back); err != nil || string(back) != "back" {
			t.Fatalf("%q, %v", back, err)
		}
		_, _ = a.Close(), b.Close()
	}
}

func TestAWriterWaitsForAReaderThatIsSlow(t *testing.T) {
	n1, n2, _ := pair(t, time.Millisecond, Patience)
	a, b := connect(t, n1, n2)
	_ = a.SetWriteDeadline(time.Now().Add(300 * time.Millisecond))
	n, err := a.Write(make([]byte, 4*windowMost))
	if !errors.Is(err, os.ErrDeadlineExceeded) || n > windowMost+segmentMost+unsentMost {
		t.Fatalf("%d bytes were written that nobody reads, %v", n, err)
	}
	go func() { _ = a.Close() }()
	if got, err := io.Copy(io.Discard, b); err != nil || got != int64(n) {
		t.Fatalf("%d of %d bytes, %v", got, n, err)
	}
}

func TestALostMessageEndsTheConnectionAtBothEnds(t *testing.T) {
	n1, n2, air := pair(t, time.Millisecond, 400*time.Millisecond)
	a, b := connect(t, n1, n2)
	air.cut.Store(true)
	if _, err := a.Write([]byte("lost")); err != nil {
		t.Fatal(err)
	}
	if _, err := io.ReadAll(a); !errors.Is(err, syscall.ECONNRESET) {
		t.Fatalf("the end that sent saw %v", err)
	}
	air.cut.Store(false)
	if _, err := b.Write([]byte("hello?")); err != nil {
		t.Fatal(err)
	}
	if got, err := io.ReadAll(b); !errors.Is(err, syscall.ECONNRESET) || len(got) > 0 {
		t.Fatalf("the other end saw %q, %v", got, err)
	}
	connect(t, n1, n2) // and another connection can be had
}

func TestANumberThatStaysMissingEndsTheConnection(t *testing.T) {
	_, n2, _ := pair(t, time.Millisecond, 300*time.Millisecond)
	d, err := n2.Listen(context.Background(), "n2:9092")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	n2.deliver("n1", &segment{ID: 5, Dialer: true, Open: "9092", Seq: 1})
	c, err := d.Accept()
	if err != nil {
		t.Fatal(err)
	}
	n2.deliver("n1", &segment{ID: 5, Dialer: true, Seq: 3, Ack: 0, Data: []byte("third")})
	if got, err := io.ReadAll(c); !errors.Is(err, errGap) || len(got) > 0 {
		t.Fatalf("%q, %v", got, err)
	}
}

func TestNobodyIsReachedWhereNobodyListens(t *testing.T) {
	n1, n2, air := pair(t, time.Millisecond, 300*time.Millisecond)
	if _, err := n1.Dial(context.Background(), "n2:9092"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a port without a listener: %v", err)
	}
	if _, err := n1.Dial(context.Background(), "n3:9092"); !errors.Is(err, errStranger) {
		t.Errorf("a node of another cluster: %v", err)
	}
	if _, err := n1.Listen(context.Background(), "n2:9092"); !errors.Is(err, syscall.EADDRINUSE) {
		t.Errorf("another node's address: %v", err)
	}
	d, err := n2.Listen(context.Background(), "n2:9092")
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	air.cut.Store(true)
	if _, err := n1.Dial(context.Background(), "n2:9092"); !errors.Is(err, syscall.ECONNREFUSED) {
		t.Errorf("a node that is cut off: %v", err)
	}
}
