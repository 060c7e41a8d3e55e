package main

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

// spent is what a broker's processes have used since their start. Unlike times,
// most of it does not depend on what else the machine does.
type spent struct {
	CPU         float64 // microseconds
	Calls       float64 // of the system, that read or write
	Switches    float64 // from one thread to another
	Allocations float64 // 0: the broker does not say
	Allocated   float64 // bytes
}

// costRow is what one request or record of a measurement costs the broker.
type costRow struct {
	Measurement string
	Unit        string
	Values      [][]spent // of each broker, by round
}

func (c *costRow) add(at int, before, after spent, units float64) {
	c.Values[at] = append(c.Values[at], spent{
		CPU: (after.CPU - before.CPU) / units, Calls: (after.Calls - before.Calls) / units,
		Switches:    (after.Switches - before.Switches) / units,
		Allocations: (after.Allocations - before.Allocations) / units,
		Allocated:   (after.Allocated - before.Allocated) / units,
	})
}

// spent reads the counters of the system, and of the broker if it shows them.
// What cannot be read counts nothing.
func (b *broker) spent() (s spent) {
	for _, pid := range b.pids {
		s.ofProcess(pid)
	}
	for _, addr := range b.debug {
		s.ofRuntime(addr)
	}
	return s
}

// tick is the unit of times in /proc/PID/stat, microseconds: USER_HZ is 100 on
// all that Go runs on.
const tick = 10_000

func (s *spent) ofProcess(pid int) {
	stat, _ := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	_, rest, _ := strings.Cut(string(stat), ") ")
	if f := strings.Fields(rest); len(f) > 12 {
		s.CPU += (number(f[11]) + number(f[12])) * tick
	}
	io := fields(fmt.Sprintf("/proc/%d/io", pid))
	s.Calls += io["syscr:"] + io["syscw:"]
	threads, _ := filepath.Glob(fmt.Sprintf("/proc/%d/task/*/status", pid))
	for _, name := range threads {
		t := fields(name)
		s.Switches += t["voluntary_ctxt_switches:"] + t["nonvoluntary_ctxt_switches:"]
	}
}

// fields are the lines "name: number" of a file of the system.
func fields(name string) map[string]float64 {
	text, _ := os.ReadFile(name)
	all := map[string]float64{}
	for line := range strings.Lines(string(text)) {
		if f := strings.Fields(line); len(f) >= 2 {
			all[f[0]] = number(f[1])
		}
	}
	return all
}

func number(text string) float64 {
	x, _ := strconv.ParseFloat(text, 64)
	return x
}

func (s *spent) ofRuntime(addr string) {
	resp, err := http.Get("http://" + addr + "/debug/cost")
	if err != nil {
		return
	}
	defer resp.Body.Close()
	var said struct {
		Allocations float64 `json:"allocations"`
		Allocated   float64 `json:"allocated_bytes"`
	}
	if json.NewDecoder(resp.Body).Decode(&said) == nil {
		s.Allocations += said.Allocations
		s.Allocated += said.Allocated
	}
}
