package host

import "sync"

// Bounds of what one connection may have in the mailbox, so that a client that
// sends faster than its machine steps holds back only itself.
const (
	waitingFrames = 64
	waitingBytes  = 2 << 20
)

// gate stands between a connection's reader and the mailbox.
type gate struct {
	mu      sync.Mutex
	changed sync.Cond
	frames  int // in the mailbox
	bytes   int
	paused  bool
	shut    bool
}

func (g *gate) holds() bool {
	return g.paused || g.frames >= waitingFrames || g.bytes >= waitingBytes
}

// opens waits until a frame may pass. false: it is shut for good.
func (g *gate) opens() bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	return g.wait()
}

// enter waits likewise, and counts a frame that passes.
func (g *gate) enter(size int) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.wait() {
		return false
	}
	g.frames++
	g.bytes += size
	return true
}

func (g *gate) wait() bool {
	for g.holds() && !g.shut {
		g.changed.Wait()
	}
	return !g.shut
}

// taken says that the machine was given a frame.
func (g *gate) taken(size int) {
	g.mu.Lock()
	was := g.holds()
	g.frames--
	g.bytes -= size
	g.mu.Unlock()
	if was {
		g.changed.Signal()
	}
}

func (g *gate) pause(on bool) {
	g.mu.Lock()
	g.paused = on
	g.mu.Unlock()
	g.changed.Signal()
}

// close shuts the gate for good; then runs as part of it.
func (g *gate) close(then func()) {
	g.mu.Lock()
	g.shut = true
	then()
	g.mu.Unlock()
	g.changed.Signal()
}

// unlessShut runs f while the gate cannot be shut.
func (g *gate) unlessShut(f func()) bool {
	g.mu.Lock()
	defer g.mu.Unlock()
	if !g.shut {
		f()
	}
	return !g.shut
}
