package main

import (
	"context"
	crand "crypto/rand"
	"encoding/binary"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"net"
	"os"
	"os/signal"
	"runtime/pprof"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"time"

	"odradek/node/broker"
	"odradek/node/config"
	"odradek/node/env"
	"odradek/node/host"
	"odradek/node/wire"
)

// serveCmd runs one node until it is told to end.
type serveCmd struct {
	Config   string   `help:"A server.properties file." type:"existingfile"`
	Override []string `help:"A property over those of the file, key=value. Repeatable." placeholder:"KEY=VALUE" sep:"none"`
	Profile  string   `help:"Write a CPU profile of the whole run to this file." placeholder:"FILE"`
	Debug    string   `help:"Show profiles and what the process uses at this address, by HTTP." placeholder:"HOST:PORT"`
	Data     string   `help:"Folder of the data; instead of log.dirs." placeholder:"DIR"`
}

// Run serves.
func (c *serveCmd) Run() error {
	settings, err := c.settings()
	if err != nil {
		return err
	}
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	if err := nameHosts(settings); err != nil {
		return err
	}
	machines, err := broker.New(settings, seeded())
	if err != nil {
		return err
	}
	stop, err := profile(c.Profile)
	if err != nil {
		return err
	}
	closeDebug, err := debugDoor(c.Debug)
	if err != nil {
		return errors.Join(err, stop())
	}
	return errors.Join(host.Run(ctx, hostConfig(settings), machines), closeDebug(), stop())
}

// profile begins a CPU profile, if a file is named; stop ends it.
func profile(name string) (stop func() error, err error) {
	if name == "" {
		return func() error { return nil }, nil
	}
	f, err := os.Create(name)
	if err != nil {
		return nil, fmt.Errorf("profile: %w", err)
	}
	if err := pprof.StartCPUProfile(f); err != nil {
		return nil, errors.Join(fmt.Errorf("profile: %w", err), f.Close())
	}
	return func() error {
		pprof.StopCPUProfile()
		return f.Close()
	}, nil
}

// settings are those of the file, with the overrides, and --data over log.dirs
// where neither names one.
func (c *serveCmd) settings() (*config.Broker, error) {
	over, err := c.overrides()
	if err != nil {
		return nil, err
	}
	given := laptop(c.Data, over)
	if c.Config != "" {
		text, err := os.ReadFile(c.Config)
		if err != nil {
			return nil, fmt.Errorf("configuration: %w", err)
		}
		if given, err = config.Parse(string(text)); err != nil {
			return nil, fmt.Errorf("%s: %w", c.Config, err)
		}
		if c.Data != "" {
			given = append(given, config.Setting{Key: "log.dirs", Value: c.Data})
		}
	}
	b, warnings, err := config.Load(given, over)
	for _, w := range warnings {
		logLine(env.Warn, w.String())
	}
	return b, err
}

func (c *serveCmd) overrides() (over []config.Setting, err error) {
	for _, text := range c.Override {
		key, value, ok := strings.Cut(text, "=")
		if !ok {
			return nil, fmt.Errorf("override %q is not of the form key=value", text)
		}
		over = append(over, config.Setting{Key: key, Value: value})
	}
	return over, nil
}

// nameHosts puts the machine's name where others are told no host.
func nameHosts(b *config.Broker) error {
	for _, list := range [][]config.Listener{b.Advertised, b.Reached} {
		for i := range list {
			if list[i].Host != "" {
				continue
			}
			name, err := os.Hostname()
			if err != nil {
				return fmt.Errorf("advertised.listeners has no host: %w", err)
			}
			list[i].Host = name
		}
	}
	return nil
}

// laptop is the configuration without a file: one node on loopback. Where the
// overrides give listeners, and none for controllers, it has none: nobody can join.
func laptop(data string, over []config.Setting) []config.Setting {
	if data == "" {
		data = "data"
	}
	given := alone("127.0.0.1", data)
	at := slices.IndexFunc(over, func(s config.Setting) bool { return s.Key == "listeners" })
	if at < 0 || strings.Contains(strings.ToUpper(over[at].Value), "CONTROLLER:") {
		return given
	}
	return slices.DeleteFunc(given, func(s config.Setting) bool { return strings.HasPrefix(s.Key, "controller.") })
}

// alone is the configuration of a node that is its own quorum.
func alone(host, data string) []config.Setting {
	return []config.Setting{
		{Key: "node.id", Value: "1"},
		{Key: "process.roles", Value: "broker,controller"},
		{Key: "controller.quorum.voters", Value: "1@" + host + ":9093"},
		{Key: "controller.listener.names", Value: "CONTROLLER"},
		{Key: "listeners", Value: "PLAINTEXT://" + host + ":9092,CONTROLLER://" + host + ":9093"},
		{Key: "log.dirs", Value: data},
	}
}

// seeded draws what nobody can guess: the node's ids come from it.
func seeded() *rand.Rand {
	var seed [16]byte
	_, _ = crand.Read(seed[:]) // never fails
	return rand.New(rand.NewPCG(binary.LittleEndian.Uint64(seed[:]), binary.LittleEndian.Uint64(seed[8:])))
}

func hostConfig(b *config.Broker) host.Config {
	c := host.Config{
		Log:            logLine,
		Caps:           wire.Caps{Produce: b.RequestMaxBytes, Control: min(b.RequestMaxBytes, wire.DefaultCaps.Control)},
		MaxConnections: b.MaxConnections, MaxConnectionsPerIP: b.MaxConnectionsPerIP,
		SendBuffer: b.SendBufferBytes, ReceiveBuffer: b.ReceiveBufferBytes,
		IdleTimeout: idle(b.ConnectionIdleMs),
	}
	for _, l := range slices.Concat(b.Listeners, b.Controllers) {
		c.Listeners = append(c.Listeners, host.Listener{
			Name: l.Name, Addr: net.JoinHostPort(l.Host, strconv.Itoa(l.Port)),
			Controller: slices.Contains(b.Controllers, l),
		})
	}
	c.OnReady = func(addrs []net.Addr) { logLine(env.Info, fmt.Sprintf("ready at %v", addrs)) }
	return c
}

// idle is connections.max.idle.ms, negative for never.
func idle(ms int64) time.Duration {
	if ms < 0 {
		return math.MaxInt64
	}
	return time.Duration(min(ms, math.MaxInt64/int64(time.Millisecond))) * time.Millisecond
}

func logLine(level env.Level, text string) {
	names := [...]string{"DEBUG", "INFO", "WARN", "ERROR"}
	fmt.Fprintf(os.Stderr, "%s %-5s %s\n", time.Now().Format(time.RFC3339Nano), names[level], text)
}
