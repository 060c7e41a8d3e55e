package sim_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"odradek/sim"
	"odradek/sim/production"
)

// inside tells a test binary that another one started it to print hashes.
const inside = "SIM_PRINT_HASHES"

func hashes(t *testing.T) string {
	var b strings.Builder
	for seed := range uint64(6) {
		fmt.Fprintf(&b, "seed %d hash %016x\n", seed, sim.Run(seed, sim.RunOptions{New: production.New}).Hash)
	}
	return b.String()
}

// TestFreshProcessesGiveTheSameHashes whatever the scheduler and the collector do.
func TestFreshProcessesGiveTheSameHashes(t *testing.T) {
	want := hashes(t)
	if os.Getenv(inside) != "" {
		fmt.Print(want)
		return
	}
	for _, more := range []string{"GOMAXPROCS=1", "GOGC=5", "GODEBUG=asyncpreemptoff=1"} {
		cmd := exec.Command(os.Args[0], "-test.run=^TestFreshProcessesGiveTheSameHashes$")
		cmd.Env = append(os.Environ(), inside+"=1", more)
		out, err := cmd.CombinedOutput()
		if err != nil || !strings.HasPrefix(string(out), want) {
			t.Errorf("with %s: %v\n%s\ninstead of\n%s", more, err, out, want)
		}
	}
}
