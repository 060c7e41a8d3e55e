package main

import (
	"context"
	crand "crypto/rand"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"net"
	"os"
	"os/signal"
	"strconv"
	"syscall"
	"time"

	"odradek/node/broker"
	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/host"
)

// serveCmd runs one node until it is told to end.
type serveCmd struct {
	Config   string   `help:"A server.properties file." type:"existingfile"`
	Override []string `help:"A property over those of the file, key=value. Repeatable." placeholder:"KEY=VALUE"`
	Data     string   `help:"Folder of the data; instead of log.dirs." default:"data"`
}

// Run serves.
func (c *serveCmd) Run() error {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	settings := &config.Broker{NodeID: 1, LogDirs: []string{c.Data}, NumShards: 1, NumPartitions: 1, ReplicationFactor: 1,
		AutoCreateTopics: true, DeleteTopics: true, FetchMaxBytes: 57671680, FetchSessionSlots: 1000,
		RetentionCheckMs: 300000, ProducerExpirationMs: 86400000,
		Listeners:  []config.Listener{{Name: "PLAINTEXT", Host: "127.0.0.1", Port: 9092}},
		Advertised: []config.Listener{{Name: "PLAINTEXT", Host: "127.0.0.1", Port: 9092}}}
	machines, err := broker.New(settings, seeded())
	if err != nil {
		return err
	}
	return host.Run(ctx, hostConfig(settings), machines)
}

// seeded draws what nobody can guess: the node's ids come from it.
func seeded() *rand.Rand {
	var seed [16]byte
	_, _ = crand.Read(seed[:]) // never fails
	return rand.New(rand.NewPCG(binary.LittleEndian.Uint64(seed[:]), binary.LittleEndian.Uint64(seed[8:])))
}

func hostConfig(b *config.Broker) host.Config {
	c := host.Config{Log: logLine}
	for _, l := range b.Listeners {
		c.Listeners = append(c.Listeners, host.Listener{Name: l.Name, Addr: net.JoinHostPort(l.Host, strconv.Itoa(l.Port))})
	}
	c.OnReady = func(addrs []net.Addr) { logLine(env.Info, fmt.Sprintf("ready at %v", addrs)) }
	return c
}

func logLine(level env.Level, text string) {
	names := [...]string{"DEBUG", "INFO", "WARN", "ERROR"}
	fmt.Fprintf(os.Stderr, "%s %-5s %s\n", time.Now().Format(time.RFC3339Nano), names[level], text)
}
