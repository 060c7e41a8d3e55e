package main

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"strings"
	"testing"
)

// Between node and tool stands a proxy that damages a value on its way.
func TestADamagedRecordIsReportedWithItsOffsetAndNothingBeyondIsRead(t *testing.T) {
	addr := damaging(t, "precious", "precioux")
	at := tool(addr)
	at.ok(t, "", "topic", "create", "-t", "crc")
	for _, value := range []string{"first\n", "second\n", "precious\n", "last\n"} {
		at.ok(t, value, "produce", "-t", "crc")
	}
	out, errs := at.fails(t, exitCorrupt, "", "consume", "-t", "crc", "--from-beginning", "-e")
	if out != "first\nsecond\n" || !strings.Contains(errs, "crc-0: corrupt record at offset 2") {
		t.Errorf("printed %q, said %q", out, errs)
	}
	out, errs = at.fails(t, 1, "", "bench", "fetch", "-t", "crc")
	if !strings.Contains(errs, "partition 0 at offset 2") {
		t.Errorf("bench printed %q, said %q", out, errs)
	}
	if out := at.ok(t, "", "consume", "-t", "crc", "-o", "3", "-e"); out != "last\n" {
		t.Errorf("beyond it there is %q", out)
	}
}

// damaging starts a node whose responses have bad instead of good.
func damaging(t *testing.T, good, bad string) (addr string) {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	node := startNode(t, "advertised.listeners=PLAINTEXT://"+l.Addr().String())
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return // the test is over
			}
			go pipe(c, node, []byte(good), []byte(bad))
		}
	}()
	return l.Addr().String()
}

// pipe carries one connection, until either side ends it.
func pipe(c net.Conn, to string, good, bad []byte) error {
	defer c.Close()
	s, err := net.Dial("tcp", to)
	if err != nil {
		return err
	}
	defer s.Close()
	go func() {
		io.Copy(s, c)
		s.Close()
	}()
	for {
		var size [4]byte
		if _, err := io.ReadFull(s, size[:]); err != nil {
			return err
		}
		frame := make([]byte, binary.BigEndian.Uint32(size[:]))
		_, rerr := io.ReadFull(s, frame)
		_, werr := c.Write(append(size[:], bytes.ReplaceAll(frame, good, bad)...))
		if err := errors.Join(rerr, werr); err != nil {
			return err
		}
	}
}
