package host

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"odradek/node/env"
)

// library is a machine with one file of content, whose ranges it sends.
//
//	"range":   head, the whole file, tail
//	"vanish":  the same, then the file is removed and closed
//	"beyond":  a range longer than the file
//	"nothing": a range of a file that is not open
type library struct {
	path    string
	content []byte
	file    env.FileID
	written bool
	early   []env.Event   // requests before that
	closed  chan struct{} // the disk operation of "vanish" is complete
}

func (l *library) step(now env.Time, ev env.Event, out *env.Outbox) {
	switch ev := ev.(type) {
	case env.Started:
		l.file = out.NewFile()
		out.Disk(env.Disk{Kind: env.Open, File: l.file, Path: l.path, Flags: env.Create})
		out.Disk(env.Disk{Kind: env.Write, File: l.file, Data: l.content})
	case env.Request:
		if !l.written {
			l.early = append(l.early, ev)
			return
		}
		l.serve(ev, out)
	case *env.DiskDone:
		switch ev.Kind {
		case env.Write:
			l.written = true
			for _, r := range l.early {
				l.serve(r, out)
			}
		case env.Close:
			l.closed <- struct{}{}
		}
	}
}

func (l *library) serve(ev env.Event, out *env.Outbox) {
	conn, text, _ := request(ev)
	switch text {
	case "range":
		l.reply(out, conn, l.file, len(l.content))
	case "vanish":
		l.reply(out, conn, l.file, len(l.content))
		out.Disk(env.Disk{Kind: env.Remove, Path: l.path})
		out.Disk(env.Disk{Kind: env.Close, File: l.file})
	case "beyond":
		l.reply(out, conn, l.file, len(l.content)+1)
	case "nothing":
		l.reply(out, conn, out.NewFile(), 1)
	case "hello":
		answer(out, conn, "hello")
	}
}

func (l *library) reply(out *env.Outbox, conn env.ConnID, f env.FileID, size int) {
	out.Emit(&env.Reply{Conn: conn, Parts: []env.Part{
		{Bytes: []byte("head ")}, {Bytes: []byte("of it")}, {File: f, Len: size}, {Bytes: []byte("tail")},
		{File: f, Off: 3, Len: 4},
	}})
}

// counting counts the files that are open.
type counting struct {
	Layer
	open atomic.Int32
}

type countedFile struct {
	*osFile
	of *counting
}

func (l *counting) Open(path string, flags int) (File, int64, error) {
	f, size, err := l.Layer.Open(path, flags)
	if err != nil {
		return nil, 0, err
	}
	l.open.Add(1)
	return &countedFile{f.(*osFile), l}, size, nil
}

func (f *countedFile) Close() error {
	f.of.open.Add(-1)
	return f.osFile.Close()
}

func newLibrary(t *testing.T, size int) (*library, *counting) {
	content := bytes.Repeat([]byte("0123456789abcde\n"), size/16)
	l := &library{path: t.TempDir() + "/content", content: content, closed: make(chan struct{}, 9)}
	return l, &counting{Layer: osLayer{}}
}

func (c *client) expectRange(l *library) {
	c.t.Helper()
	want := "head of it" + string(l.content) + "tail" + string(l.content[3:7])
	got := make([]byte, len(want))
	if n, err := io.ReadFull(c, got); err != nil || string(got) != want {
		c.t.Fatalf("%d bytes, %v", n, err)
	}
}

func TestRangesAreSentBetweenBytesOfMemory(t *testing.T) {
	l, layer := newLibrary(t, 8<<20)
	c := startNode(t, Config{Layer: layer}, lifecycle(l.step)).dial(t)
	for range 3 {
		c.send("hello", "range", "hello")
		expect(t, c.receive(), "hello")
		c.expectRange(l)
		expect(t, c.receive(), "hello")
	}
}

func TestARangeIsSentToItsEndThoughItsFileIsRemovedAndClosed(t *testing.T) {
	l, layer := newLibrary(t, 64<<20)
	n := startNode(t, Config{Layer: layer}, lifecycle(l.step))
	c, other := n.dial(t), n.dial(t)
	c.send("vanish")
	// One byte shows that the reply is on its way; far from all of it fits
	// into the buffers between.
	if _, err := io.ReadFull(c, make([]byte, 1)); err != nil {
		t.Fatal(err)
	}
	expect(t, other.ask("hello"), "hello")
	rest := make([]byte, len(l.content)+17)
	if n, err := io.ReadFull(c, rest); err != nil || !bytes.Contains(rest, l.content) {
		t.Fatalf("%d bytes, %v", n, err)
	}
	expect(t, c.ask("hello"), "hello")
	soon(t, l.closed)
	if open := layer.open.Load(); open != 0 {
		t.Fatalf("%d files are open", open)
	}
}

func TestAFileShorterThanPromisedEndsTheConnection(t *testing.T) {
	l, layer := newLibrary(t, 1<<20)
	n := startNode(t, Config{Layer: layer}, lifecycle(l.step))
	c := n.dial(t)
	c.send("hello", "beyond", "hello")
	expect(t, c.receive(), "hello")
	rest, _ := io.ReadAll(c)
	if bytes.Contains(rest, []byte("tail")) {
		t.Fatal("bytes came after the hole")
	}
	if !n.logged("shorter than the range") {
		t.Fatalf("lines %q", n.lines)
	}
}

func TestARangeOfNoFileEndsTheConnectionAfterTheRepliesBefore(t *testing.T) {
	l, layer := newLibrary(t, 16)
	n := startNode(t, Config{Layer: layer}, lifecycle(l.step))
	c := n.dial(t)
	c.send("hello", "nothing", "hello")
	expect(t, c.receive(), "hello")
	c.expectEnd()
}

func TestAClientThatGivesUpInTheMiddleOfARangeFreesItsFile(t *testing.T) {
	for name, giveUp := range map[string]func(*client){
		"resets":            func(c *client) { _ = c.SetLinger(0); _ = c.Close() },
		"takes no more":     func(*client) {},
		"closes its socket": func(c *client) { _ = c.Close() },
	} {
		t.Run(name, func(t *testing.T) {
			l, layer := newLibrary(t, 64<<20)
			step, closed := lives()
			n := startNode(t, Config{Layer: layer, WriteTimeout: time.Second}, lifecycle(func(now env.Time, ev env.Event, out *env.Outbox) {
				l.step(now, ev, out)
				if _, ok := ev.(env.Request); !ok {
					step(now, ev, out)
				}
			}))
			c := n.dial(t)
			c.send("range", "vanish")
			_, _ = io.ReadFull(c, make([]byte, 1))
			giveUp(c)
			soon(t, closed)
			soon(t, l.closed)
			if open := layer.open.Load(); open != 0 {
				t.Fatalf("%d files are open", open)
			}
		})
	}
}

func TestRangesOfALayerWithoutDescriptorsAreCopied(t *testing.T) {
	l := &library{path: "d/content", content: bytes.Repeat([]byte("0123456789abcde\n"), 1<<16)}
	m := newMemory("d")
	n := startNode(t, Config{Layer: m}, lifecycle(l.step))
	c := n.dial(t)
	c.send("range", "beyond")
	c.expectRange(l)
	c.expectEnd()
	failOnce(m, "read", errors.New("a bad sector"))
	c = n.dial(t)
	c.send("range")
	if rest, _ := io.ReadAll(c); !strings.HasPrefix("head of it", string(rest)) {
		t.Fatalf("%d bytes came", len(rest))
	}
	if !n.logged("a bad sector") {
		t.Fatalf("lines %q", n.lines)
	}
}
