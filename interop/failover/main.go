// Command failover measures how long a producer is without its partition when
// the leader of that partition goes away.
//
//	go run ./interop/failover [-rounds 20] [-how kill,term,stop,hole] [-victim leader,controller] [-set KEY=VALUE]
//
//	three nodes --> one record each 5 ms (franz-go, acks=all) --> hurt the leader
//	              ack ack ack ................................ ack ack ack
//	                          \---- unavailable: longest gap --/
//
//	main.go    flags, the table
//	round.go   one failure, and what the producer saw of it
//	probe.go   the producer
//	network.go networks that can become black holes
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"maps"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"
	"time"

	"odradek/interop/local"
)

type options struct {
	odradek string
	rounds  int
	how     string
	victims string
	age     time.Duration
	dir     string
	set     map[string]string
}

func main() {
	o := options{set: map[string]string{"default.replication.factor": "3", "min.insync.replicas": "2"}}
	flag.StringVar(&o.odradek, "odradek", "bin/odradek", "the binary")
	flag.IntVar(&o.rounds, "rounds", 20, "failures of each kind")
	flag.StringVar(&o.how, "how", "kill,term,stop", "kinds of failure: kill (SIGKILL), term (SIGTERM), stop (SIGSTOP), hole (its network is a black hole; needs root)")
	flag.StringVar(&o.victims, "victim", "leader,controller", "who is hurt: a leader that is not, or is, the active controller")
	flag.DurationVar(&o.age, "metadata-min-age", 0, "franz-go's MetadataMinAge; 0: its default")
	flag.StringVar(&o.dir, "dir", os.TempDir(), "where the nodes' data go")
	flag.Func("set", "a property of the nodes, KEY=VALUE; repeatable", func(text string) error {
		key, value, ok := strings.Cut(text, "=")
		if !ok {
			return errors.New("not of the form KEY=VALUE")
		}
		o.set[key] = value
		return nil
	})
	flag.Parse()
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	err := o.run(ctx)
	cancel()
	if err != nil {
		fmt.Fprintln(os.Stderr, "failover:", err)
		os.Exit(1)
	}
}

func (o *options) run(ctx context.Context) error {
	fmt.Printf("settings: %s\n", pairs(o.set))
	for how := range strings.SplitSeq(o.how, ",") {
		if signals[how] == 0 && how != hole {
			return fmt.Errorf("no kind of failure is named %q", how)
		}
		for victim := range strings.SplitSeq(o.victims, ",") {
			if err := o.series(ctx, how, victim == "controller"); err != nil {
				return fmt.Errorf("%s of the %s: %w", how, victim, err)
			}
		}
	}
	return nil
}

// series is one line of the table, of a cluster of its own.
func (o *options) series(ctx context.Context, how string, controller bool) (err error) {
	dir, err := os.MkdirTemp(o.dir, "odradek-failover.")
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	setup := local.Setup{Binary: o.odradek, Dir: dir, Nodes: 3, Properties: o.set}
	var net *network
	if how == hole {
		if net, err = newNetwork(setup.Nodes); err != nil {
			return err
		}
		defer func() { err = errors.Join(err, net.close()) }()
		setup.Addrs, setup.Under = net.addrs(), net.under
	}
	c, err := local.Start(ctx, setup)
	if err != nil {
		return err
	}
	defer func() { err = errors.Join(err, c.Stop()) }()
	s, err := newSeries(ctx, o, c, net)
	if err != nil {
		return err
	}
	defer s.close()
	var gaps, moves []time.Duration
	for range o.rounds {
		cost, err := s.round(ctx, how, controller)
		if err != nil {
			return err
		}
		gaps, moves = append(gaps, cost.gap), append(moves, cost.moved)
	}
	fmt.Printf("%-4s controller=%-5v the producer waits: %s\n", how, controller, summary(gaps))
	fmt.Printf("%-4s controller=%-5v another leader:     %s\n", how, controller, summary(moves))
	return nil
}

func summary(all []time.Duration) string {
	for i := range all {
		all[i] = all[i].Round(time.Millisecond)
	}
	slices.Sort(all)
	return fmt.Sprintf("median %v, worst %v of %d: %v", all[len(all)/2], all[len(all)-1], len(all), all)
}

func pairs(m map[string]string) string {
	var all []string
	for _, key := range slices.Sorted(maps.Keys(m)) {
		all = append(all, key+"="+m[key])
	}
	return strings.Join(all, " ")
}
