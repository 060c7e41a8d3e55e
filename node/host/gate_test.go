package host

import "testing"

func newGate() *gate {
	g := &gate{}
	g.changed.L = &g.mu
	return g
}

func TestAClientHasOnlySoManyFramesInTheMailbox(t *testing.T) {
	g := newGate()
	for range waitingFrames {
		g.enter(10)
	}
	passed := make(chan bool)
	go func() { passed <- g.enter(10) }()
	select {
	case <-passed:
		t.Fatal("one frame too many")
	default:
	}
	g.taken(10)
	if !soon(t, passed) || g.frames != waitingFrames {
		t.Fatalf("%d frames", g.frames)
	}
}

func TestAClientHasOnlySoManyBytesInTheMailbox(t *testing.T) {
	g := newGate()
	g.enter(waitingBytes - 1)
	g.enter(waitingBytes)
	if !g.holds() {
		t.Fatal("it takes more")
	}
	g.taken(waitingBytes)
	if g.holds() || !g.opens() {
		t.Fatal("it takes nothing more")
	}
}

func TestAShutGateLetsTheReaderGo(t *testing.T) {
	g := newGate()
	g.pause(true)
	passed := make(chan bool)
	go func() { passed <- g.opens() }()
	g.close(func() {})
	if soon(t, passed) || g.enter(1) || g.unlessShut(func() { t.Error("it is shut") }) {
		t.Fatal("a frame passed")
	}
}
