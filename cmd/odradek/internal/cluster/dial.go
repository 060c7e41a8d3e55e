package cluster

import (
	"context"
	"errors"
	"fmt"
	"net"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Flags are what every tool that talks to a cluster has. They are a struct for
// kong to embed.
type Flags struct {
	BootstrapServer []string      `short:"b" help:"Brokers to ask first, host:port." default:"127.0.0.1:9092" placeholder:"HOST:PORT"`
	RequestTimeout  time.Duration `help:"How long a request may take." default:"10s"`
}

const (
	dialLimit   = 3 * time.Second
	retryAfter  = 20 * time.Millisecond
	metadataAge = 10 * time.Millisecond // between two looks at the metadata; kgo's least
	defaultPort = "9092"
)

// Context ends with the patience that the flags give.
func (f Flags) Context() (context.Context, context.CancelFunc) {
	return context.WithTimeout(context.Background(), f.RequestTimeout)
}

// Ask dials, and lets do ask; all of it within the patience that the flags give.
func (f Flags) Ask(do func(context.Context, *kgo.Client) error) error {
	ctx, cancel := f.Context()
	defer cancel()
	cl, err := f.Dial(ctx)
	if err != nil {
		return err
	}
	defer cl.Close()
	return do(ctx, cl)
}

// Dial makes a client once one of the brokers accepts a connection. Its error
// tells for each of them why it does not.
func (f Flags) Dial(ctx context.Context, opts ...kgo.Opt) (*kgo.Client, error) {
	addrs, err := f.reach(ctx)
	if err != nil {
		return nil, err
	}
	all := append([]kgo.Opt{
		kgo.SeedBrokers(addrs...),
		kgo.ClientID("odradek"),
		kgo.DialTimeout(dialLimit),
		kgo.RetryTimeout(f.RequestTimeout),
		kgo.RetryBackoffFn(func(int) time.Duration { return retryAfter }),
		kgo.MetadataMinAge(metadataAge),
		kgo.DisableClientMetrics(),
	}, opts...)
	cl, err := kgo.NewClient(all...)
	if err != nil {
		return nil, fmt.Errorf("client: %w", err)
	}
	return cl, nil
}

// reach returns the brokers' addresses if one of them accepts a connection.
func (f Flags) reach(ctx context.Context) ([]string, error) {
	var failed []error
	var addrs []string
	reached := false
	for _, s := range f.BootstrapServer {
		addr := withPort(s)
		addrs = append(addrs, addr)
		if reached {
			continue
		}
		if err := knock(ctx, addr); err != nil {
			failed = append(failed, err)
			continue
		}
		reached = true
	}
	if !reached {
		return nil, fmt.Errorf("no broker answers: %w", errors.Join(failed...))
	}
	return addrs, nil
}

func withPort(s string) string {
	if _, _, err := net.SplitHostPort(s); err != nil {
		return net.JoinHostPort(s, defaultPort)
	}
	return s
}

func knock(ctx context.Context, addr string) error {
	d := net.Dialer{Timeout: dialLimit}
	c, err := d.DialContext(ctx, "tcp", addr)
	if err != nil {
		return err
	}
	return c.Close()
}
