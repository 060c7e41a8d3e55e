package host

import (
	"fmt"
	"io"
	"net"
	"testing"
)

var benchClients = []int{1, 16}

// BenchmarkEcho is one request and its reply, over TCP, with so many clients
// that ask one after the other.
func BenchmarkEcho(b *testing.B) {
	for _, clients := range benchClients {
		b.Run(fmt.Sprint(clients, "clients"), func(b *testing.B) {
			ping(b, startNode(b, Config{}, lifecycle(echo)), clients)
		})
	}
}

// BenchmarkPipelinedEcho is one client that does not wait for replies.
func BenchmarkPipelinedEcho(b *testing.B) {
	c := startNode(b, Config{}, lifecycle(echo)).dial(b)
	frame := framed("ping ping ping")
	const window = 32
	many := make([]byte, 0, window*len(frame))
	for range window {
		many = append(many, frame...)
	}
	b.ReportAllocs()
	go func() {
		for i := 0; i < b.N; i += window {
			_, _ = c.Write(many)
		}
	}()
	reply := make([]byte, len(many))
	for i := 0; i < b.N; i += window {
		if _, err := io.ReadFull(c, reply); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkWriteSyncReply is a request that is answered when it is on disk.
func BenchmarkWriteSyncReply(b *testing.B) {
	for _, clients := range benchClients {
		b.Run(fmt.Sprint(clients, "clients"), func(b *testing.B) {
			j := &journal{path: b.TempDir() + "/log"}
			ping(b, startNode(b, Config{}, lifecycle(j.step)), clients)
		})
	}
}

// BenchmarkRange is a megabyte of a file.
func BenchmarkRange(b *testing.B) {
	l := &library{path: b.TempDir() + "/content", content: make([]byte, 1<<20), closed: make(chan struct{}, 1)}
	c := startNode(b, Config{}, lifecycle(l.step)).dial(b)
	b.SetBytes(1 << 20)
	reply := make([]byte, 10+1<<20+4+4)
	for range b.N {
		c.send("range")
		if _, err := io.ReadFull(c, reply); err != nil {
			b.Fatal(err)
		}
	}
}

// ping lets clients share b.N requests.
func ping(b *testing.B, n *node, clients int) {
	frame := framed("ping ping ping")
	turns := make(chan struct{}, b.N)
	for range b.N {
		turns <- struct{}{}
	}
	close(turns)
	ended := make(chan error)
	var all []net.Conn
	for range clients {
		all = append(all, n.dial(b).TCPConn)
	}
	b.ReportAllocs()
	b.ResetTimer()
	for _, c := range all {
		go func() { ended <- turnsOf(c, frame, turns) }()
	}
	for range clients {
		if err := <-ended; err != nil {
			b.Error(err)
		}
	}
	b.StopTimer()
}

func turnsOf(c net.Conn, frame []byte, turns <-chan struct{}) error {
	var header [4]byte
	for range turns {
		if _, err := c.Write(frame); err != nil {
			return err
		}
		if _, err := io.ReadFull(c, header[:]); err != nil {
			return err
		}
		if _, err := io.CopyN(io.Discard, c, int64(header[3])); err != nil {
			return err
		}
	}
	return nil
}
