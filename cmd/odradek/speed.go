package main

import (
	"fmt"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"syscall"
	"time"

	"odradek/faults"
	"odradek/sim"
)

// loads are what the speed of simulation is measured with, each for some seconds.
var loads = []struct {
	name string
	k    sim.Knobs
}{{"light", sim.LightLoad(10 * time.Minute)}, {"heavy", sim.HeavyLoad(10 * time.Second)}}

// collectLess lets the heap grow to five times what is in use before it is collected,
// unless the environment says otherwise: worlds are small and leave much behind.
func collectLess() {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(400)
	}
}

// coreTime is the time of cores that this process has had: others may be busy, too.
func coreTime() time.Duration {
	var u syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &u); err != nil {
		panic("getrusage: " + err.Error())
	}
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}

// speed measures how fast worlds run on one core, without those that look inside the
// nodes and with them.
func (c *simCmd) speed(o sim.RunOptions) error {
	runtime.GOMAXPROCS(1)
	if c.Profile != "" {
		f, err := os.Create(c.Profile)
		if err != nil {
			return fmt.Errorf("profile: %w", err)
		}
		defer f.Close()
		if err := pprof.StartCPUProfile(f); err != nil {
			return fmt.Errorf("profile: %w", err)
		}
		defer pprof.StopCPUProfile()
	}
	fmt.Printf("%-8s %-10s %12s %12s %12s %12s\n", "load", "invariants", "simulated s", "core s", "sim s/s", "events/s")
	for _, load := range loads {
		if c.Speed != load.name && c.Speed != "all" {
			continue
		}
		for _, watched := range []bool{false, true} {
			run, looks := o, "on"
			if run.Knobs, run.Plan = &load.k, (faults.Plan{}); !watched {
				run.Watch, looks = nil, "off"
			}
			begun := coreTime()
			v := sim.Run(0, run)
			if v.Outcome != sim.Fine {
				return fmt.Errorf("%s load: %v: %s", load.name, v.Outcome, v.Reason)
			}
			spent := (coreTime() - begun).Seconds()
			fmt.Printf("%-8s %-10s %12.1f %12.2f %12.0f %12.0f\n", load.name, looks, v.Virtual.Seconds(), spent, v.Virtual.Seconds()/spent, float64(v.Events)/spent)
		}
	}
	return nil
}
